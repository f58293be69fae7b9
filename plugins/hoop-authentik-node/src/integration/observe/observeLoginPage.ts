import type { CallOptions } from '../../core';
import type { AuthentikProvider } from '../../systems/authentik/types';
import type { GatewayLoginUrl } from '../../systems/hoop/types';
import { authorizeUrlOf } from '../desired';
import type { DesiredIntegration, ObservedIntegration } from '../types';
import { observed } from './observation';
import { mayBeAskedToAuthorize } from './redirectUris';
import type { IntegrationSystems } from './systems';

/**
 * What a browser is answered at the URL that the gateway gives out. It is opened only where it is right.
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

/**
 * Anything but the right address and client is not sent to anybody: where id and secret are swapped, the URL has the
 * secret in it.
 */
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
