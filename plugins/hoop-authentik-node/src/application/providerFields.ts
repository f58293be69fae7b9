import type {
  AuthentikProvider,
  AuthentikProviderFields,
} from '../systems/authentik/types';
import type { ApplicationContext } from './ApplicationContext';
import { differing, withoutUndefined, withoutUnknown } from './fields';
import { missing, providerNameOf, type ApplicationFacts } from './lookups';
import {
  DEFAULT_AUTHORIZATION_FLOW,
  DEFAULT_INVALIDATION_FLOW,
  isStrictRedirectUri,
  REQUIRED_GRANT_TYPES,
  REQUIRED_SCOPES,
} from './requirements';
import type { ApplicationSpec } from './types';

/** The optional fields of a provider, as given. */
function givenProviderFields(
  spec: ApplicationSpec,
  facts: ApplicationFacts,
  context: ApplicationContext,
): AuthentikProviderFields {
  return {
    name: spec.providerName,
    authorizationFlow:
      spec.authorizationFlow === undefined
        ? undefined
        : flowPk(spec.authorizationFlow, facts, context),
    invalidationFlow:
      spec.invalidationFlow === undefined
        ? undefined
        : flowPk(spec.invalidationFlow, facts, context),
    accessCodeValidity: spec.accessCodeValidity,
    accessTokenValidity: spec.accessTokenValidity,
    refreshTokenValidity: spec.refreshTokenValidity,
    subMode: spec.subMode,
    logoutUri: spec.logoutUri,
  };
}

/**
 * All fields of a provider to create.
 *
 * @param signingKey - key of the chosen certificate
 * @throws InputError when a named flow or scope does not exist
 * @internal
 */
export function newProvider(
  spec: ApplicationSpec,
  signingKey: string,
  facts: ApplicationFacts,
  context: ApplicationContext,
): AuthentikProviderFields {
  const given = givenProviderFields(spec, facts, context);
  return withoutUndefined({
    ...given,
    name: providerNameOf(spec),
    clientType: 'confidential',
    authorizationFlow:
      given.authorizationFlow ??
      flowPk(DEFAULT_AUTHORIZATION_FLOW, facts, context),
    invalidationFlow:
      given.invalidationFlow ??
      flowPk(DEFAULT_INVALIDATION_FLOW, facts, context),
    redirectUris: [strictRedirectUri(context)],
    signingKey,
    propertyMappings: scopeMappingPks(spec, [], facts, context),
    grantTypes: [...REQUIRED_GRANT_TYPES],
    issuerMode: spec.issuerMode ?? 'per_provider',
    subMode: spec.subMode ?? 'hashed_user_id',
    includeClaimsInIdToken: true,
  });
}

/**
 * What the guide requires is put right; what the operator added (further redirect URIs, mappings, grant types) stays.
 *
 * @param signingKey - key of the chosen certificate
 * @throws InputError when a named flow or scope does not exist
 * @internal
 */
export function providerPatch(
  spec: ApplicationSpec,
  found: AuthentikProvider,
  signingKey: string,
  facts: ApplicationFacts,
  context: ApplicationContext,
): AuthentikProviderFields {
  const patch = withoutUnknown(
    differing<AuthentikProviderFields>(
      {
        ...givenProviderFields(spec, facts, context),
        clientType: 'confidential',
        issuerMode: spec.issuerMode ?? 'per_provider',
        includeClaimsInIdToken: true,
        signingKey,
      },
      found,
    ),
    found,
    'logoutUri',
  );
  if (
    !found.redirectUris.some(uri =>
      isStrictRedirectUri(uri, context.redirectUri),
    )
  ) {
    patch.redirectUris = [...found.redirectUris, strictRedirectUri(context)];
  }
  const mappings = scopeMappingPks(
    spec,
    found.propertyMappings,
    facts,
    context,
  );
  if (mappings.length > found.propertyMappings.length) {
    patch.propertyMappings = mappings;
  }
  // Servers before 2026.5 have no such field and do not name it.
  if (
    found.grantTypes &&
    REQUIRED_GRANT_TYPES.some(grant => !found.grantTypes!.includes(grant))
  ) {
    patch.grantTypes = [
      ...new Set([...found.grantTypes, ...REQUIRED_GRANT_TYPES]),
    ];
  }
  if (found.encryptionKey !== undefined) {
    // The gateway cannot decrypt tokens.
    patch.encryptionKey = null;
  }
  return patch;
}

function strictRedirectUri({ redirectUri }: ApplicationContext) {
  return {
    matchingMode: 'strict',
    url: redirectUri,
    redirectUriType: 'authorization',
  };
}

function flowPk(
  slug: string,
  { flows }: ApplicationFacts,
  { authentikBaseUrl }: ApplicationContext,
): string {
  const flow = flows.find(candidate => candidate.slug === slug);
  if (!flow) {
    throw missing(
      { baseUrl: authentikBaseUrl },
      'flow',
      slug,
      flows
        .filter(({ designation }) =>
          ['authorization', 'invalidation'].includes(designation),
        )
        .map(candidate => candidate.slug),
    );
  }
  return flow.pk;
}

function scopeMappingPks(
  spec: ApplicationSpec,
  present: string[],
  { scopeMappings }: ApplicationFacts,
  { authentikBaseUrl }: ApplicationContext,
): string[] {
  const wanted = [
    ...new Set([...REQUIRED_SCOPES, ...(spec.extraScopes ?? [])]),
  ];
  const added = wanted.flatMap(scope => {
    const candidates = scopeMappings.filter(
      ({ scopeName }) => scopeName === scope,
    );
    if (candidates.some(({ pk }) => present.includes(pk))) {
      return [];
    }
    // authentik's own mapping of a scope is preferred over one that somebody made.
    const mapping =
      candidates.find(({ managed }) => managed !== undefined) ?? candidates[0];
    if (!mapping) {
      throw missing(
        { baseUrl: authentikBaseUrl },
        'scope mapping for the scope',
        scope,
        scopeMappings.map(({ scopeName }) => scopeName),
      );
    }
    return [mapping.pk];
  });
  return [...present, ...added];
}
