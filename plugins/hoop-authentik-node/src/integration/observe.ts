import { setMaxListeners } from 'node:events';
import { assertError, isError } from '@backstage/errors';
import type {
  AuthentikApplication,
  AuthentikClient,
  AuthentikGroupMembers,
  AuthentikProvider,
  CallOptions,
  DiscoveryDocument,
  OidcProbes,
} from '../authentik/types';
import { AuthentikServerError } from '../authentik';
import { OAUTH2_PROVIDER_MODEL } from '../application';
import { unusableKeyType } from '../application/requirements';
import type { HoopClient } from '../hoop/types';
import type { TestSignIn } from '../signIn';
import type {
  SettingsTarget,
  TargetReading,
  TargetReadOptions,
} from '../targets/types';
import { activeMembers } from './activeMembers';
import { authorizeUrlOf } from './desired';
import { UnusableSigningKeyError } from './UnusableSigningKeyError';
import type {
  DesiredIntegration,
  Observation,
  ObservedIntegration,
  PreviewedClaims,
} from './types';

/** The systems of one integration. @public */
export interface IntegrationSystems {
  authentik: AuthentikClient;
  probes: OidcProbes;
  hoop: HoopClient;
  target: SettingsTarget;
  /** Where a test account is configured. */
  signIn?: TestSignIn;
}

/**
 * Reads every fact once, in parallel where one does not need another. Never throws for a system that fails: the failure
 * is the observation. For many integrations at once, `bulk` keeps the number of reads of a cluster small. Nothing is
 * changed anywhere, except that `loginUrl: true` makes the gateway store a login state and authentik start a session that
 * nobody uses, as `hoop login` does up to the login page.
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
  const reading = observed(systems.target.read(options));
  const [authentik, target, info, oidcLoaded, loginUrl, authConfig] =
    await Promise.all([
      observeAuthentik(systems, desired, options),
      reading,
      observed(systems.hoop.getInfo(options)),
      observed(systems.hoop.hasOidcLoaded(options)),
      options.loginUrl
        ? observed(systems.hoop.getLoginUrl(options))
        : undefined,
      observeAuthConfig(systems, reading, options),
    ]);
  const [administrators, loginPage] = await Promise.all([
    observeAdministrators(systems, authentik.adminGroup, options),
    observeLoginPage(
      systems,
      desired,
      { provider: authentik.provider, loginUrl },
      options,
    ),
  ]);
  options.signal?.throwIfAborted();
  return {
    now: new Date(),
    authentik,
    targetType: systems.target.type,
    target,
    gateway: {
      info,
      oidcLoaded,
      loginUrl,
      loginPage,
      authConfig,
      administrators,
    },
  };
}

/** So many are looked up: one is enough, and a list of everybody is nobody's business. */
const LOOKED_UP_ADMINISTRATORS = 10;

/**
 * Where no member of the admin group will administer the gateway, those may whom it knows: it joins a person to its user by
 * the lower-cased e-mail address, and keeps the role.
 */
async function observeAdministrators(
  { authentik, hoop }: Pick<IntegrationSystems, 'authentik' | 'hoop'>,
  group: Observation<AuthentikGroupMembers | undefined>,
  options: CallOptions,
): Promise<Observation<string[]> | undefined> {
  if (!group.ok || activeMembers(group.value).length > 0 || !hoop.hasApiKey) {
    return undefined;
  }
  return observed(
    (async () => {
      const known = await hoop.listAdministrators(options);
      const users = await Promise.all(
        known
          // One that was stored with capitals is never found again.
          .filter(email => email === email.toLowerCase())
          .slice(0, LOOKED_UP_ADMINISTRATORS)
          .map(email => authentik.listUsersByEmail(email, options)),
      );
      return users
        .flat()
        .flatMap(({ username, isActive }) => (isActive ? [username] : []));
    })(),
  );
}

/**
 * What a browser is answered at the URL that the gateway gives out. Anything but the right address and client is not
 * sent to anybody: where id and secret are swapped, the URL has the secret in it.
 */
