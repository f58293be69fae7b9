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
import { providerNameOf, type ApplicationSpec } from './spec';

/**
 * Everything that a plan needs to know of the server, read in one parallel round, and a second one for the provider where
 * the application exists.
 *
 * @alpha
 */
export interface ApplicationFacts {
  application: AuthentikApplication | undefined;
  /** The provider joined to the application, else one of the wanted name. Nothing says yet whose it is. */
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
 * @throws InputError when a named group, user or policy does not exist
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

  const [joined, bindings] = application
    ? await Promise.all([
        joinedProvider(client, application, namedProvider, options),
        client.listBindings(application.pk, options),
      ])
    : [undefined, []];
  return {
    application,
    provider: application?.provider === undefined ? namedProvider : joined,
    flows,
    keyPairs,
    scopeMappings,
    bindings,
    wantedBindings,
  };
}

/** The provider found by its name has already been read, and usually it is the joined one. */
async function joinedProvider(
  client: AuthentikClient,
  application: AuthentikApplication,
  namedProvider: AuthentikProvider | undefined,
  options?: CallOptions,
): Promise<AuthentikProvider | undefined> {
  return application.provider !== undefined &&
    application.provider === namedProvider?.pk
    ? namedProvider
    : findOAuth2ProviderOf(client, application, options);
}
