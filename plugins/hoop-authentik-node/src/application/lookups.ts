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
import type { ApplicationSpec, BindingSpec } from './types';
import { OAUTH2_PROVIDER_MODEL } from './requirements';
import type { WantedBinding } from './planBindings';

/**
 * Everything that planning an application needs to know of the server, read in one parallel round and a second one for
 * the provider where the application exists.
 *
 * @public
 */
export interface ApplicationFacts {
  application: AuthentikApplication | undefined;
  /** The provider joined to the application, or else one of the wanted name without an application. */
  provider: AuthentikProvider | undefined;
  flows: AuthentikFlow[];
  keyPairs: AuthentikKeyPair[];
  scopeMappings: AuthentikScopeMapping[];
  bindings: Array<AuthentikBindingFields & { pk: string }>;
  /** The wanted bindings with names resolved to keys, in the order given. */
  wantedBindings: WantedBinding[];
}

/** @internal */
export function providerNameOf(spec: ApplicationSpec): string {
  return spec.providerName ?? `Provider for ${spec.name ?? spec.slug}`;
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

/** The one found by its name has been read already, and usually it is the one. */
async function joinedProvider(
  client: AuthentikClient,
  { provider, slug }: AuthentikApplication,
  namedProvider: AuthentikProvider | undefined,
  options?: CallOptions,
): Promise<AuthentikProvider | undefined> {
  if (provider === undefined) {
    return undefined;
  }
  const found =
    provider === namedProvider?.pk
      ? namedProvider
      : await client.getProvider(provider, options);
  if (!found) {
    // To take it for missing would give the application another provider, and break every client of the present one.
    throw new InputError(
      `The authentik application "${slug}" on ${client.baseUrl} has the provider ${provider}, which the token may not see or ` +
        'which has just been deleted. Grant the token authentik_providers_oauth2.view_oauth2provider as a global permission, or run the task again.',
    );
  }
  return found;
}

function refuseOtherProviderTypes(
  client: AuthentikClient,
  { slug }: ApplicationSpec,
  application: AuthentikApplication | undefined,
): void {
  if (
    application?.providerModel &&
    application.providerModel !== OAUTH2_PROVIDER_MODEL
  ) {
    throw new InputError(
      `The authentik application "${slug}" on ${client.baseUrl} has a provider of type ${application.providerModel}; ` +
        'expected an OAuth2/OpenID provider. Choose another slug, or replace the provider of that application in authentik.',
    );
  }
}

/** A provider of the wanted name may be joined only when no other application has it. */
function isFree(
  client: AuthentikClient,
  spec: ApplicationSpec,
  provider: AuthentikProvider,
): boolean {
  if (!provider.assignedApplicationSlug) {
    return true;
  }
  if (provider.assignedApplicationSlug === spec.slug) {
    return true;
  }
  throw new InputError(
    `The authentik provider "${provider.name}" on ${client.baseUrl} already belongs to the application ` +
      `"${provider.assignedApplicationSlug}"; expected a free name for the provider of "${spec.slug}". ` +
      'Give another provider name, or another application name.',
  );
}

/**
 * Finds the objects that bindings name.
 *
 * @throws InputError naming what does not exist
 * @internal
 */
export async function resolveBindings(
  client: AuthentikClient,
  bindings: BindingSpec[],
  options?: CallOptions,
): Promise<WantedBinding[]> {
  return Promise.all(
    bindings.map(async (binding, index) => {
      const subjects = [binding.group, binding.user, binding.policy].filter(
        name => name !== undefined,
      );
      if (subjects.length !== 1) {
        throw new InputError(
          `Binding ${
            index + 1
          } must name exactly one of group, user and policy; found ${
            subjects.length
          }.`,
        );
      }
      return {
        ...(await resolveSubject(client, binding, options)),
        order: binding.order,
        negate: binding.negate,
        enabled: binding.enabled,
        timeout: binding.timeout,
        failureResult: binding.failureResult,
      };
    }),
  );
}

async function resolveSubject(
  client: AuthentikClient,
  binding: BindingSpec,
  options?: CallOptions,
): Promise<Pick<AuthentikBindingFields, 'group' | 'user' | 'policy'>> {
  if (binding.group !== undefined) {
    const group = await client.findGroup(binding.group, options);
    if (!group) {
      const names = (await client.listGroups(options)).map(({ name }) => name);
      throw missing(client, 'group', binding.group, names);
    }
    return { group: group.pk };
  }
  if (binding.user !== undefined) {
    const user = await client.findUser(binding.user, options);
    if (!user) {
      throw missing(client, 'user', binding.user);
    }
    return { user: user.pk };
  }
  const policy = await client.findPolicy(binding.policy!, options);
  if (!policy) {
    throw missing(client, 'policy', binding.policy!);
  }
  return { policy: policy.pk };
}

/** @internal */
export function missing(
  { baseUrl }: Pick<AuthentikClient, 'baseUrl'>,
  what: string,
  name: string,
  existing?: string[],
): InputError {
  const known =
    existing &&
    ` It knows ${
      existing.length === 0
        ? 'none'
        : listShortened(existing.map(one => `"${one}"`))
    }.`;
  return new InputError(
    `authentik at ${baseUrl} has no ${what} called "${name}".${
      known ?? ''
    } Create it there, or give the name of one that exists.`,
  );
}

const MOST_NAMES = 20;

/** In alphabetical order, the first of many and how many more there are. @internal */
export function listShortened(texts: string[], separator = ', '): string {
  const sorted = [...texts].sort((a, b) => a.localeCompare(b));
  const rest = sorted.length - MOST_NAMES;
  return (
    sorted.slice(0, MOST_NAMES).join(separator) +
    (rest > 0 ? ` and ${rest} more` : '')
  );
}
