import { CustomErrorBase } from '@backstage/errors';
import { sentence } from '../core';
import type { TargetWriteOptions } from './types';

/**
 * The gateway did not come up after its settings were changed or it was restarted. The message says why, and whether
 * the previous settings are restored.
 *
 * @public
 */
export class GatewayRolloutError extends CustomErrorBase {
  name = 'GatewayRolloutError' as const;
}

/**
 * Restores the previous settings after a failure. Never throws: the message of that failure also has to say whether this
 * worked, and `line` is its sentence for it.
 *
 * @param place - what to check where restoring fails
 * @internal
 */
export async function putBack(
  restore: (options: TargetWriteOptions) => Promise<void>,
  log: TargetWriteOptions['log'],
  place = 'the settings of the gateway',
): Promise<{ ok: boolean; line: string }> {
  try {
    // Without the signal: a cancelled task leaves no gateway half-switched.
    await restore({ log });
    return {
      ok: true,
      line: 'Previous settings restored. Fix the cause above and run the task again.',
    };
  } catch (error) {
    const line = `Restoring the previous settings failed too: ${sentence(
      error,
    )} Check ${place}, fix the cause and run the task again.`;
    log(line, 'error');
    return { ok: false, line };
  }
}
