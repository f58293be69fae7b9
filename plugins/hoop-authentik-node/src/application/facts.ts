import { InputError } from '@backstage/errors';
import type { CallOptions } from '../core';
import type {
  AuthentikApplication,
  AuthentikBindingFields,
  AuthentikClient,
  AuthentikFlow,
  AuthentikKeyPair,
  AuthentikProvider,
  AuthentikScopeMapping,
} from '../systems/authentik/types';
import { findOAuth2ProviderOf } from '../systems/authentik';
import { resolveBindings, type WantedBinding } from './bindings';
import { OAUTH2_PROVIDER_MODEL } from './requirements';
import { providerNameOf, type ApplicationSpec } from './spec';

/**
 * Everything that a plan needs to know of the server, read in one parallel round, and a second one for the provider where
 * the application exists.
 *
 * @public
 */
export interface ApplicationFacts {
  application: AuthentikApplication | undefined;
  /** The provider joined to the application, else one of the wanted name without an application. */
  provider: AuthentikProvider | undefined;
  flows: AuthentikFlow[];
  keyPairs: AuthentikKeyPair[];
  scopeMappings: AuthentikScopeMapping[];
  bindings: Array<AuthentikBindingFields & { pk: string }>;
  /** The wanted bindings with names resolved to keys, in the order given. */
  wantedBindings: WantedBinding[];
}

/**
 * Reads the facts.
 *
 * @throws InputError when a named group, user or policy does not exist, or the slug belongs to an application with
 *   another type of provider
 * @internal
 */
export async function lookUpApplication(
  client: AuthentikClient,
  spec: ApplicationSpec,
  options?: CallOptions,
): Promise<ApplicationFacts> {
  const [
    application,
    namedProvider,
    flows,
    keyPairs,
    scopeMappings,
    wantedBindings,
  ] = await Promise.all([
    client.getApplication(spec.slug, options),
    client.findProviderByName(providerNameOf(spec), options),
    client.listFlows({}, options),
    client.listKeyPairs(options),
    client.listScopeMappings(options),
    resolveBindings(client, spec.bindings ?? [], options),
  ]);
  refuseOtherProviderTypes(client, spec, application);

  const [joined, bindings] = application
    ? await Promise.all([
        joinedProvider(client, application, namedProvider, options),
        client.listBindings(application.pk, options),
      ])
    : [undefined, []];
  return {
    application,
    provider:
      joined ??
      (namedProvider && isFree(client, spec, namedProvider)
        ? namedProvider
        : undefined),
    flows,
    keyPairs,
    scopeMappings,
    bindings,
    wantedBindings,
  };
}

/** Whether an application has a provider that is no OAuth2/OpenID one. @internal */
export function hasOtherProviderType({
  providerModel,
}: Pick<AuthentikApplication, 'providerModel'>): boolean {
  return providerModel !== undefined && providerModel !== OAUTH2_PROVIDER_MODEL;
}

/** The provider found by its name has already been read, and usually it is the joined one. */
async function joinedProvider(
  client: AuthentikClient,
  application: AuthentikApplication,
  namedProvider: AuthentikProvider | undefined,
  options?: CallOptions,
): Promise<AuthentikProvider | undefined> {
  const { provider, slug } = application;
  if (provider === undefined) {
    return undefined;
  }
  const found =
    provider === namedProvider?.pk
      ? namedProvider
      : await findOAuth2ProviderOf(client, application, options);
  if (!found) {
    // Treating it as missing would give the application another provider and break every client of the present one.
    throw new InputError(
      `The authentik application "${slug}" on ${client.baseUrl} has the provider ${provider}, which the token may not see or ` +
        'which was deleted in this moment. Grant the token authentik_providers_oauth2.view_oauth2provider as a global permission, or run the task again.',
    );
  }
  return found;
}

function refuseOtherProviderTypes(
  client: AuthentikClient,
  { slug }: ApplicationSpec,
  application: AuthentikApplication | undefined,
): void {
  if (application && hasOtherProviderType(application)) {
    throw new InputError(
      `The authentik application "${slug}" on ${client.baseUrl} has a provider of type ${application.providerModel}; ` +
        'expected an OAuth2/OpenID provider. Choose another slug, or replace the provider of that application in authentik.',
    );
  }
}

/** A provider of the wanted name may be joined only when no other application has it. */
function isFree(
  client: AuthentikClient,
  { slug }: ApplicationSpec,
  { name, assignedApplicationSlug: owner }: AuthentikProvider,
): boolean {
  if (owner && owner !== slug) {
    throw new InputError(
      `The authentik provider "${name}" on ${client.baseUrl} already belongs to the application "${owner}"; ` +
        `expected an unused name for the provider of "${slug}". Give another provider name or another application name.`,
    );
  }
  return true;
}