async function observeLoginPage(
  { probes }: Pick<IntegrationSystems, 'probes'>,
  desired: DesiredIntegration,
  {
    provider,
    loginUrl,
  }: {
    provider: ObservedIntegration['authentik']['provider'];
    loginUrl: ObservedIntegration['gateway']['loginUrl'];
  },
  options: CallOptions,
): Promise<ObservedIntegration['gateway']['loginPage']> {
  if (!loginUrl?.ok || !provider.ok || !provider.value) {
    return undefined;
  }
  const { url, endpoint, clientId, redirectUri } = loginUrl.value;
  const { clientId: rightId, redirectUris } = provider.value;
  const right =
    endpoint === authorizeUrlOf(desired) &&
    clientId === rightId &&
    redirectUri === desired.redirectUri &&
    // Older servers adopt the first redirect URI they are asked for when a provider has none.
    redirectUris.length > 0;
  return right ? observed(probes.probeLoginPage(url, options)) : undefined;
}

/**
 * Adds where the gateway's sign-in leads to an observation, where the gateway can say so and was not asked for it
 * already. The request leaves a row in the gateway's database.
 *
 * @internal
 */
export async function observeLoginUrl(
  { hoop }: Pick<IntegrationSystems, 'hoop'>,
  observedBefore: ObservedIntegration,
  options: CallOptions = {},
): Promise<ObservedIntegration> {
  const { gateway } = observedBefore;
  if (gateway.loginUrl || !hasOidcLoaded(gateway)) {
    return observedBefore;
  }
  const loginUrl = await observed(hoop.getLoginUrl(options));
  options.signal?.throwIfAborted();
  return { ...observedBefore, gateway: { ...gateway, loginUrl } };
}

/** @internal */
export function hasOidcLoaded({
  oidcLoaded,
}: Pick<ObservedIntegration['gateway'], 'oidcLoaded'>): boolean {
  return oidcLoaded.ok && oidcLoaded.value;
}

/**
 * Adds a sign-in with the test account to an observation, where one is configured and the gateway can be signed in to.
 *
 * @public
 */
export async function observeSignIn(
  { signIn }: Pick<IntegrationSystems, 'signIn'>,
  observedBefore: ObservedIntegration,
  options: CallOptions = {},
): Promise<ObservedIntegration> {
  const { gateway } = observedBefore;
  if (!signIn) {
    return observedBefore;
  }
  const withProof = (found: NonNullable<typeof gateway.signIn>) => ({
    ...observedBefore,
    gateway: { ...gateway, signIn: found },
  });
  const notTried = (reason: string) =>
    withProof({ ok: true, value: { outcome: 'not-tried', reason } });
  if (!gateway.info.ok || !hasOidcLoaded(gateway)) {
    return notTried('the gateway has not loaded authentik');
  }
  const { setupRequired } = gateway.info.value;
  if (setupRequired === undefined) {
    return notTried(
      'the gateway is too old to tell whether anybody has signed in yet (1.59.2 is the first that does), and the first to do so becomes its administrator',
    );
  }
  if (setupRequired) {
    return notTried(
      'nobody has signed in yet, and the first to do so becomes administrator of the gateway',
    );
  }
  const proof = await observed(signIn.signIn(options));
  options.signal?.throwIfAborted();
  return withProof(proof);
}

/** Asked for once: a target that is read from it has asked already. */
async function observeAuthConfig(
  { hoop, target }: Pick<IntegrationSystems, 'hoop' | 'target'>,
  reading: Promise<Observation<TargetReading>>,
  options: CallOptions,
): Promise<ObservedIntegration['gateway']['authConfig']> {
  if (target.type !== 'gatewayApi') {
    return hoop.hasApiKey ? observed(hoop.getAuthConfig(options)) : undefined;
  }
  const read = await reading;
  if (!read.ok) {
    return read;
  }
  const { authConfig } = read.value;
  return authConfig && { ok: true, value: authConfig };
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

/**
 * A server error over what authentik publishes may be an outage, or the work of the signing key. Only the type of the
 * key tells, and it is only asked for then.
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
  const keyType = pair && unusableKeyType(pair);
  return keyType
    ? {
        ok: false,
        error: new UnusableSigningKeyError(found.error.message, keyType),
      }
    : found;
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
      // authentik says of a user that may not be previewed that there is none.
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
