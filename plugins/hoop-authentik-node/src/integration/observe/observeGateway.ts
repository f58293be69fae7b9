import type { CallOptions } from '../../core';
import type { TargetReading } from '../../targets/types';
import type { Observation, ObservedIntegration } from '../types';
import { observed } from './observation';
import type { IntegrationSystems } from './systems';

/**
 * What the gateway itself tells. Where its login leads is asked for only with `loginUrl`, since each request leaves a row
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
