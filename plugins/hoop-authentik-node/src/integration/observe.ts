import { setMaxListeners } from 'node:events';
import { assertError } from '@backstage/errors';
import type {
  AuthentikApplication,
  AuthentikClient,
  AuthentikProvider,
  CallOptions,
  DiscoveryDocument,
  OidcProbes,
} from '../authentik/types';
import { OAUTH2_PROVIDER_MODEL } from '../application';
import type { HoopClient } from '../hoop/types';
import type { SettingsTarget, TargetReadOptions } from '../targets/types';
import type {
  DesiredIntegration,
  Observation,
  ObservedIntegration,
} from './types';

/** The systems of one integration. @public */
export interface IntegrationSystems {
  authentik: AuthentikClient;
  probes: OidcProbes;
  hoop: HoopClient;
  target: SettingsTarget;
}

/**
 * Reads every fact once, in parallel where one does not need another. Never throws for a system that fails: the failure
 * is the observation. For many integrations at once, `bulk` keeps the number of reads of a cluster small. Nothing is
 * changed anywhere, except that `loginUrl: true` makes the gateway store a login state.
 *
 * @throws the signal's reason when the caller aborts
 * @public
 */
export async function observeIntegration(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  options: TargetReadOptions & { loginUrl?: boolean } = {},
): Promise<ObservedIntegration> {
  if (options.signal) {
    // Every read listens to it, all at once, which Node would otherwise report as a leak.
    setMaxListeners(0, options.signal);
  }
  const [authentik, target, info, oidcLoaded, loginUrl] = await Promise.all([
    observeAuthentik(systems, desired, options),
    observed(systems.target.read(options)),
    observed(systems.hoop.getInfo(options)),
    observed(systems.hoop.hasOidcLoaded(options)),
    options.loginUrl ? observed(systems.hoop.getLoginUrl(options)) : undefined,
  ]);
  options.signal?.throwIfAborted();
  return {
    now: new Date(),
    authentik,
    target,
    gateway: { info, oidcLoaded, loginUrl },
  };
}

/** The part of the observation that concerns authentik alone. @public */
export async function observeAuthentik(
  { authentik, probes }: Pick<IntegrationSystems, 'authentik' | 'probes'>,
  desired: DesiredIntegration,
  options: CallOptions = {},
): Promise<ObservedIntegration['authentik']> {
  const application = observed(
    authentik.getApplication(desired.application.slug, options),
  );
  const provider = after(application, found =>
    joinedProvider(authentik, found, options),
  );
  const discovery = observed(
    probes.getDiscovery(desired.application.slug, options),
  );
  const [
    version,
    keyPairs,
    scopeMappings,
    bindings,
    keys,
    authorize,
    clientSecret,
  ] = await Promise.all([
    observed(authentik.getVersion(options)),
    observed(authentik.listKeyPairs(options)),
    observed(authentik.listScopeMappings(options)),
    after(application, async found =>
      found ? authentik.listBindings(found.pk, options) : [],
    ),
    after(discovery, async (found: DiscoveryDocument | undefined) =>
      found ? probes.getKeys(found.jwksUri, options) : [],
    ),
    after(provider, found => probeAuthorize(probes, desired, found, options)),
    after(provider, async found =>
      found
        ? probes.probeClientSecret(
            { clientId: found.clientId, clientSecret: found.clientSecret },
            options,
          )
        : undefined,
    ),
  ]);
  return {
    version,
    application: await application,
    provider: await provider,
    keyPairs,
    scopeMappings,
    bindings,
    discovery: await discovery,
    keys,
    authorize,
    clientSecret,
  };
}

async function joinedProvider(
  authentik: AuthentikClient,
  application: AuthentikApplication | undefined,
  options: CallOptions,
): Promise<AuthentikProvider | undefined> {
  return application?.provider !== undefined &&
    application.providerModel === OAUTH2_PROVIDER_MODEL
    ? authentik.getProvider(application.provider, options)
    : undefined;
}

async function probeAuthorize(
  probes: OidcProbes,
  desired: DesiredIntegration,
  provider: AuthentikProvider | undefined,
  options: CallOptions,
) {
  // Older servers adopt the first redirect URI they are asked for when a provider has none.
  if (!provider || provider.redirectUris.length === 0) {
    return undefined;
  }
  return probes.probeAuthorize(
    {
      clientId: provider.clientId,
      redirectUri: desired.redirectUri,
      scopes: [...desired.scopes],
    },
    options,
  );
}

async function observed<T>(reading: Promise<T>): Promise<Observation<T>> {
  try {
    return { ok: true, value: await reading };
  } catch (error) {
    assertError(error);
    return { ok: false, error };
  }
}

/** A read that needs the value of another; its failure carries over. */
async function after<T, R>(
  first: Promise<Observation<T>>,
  next: (value: T) => Promise<R>,
): Promise<Observation<R>> {
  const result = await first;
  return result.ok ? observed(next(result.value)) : result;
}
