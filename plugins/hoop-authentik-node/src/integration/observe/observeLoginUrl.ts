import type { CallOptions } from '../../core';
import type { ObservedIntegration } from '../types';
import { hasOidcLoaded } from './hasOidcLoaded';
import { observed } from './observation';
import type { IntegrationSystems } from './systems';

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
