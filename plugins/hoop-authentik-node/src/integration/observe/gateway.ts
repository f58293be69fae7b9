import type { CallOptions } from '../../core';
import type {
  AuthentikGroupMembers,
  AuthentikProvider,
} from '../../systems/authentik/types';
import type { GatewayLoginUrl } from '../../systems/hoop/types';
import type { TargetReading } from '../../targets/types';
import { authorizeUrlOf } from '../desired';
import type {
  DesiredIntegration,
  Observation,
  ObservedIntegration,
} from '../types';
import {
  activeMembers,
  mayBeAskedToAuthorize,
  observed,
  type IntegrationSystems,
} from './observation';

/**
 * What the gateway itself shows. Where its login leads is asked for only with `loginUrl`, since each request leaves a row
 * in its database.
 *
 * @param reading - of the target, which may be the gateway's stored configuration
 * @internal
 */
export async function observeGateway(
  systems: Pick<IntegrationSystems, 'hoop' | 'target'>,
  reading: Promise<Observation<TargetReading>>,
  options: CallOptions & { loginUrl?: boolean },
): Promise<
  Pick<
    ObservedIntegration['gateway'],
    'info' | 'oidcLoaded' | 'loginUrl' | 'authConfig'
  >
> {
  const { hoop } = systems;
  const [info, oidcLoaded, loginUrl, authConfig] = await Promise.all([
    observed(hoop.getInfo(options)),
    observed(hoop.hasOidcLoaded(options)),
    options.loginUrl ? observed(hoop.getLoginUrl(options)) : undefined,
    observeAuthConfig(systems, reading, options),
  ]);
  return { info, oidcLoaded, loginUrl, authConfig };
}

/** Asked for once: a target that is read from it has asked already. */
async function observeAuthConfig(
  { hoop, target }: Pick<IntegrationSystems, 'hoop' | 'target'>,
  reading: Promise<Observation<TargetReading>>,
  options: CallOptions,
): Promise<ObservedIntegration['gateway']['authConfig']> {
  if (!target.capabilities.isStoredConfiguration) {
    return hoop.hasApiKey ? observed(hoop.getAuthConfig(options)) : undefined;
  }
  const read = await reading;
  if (!read.ok) {
    return read;
  }
  const { authConfig } = read.value;
  return authConfig && { ok: true, value: authConfig };
}

/** So many are looked up: one is enough, and no more people are listed than needed. */
const LOOKED_UP_ADMINISTRATORS = 10;

/**
 * Where the admin group has no member, people whom the gateway already knows as administrators can administer it: it finds
 * its user by the lower-cased email address, and keeps the role.
 *
 * @internal
 */
export async function observeAdministrators(
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
          .map(({ email }) => email)
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
 * The page at the URL that the gateway gives out. It is opened only where the URL is right.
 *
 * @internal
 */
export async function observeLoginPage(
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
  return loginUrl?.ok &&
    provider.ok &&
    provider.value &&
    mayBeOpened(loginUrl.value, desired, provider.value)
    ? observed(probes.probeLoginPage(loginUrl.value.url, options))
    : undefined;
}

/** A wrong URL is not opened anywhere: where id and secret are swapped, it has the secret in it. */
function mayBeOpened(
  { endpoint, clientId, redirectUri }: GatewayLoginUrl,
  desired: DesiredIntegration,
  provider: AuthentikProvider,
): boolean {
  return (
    endpoint === authorizeUrlOf(desired) &&
    clientId === provider.clientId &&
    redirectUri === desired.redirectUri &&
    mayBeAskedToAuthorize(provider)
  );
}

/** @internal */
export function hasOidcLoaded({
  oidcLoaded,
}: Pick<ObservedIntegration['gateway'], 'oidcLoaded'>): boolean {
  return oidcLoaded.ok && oidcLoaded.value;
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

/**
 * Adds a sign-in with the test account to an observation, where one is configured and the gateway can be signed in to.
 *
 * @alpha
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
  const reason = whyNotTried(gateway);
  if (reason !== undefined) {
    return withProof({ ok: true, value: { outcome: 'not-tried', reason } });
  }
  const proof = await observed(signIn.signIn(options));
  options.signal?.throwIfAborted();
  return withProof(proof);
}

/** Why no sign-in to the gateway is tried; `undefined` where the test account may sign in. */
function whyNotTried(
  gateway: ObservedIntegration['gateway'],
): string | undefined {
  if (!gateway.info.ok || !hasOidcLoaded(gateway)) {
    return 'the gateway has not loaded authentik';
  }
  const { setupRequired } = gateway.info.value;
  if (setupRequired === undefined) {
    return 'gateways before 1.59.2 do not report whether anyone has signed in yet, and the first to do so becomes administrator';
  }
  return setupRequired
    ? 'no one has signed in yet, and the first to do so becomes administrator of the gateway'
    : undefined;
}
