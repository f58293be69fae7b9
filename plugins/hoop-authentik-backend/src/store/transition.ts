import type { IntegrationState } from 'backstage-plugin-hoop-authentik-common';

/**
 * What the owner of an integration knows: `good` it is connected; `bad` it is not so any more; `none` it never was.
 *
 * @internal
 */
export type Standing = 'none' | 'good' | 'bad';

/**
 * Whether a change of state is news to the owner; pure. `pending` is none: a gateway that restarts comes back or fails.
 *
 * @internal
 */
export function transition(
  standing: Standing,
  to: IntegrationState,
): { standing: Standing; announcement?: 'left' | 'back' } {
  if (to === 'pending') {
    return { standing };
  }
  if (to === 'connected') {
    return standing === 'bad'
      ? { standing: 'good', announcement: 'back' }
      : { standing: 'good' };
  }
  return standing === 'good'
    ? { standing: 'bad', announcement: 'left' }
    : { standing };
}
