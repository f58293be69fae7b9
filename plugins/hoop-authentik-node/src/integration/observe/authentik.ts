import {
  InputError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { OAUTH2_PROVIDER_MODEL } from '../../application';
import { leadsTo, unusableKeyType } from '../../application/requirements';
import type { CallOptions } from '../../core';
import { AuthentikServerError } from '../../systems/authentik';
import type {
  AuthentikApplication,
  AuthentikClient,
  AuthentikGroupMembers,
  AuthentikProvider,
  DiscoveryDocument,
  OidcProbes,
} from '../../systems/authentik/types';
import type {
  DesiredIntegration,
  Observation,
  ObservedIntegration,
  PreviewedClaims,
} from '../types';
import {
  activeMembers,
  after,
  mayBeAskedToAuthorize,
  observed,
  type IntegrationSystems,
} from './observation';

/**
 * authentik cannot publish what it signs with: the certificate is known to have no private key, or one that is neither RSA
 * nor EC.
 *
 * @internal
 */
export class UnusableSigningKeyError extends ServiceUnavailableError {
  /** As authentik calls it, such as `ed25519`; `undefined` where there is no private key. */
  readonly keyType: string | undefined;

  constructor(message: string, keyType: string | undefined) {
    super(message);
    this.keyType = keyType;
  }
}

/**
 * The author of an entity has named an application that has nothing to do with the gateway: whoever may see the entity may
 * not see that application.
 *
 * @internal
 */
export class ForeignApplicationError extends InputError {}

/** The part of the observation that concerns authentik alone. @public */
export async function observeAuthentik(
  { authentik, probes }: Pick<IntegrationSystems, 'authentik' | 'probes'>,
  desired: DesiredIntegration,
  options: CallOptions = {},
): Promise<ObservedIntegration['authentik']> {
  const named = observed(
    authentik.getApplication(desired.application.slug, options),
  );
  const joined = after(named, found =>
    joinedProvider(authentik, found, options),
  );
  const own = <T>(reading: () => Promise<Observation<T>>) =>
    desired.application.isConfigured
      ? reading()
      : after(joined, async found =>
          refuseForeign(desired, await named, found),
        ).then(refusal => (refusal.ok ? reading() : refusal));
  const application = own(() => named);
  const provider = own(() => joined);
  const explained = <T>(reading: Promise<Observation<T>>) =>
    explainServerError(authentik, reading, provider, options);
  const discovery = explained(
    own(async () => {
      const found = await named;
      // Without an application there is no document.
      return found.ok && !found.value
        ? { ok: true, value: undefined }
        : observed(probes.getDiscovery(desired.application.slug, options));
    }),
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

function refuseForeign(
  { application, redirectUri }: DesiredIntegration,
  named: Observation<AuthentikApplication | undefined>,
  provider: AuthentikProvider | undefined,
): void {
  const exists = named.ok && named.value !== undefined;
  if (exists && !(provider && leadsTo(provider, redirectUri))) {
    throw new ForeignApplicationError(
      `The application "${application.slug}" is not of this gateway`,
    );
  }
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

/**
 * A server error over what authentik publishes may be an outage, or the work of the signing key. Only the key shows which,
 * and it is only asked for then.
 */
async function explainServerError<T>(
  authentik: AuthentikClient,
  reading: Promise<Observation<T>>,
  provider: Promise<Observation<AuthentikProvider | undefined>>,
  options: CallOptions,
): Promise<Observation<T>> {
  const found = await reading;
  if (found.ok || !(found.error instanceof AuthentikServerError)) {
    return found;
  }
  const joined = await provider;
  const signingKey = joined.ok ? joined.value?.signingKey : undefined;
  if (signingKey === undefined) {
    return found;
  }
  const pairs = await observed(authentik.listKeyPairs(options));
  const pair = pairs.ok
    ? pairs.value.find(({ pk }) => pk === signingKey)
    : undefined;
  const unusable = pair && (!pair.privateKeyAvailable || unusableKeyType(pair));
  return unusable
    ? {
        ok: false,
        error: new UnusableSigningKeyError(
          found.error.message,
          pair.privateKeyAvailable ? pair.keyType : undefined,
        ),
      }
    : found;
}

/**
 * Of a member of the admin group, whose sign-in matters most; of our own account where the token may not look at others,
 * which shows no less which claims there are.
 */
async function previewClaims(
  authentik: AuthentikClient,
  provider: AuthentikProvider,
  adminGroup: Observation<AuthentikGroupMembers | undefined>,
  options: CallOptions,
): Promise<PreviewedClaims> {
  const [member] = adminGroup.ok ? activeMembers(adminGroup.value) : [];
  if (member) {
    try {
      return {
        username: member.username,
        claims: await authentik.previewClaims(provider.pk, member.pk, options),
      };
    } catch (error) {
      // authentik answers that a user does not exist who may not be previewed.
      if (!isError(error) || error.name !== 'InputError') {
        throw error;
      }
    }
  }
  return {
    username: undefined,
    claims: await authentik.previewClaims(provider.pk, undefined, options),
  };
}
