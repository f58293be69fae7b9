import type { Fix } from 'backstage-plugin-hoop-authentik-common';
import type { TargetState } from '../../targets/types';
import type { Finding } from './check';

type UnverifiedSwitch = NonNullable<TargetState['unverifiedSwitch']>;

/**
 * Of a switch whose run goes on or was killed, where nothing else is wrong.
 *
 * @param seen - what is as it should be: `the settings agree`
 * @internal
 */
export function unverified(
  { since = 'unknown time', refusal }: UnverifiedSwitch,
  seen: string,
): Finding {
  return {
    status: 'warn',
    expected: 'a switch whose run has verified that people can sign in',
    actual: `${seen}, but the switch of ${since} is unverified: its run is still going on, or was killed`,
    remedy: `If no task of this gateway is running, run the software template again: it verifies the switch${
      refusal
        ? `. It cannot be undone: ${refusal}.`
        : ', or undoes it where people cannot sign in.'
    }`,
    fix: { action: 'repair' },
    params: { case: 'unverified', since },
  };
}

/**
 * How to leave a switch with which the gateway does not run; nothing where there is none, or it cannot be undone.
 *
 * @internal
 */
export function wayBackFrom(
  found: UnverifiedSwitch | undefined,
): { remedy: string; fix: Fix } | undefined {
  return found && !found.refusal
    ? {
        remedy: `The switch of ${
          found.since ?? 'unknown time'
        } was never verified. If no task of this gateway is running, restart the gateway with the action hoop:gateway:restart: it restores the previous settings.`,
        fix: { action: 'restart' },
      }
    : undefined;
}
