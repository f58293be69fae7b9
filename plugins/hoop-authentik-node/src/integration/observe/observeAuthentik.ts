import type { CallOptions } from '../../core';
import type {
  AuthentikApplication,
  AuthentikClient,
  AuthentikProvider,
  DiscoveryDocument,
  OidcProbes,
} from '../../systems/authentik/types';
import { OAUTH2_PROVIDER_MODEL } from '../../application';
import type {
  DesiredIntegration,
  Observation,
  ObservedIntegration,
} from '../types';
import { explainServerError } from './explainServerError';
import { after, observed } from './observation';
import { previewClaims } from './previewClaims';
import { mayBeAskedToAuthorize } from './redirectUris';
import type { IntegrationSystems } from './systems';

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
  const explained = <T>(reading: Promise<Observation<T>>) =>
    explainServerError(authentik, reading, provider, options);
  const discovery = explained(
    observed(probes.getDiscovery(desired.application.slug, options)),
  );
  const adminGroup = observed(
    authentik.findGroupMembers(desired.gateway.adminGroup, options),
  );
  const [bindings, keys, keyUses, claims, authorize, clientSecret] =
    await Promise.all([
      after(application, async found =>
        found ? authentik.listBindings(found.pk, options) : [],
      ),
      explained(
        after(discovery, async (found: DiscoveryDocument | undefined) =>
          found ? probes.getKeys(found.jwksUri, options) : [],
        ),
      ),
      after(provider, async found =>
        found?.signingKey === undefined
          ? []
          : authentik.listKeyPairUses(found.signingKey, options),
      ),
      after(provider, async found =>
        found
          ? previewClaims(authentik, found, await adminGroup, options)
          : undefined,
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
    version: authentik.knownVersion,
    application: await application,
    provider: await provider,
    bindings,
    discovery: await discovery,
    keys,
    keyUses,
    adminGroup: await adminGroup,
    claims,
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
  if (!provider || !mayBeAskedToAuthorize(provider)) {
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
