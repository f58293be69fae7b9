import { isError } from '@backstage/errors';
import type { IntegrationSystems } from 'backstage-plugin-hoop-authentik-node';
import type {
  AuthentikBinding,
  AuthentikClient,
  OidcProbes,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import { fingerprintOf, type ApplicationMemory } from './ApplicationMemory';
import type { BulkAuthentik } from './BulkAuthentik';

const HAD_BINDINGS = 'bindings';

/** A request that authentik refuses for what it asks. */
class Invalid {
  constructor(readonly error: Error) {}
}

/**
 * The authentik of one integration as a sweep sees it: lists of all applications, and what was remembered of this one.
 *
 * @internal
 */
export function sweepAuthentik(
  systems: IntegrationSystems,
  options: {
    bulk: BulkAuthentik;
    memory: ApplicationMemory;
    /** Of the application in the memory. */
    key: string;
    slug: string;
    /** What was read before that no longer holds. */
    readSince: number;
  },
): Pick<IntegrationSystems, 'authentik' | 'probes'> {
  const { bulk, memory, key, slug, readSince } = options;
  const { authentik, probes } = systems;

  let remembered: Promise<Map<string, unknown>> | undefined;
  const memoryOf = () => {
    remembered ??= bulk.afterGate(async () => {
      const [providers, keyPairs] = await Promise.all([
        // Refusals are what the observation shows; here they only mean that nothing is known.
        bulk.providers().catch(() => []),
        bulk.keyPairs().catch(() => []),
      ]);
      const provider = providers.find(
        ({ assignedApplicationSlug }) => assignedApplicationSlug === slug,
      );
      return memory.of(key, fingerprintOf(provider, keyPairs), { readSince });
    });
    return remembered;
  };

  /** Reads it unless that is remembered. That authentik finds a request invalid is remembered too; other failures are not. */
  async function recall<T>(what: unknown[], read: () => Promise<T>) {
    const values = await memoryOf();
    const name = JSON.stringify(what);
    if (!values.has(name)) {
      const refusal = (error: unknown): Invalid => {
        if (isError(error) && error.name === 'InputError') {
          return new Invalid(error);
        }
        throw error;
      };
      values.set(name, await read().catch(refusal));
    }
    const value = values.get(name) as T | Invalid;
    if (value instanceof Invalid) {
      throw value.error;
    }
    return value;
  }

  return {
    authentik: {
      ...authentik,
      getApplication: (wanted, call) =>
        recall(['application', wanted], () =>
          authentik.getApplication(wanted, call),
        ),
      getProvider: async (pk, call) => {
        const providers = await bulk.providers();
        return (
          providers.find(provider => provider.pk === pk) ??
          authentik.getProvider(pk, call)
        );
      },
      listBindings: async target => {
        const bound = (await bulk.bindings()).get(target) ?? [];
        forgetReplaced(await memoryOf(), bound);
        return bound;
      },
      listKeyPairs: () => bulk.keyPairs(),
      listKeyPairUses: pk => bulk.keyPairUses(pk),
      findGroupMembers: name => bulk.groupMembers(name),
      previewClaims: (pk, user, call) =>
        recall(['claims', pk, user], () =>
          authentik.previewClaims(pk, user, call),
        ),
    } satisfies AuthentikClient,
    probes: {
      getDiscovery: (wanted, call) =>
        recall(['discovery', wanted], () => probes.getDiscovery(wanted, call)),
      getKeys: (jwksUri, call) =>
        recall(['keys', jwksUri], () => probes.getKeys(jwksUri, call)),
      probeAuthorize: (request, call) =>
        recall(['authorize', request], () =>
          probes.probeAuthorize(request, call),
        ),
      // The secret is part of the fingerprint.
      probeClientSecret: (request, call) =>
        recall(['secret', request.clientId], () =>
          probes.probeClientSecret(request, call),
        ),
      probeLoginPage: (url, call) => probes.probeLoginPage(url, call),
    } satisfies OidcProbes,
  };

  /** Where all bindings are gone, the application may be another one of the same slug: the next sweep reads it again. */
  function forgetReplaced(
    values: Map<string, unknown>,
    bound: AuthentikBinding[],
  ) {
    if (bound.length === 0 && values.get(HAD_BINDINGS)) {
      memory.forget(key);
    }
    values.set(HAD_BINDINGS, bound.length > 0);
  }
}
