import type { CallOptions } from '../../core';
import type { ObservedIntegration } from '../types';
import { hasOidcLoaded } from './hasOidcLoaded';
import { observed } from './observation';
import type { IntegrationSystems } from './systems';

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
  const reason = whyNotTried(gateway);
  if (reason !== undefined) {
    return withProof({ ok: true, value: { outcome: 'not-tried', reason } });
  }
  const proof = await observed(signIn.signIn(options));
  options.signal?.throwIfAborted();
  return withProof(proof);
}

/** Why nobody may be signed in to the gateway; `undefined` where the test account may. */
function whyNotTried(
  gateway: ObservedIntegration['gateway'],
): string | undefined {
  if (!gateway.info.ok || !hasOidcLoaded(gateway)) {
    return 'the gateway has not loaded authentik';
  }
  const { setupRequired } = gateway.info.value;
  if (setupRequired === undefined) {
    return 'the gateway is too old to tell whether anybody has signed in yet (1.59.2 is the first that does), and the first to do so becomes its administrator';
  }
  return setupRequired
    ? 'nobody has signed in yet, and the first to do so becomes administrator of the gateway'
    : undefined;
}
