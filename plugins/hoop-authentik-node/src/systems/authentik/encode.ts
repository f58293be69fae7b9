import { InputError } from '@backstage/errors';
import type {
  PatchedApplicationRequest,
  PatchedOAuth2ProviderRequest,
  PatchedPolicyBindingRequest,
  TransactionApplicationRequest,
  TransactionPolicyBindingRequest,
} from '@goauthentik/api';
import { OAUTH2_PROVIDER_MODEL } from './schemas';
import type {
  AuthentikApplicationFields,
  AuthentikBindingFields,
  AuthentikProviderFields,
} from './types';
import type { Wire } from './wire';

/** @internal */
export interface Transaction {
  application: AuthentikApplicationFields & { name: string; slug: string };
  provider: AuthentikProviderFields & { name: string };
  bindings: AuthentikBindingFields[];
}

/**
 * The body for an application. Members that are not given are `undefined`, which JSON leaves out.
 *
 * @param sendIcon - servers before 2025.12 have the icon set elsewhere
 * @internal
 */
export function encodeApplication(
  fields: AuthentikApplicationFields,
  sendIcon: boolean,
): Wire<PatchedApplicationRequest> {
  return {
    name: fields.name,
    slug: fields.slug,
    provider: fields.provider,
    group: fields.group,
    policy_engine_mode: fields.policyEngineMode,
    open_in_new_tab: fields.openInNewTab,
    meta_launch_url: fields.metaLaunchUrl,
    meta_icon: sendIcon ? fields.metaIcon : undefined,
    meta_description: fields.metaDescription,
    meta_publisher: fields.metaPublisher,
    meta_hide: fields.metaHide,
  };
}

/**
 * The body for a provider, with the client secret in clear: it must not be shown.
 *
 * @internal
 */
export function encodeProvider(
  fields: AuthentikProviderFields,
): Wire<PatchedOAuth2ProviderRequest> {
  return {
    name: fields.name,
    authorization_flow: fields.authorizationFlow,
    invalidation_flow: fields.invalidationFlow,
    property_mappings: fields.propertyMappings,
    client_type: fields.clientType,
    client_id: fields.clientId,
    client_secret: fields.clientSecret?.reveal(),
    access_code_validity: fields.accessCodeValidity,
    access_token_validity: fields.accessTokenValidity,
    refresh_token_validity: fields.refreshTokenValidity,
    include_claims_in_id_token: fields.includeClaimsInIdToken,
    signing_key: fields.signingKey,
    encryption_key: fields.encryptionKey,
    redirect_uris: fields.redirectUris?.map(uri => ({
      matching_mode: uri.matchingMode,
      url: uri.url,
      redirect_uri_type: uri.redirectUriType,
    })),
    sub_mode: fields.subMode,
    issuer_mode: fields.issuerMode,
    grant_types: fields.grantTypes,
    logout_uri: fields.logoutUri,
    logout_method: fields.logoutMethod,
  };
}

/**
 * The body for a binding. All three subjects are always sent, those not bound as `null`: a PATCH that leaves one out
 * keeps it, so that a binding moved from a group to a user would be bound to both.
 *
 * @throws InputError unless exactly one subject is given; PATCH does not enforce that
 * @internal
 */
export function encodeBinding(
  target: string,
  fields: AuthentikBindingFields,
): Wire<PatchedPolicyBindingRequest> {
  return { target, ...encodeTargetlessBinding(fields) };
}

/**
 * The body of the transactional endpoint. Bindings are left out where there are none: they need a permission of their
 * own, and servers before 2024.12 do not know them.
 *
 * @internal
 */
export function encodeTransaction(
  request: Transaction,
  sendIcon: boolean,
): Wire<
  Omit<TransactionApplicationRequest, 'provider'> & {
    provider: PatchedOAuth2ProviderRequest;
  }
> {
  const { application, provider, bindings } = request;
  return {
    app: {
      ...encodeApplication(application, sendIcon),
      name: application.name,
      slug: application.slug,
    },
    provider_model: OAUTH2_PROVIDER_MODEL,
    provider: encodeProvider(provider),
    policy_bindings:
      bindings.length > 0 ? bindings.map(encodeTargetlessBinding) : undefined,
  };
}

function encodeTargetlessBinding(
  fields: AuthentikBindingFields,
): Wire<TransactionPolicyBindingRequest> {
  const subjects = [fields.policy, fields.group, fields.user];
  if (subjects.filter(subject => subject !== undefined).length !== 1) {
    throw new InputError(
      'A binding takes exactly one of a policy, a group and a user',
    );
  }
  return {
    policy: fields.policy ?? null,
    group: fields.group ?? null,
    user: fields.user ?? null,
    order: fields.order,
    enabled: fields.enabled,
    negate: fields.negate,
    timeout: fields.timeout,
    failure_result: fields.failureResult,
  };
}
