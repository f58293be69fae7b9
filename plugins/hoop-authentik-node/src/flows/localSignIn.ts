import { setTimeout as sleep } from 'node:timers/promises';
import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type { CallOptions } from '../core';
import type { HoopClient } from '../systems/hoop/types';
import type { VerifyOptions } from './verify';

const DEFAULT_TIMEOUT_MS = 30_000;
const PAUSE_MS = 250;

/**
 * Waits until a gateway signs people in with local accounts; it may need a moment to serve after its start.
 *
 * @throws InputError when it uses another method
 * @throws ServiceUnavailableError when it does not answer
 * @internal
 */
export async function waitForLocalSignIn(
  hoop: HoopClient,
  options: CallOptions & { verify?: Pick<VerifyOptions, 'timeoutMs'> },
): Promise<void> {
  const deadline =
    Date.now() + (options.verify?.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  for (;;) {
    const found = await hoop.getInfo(options).catch((error: Error) => error);
    options.signal?.throwIfAborted();
    if (!(found instanceof Error) && found.authMethod === 'local') {
      return;
    }
    if (Date.now() + PAUSE_MS >= deadline) {
      throw found instanceof Error
        ? new ServiceUnavailableError(
            `The gateway did not report its auth method: ${found.message}`,
          )
        : new InputError(
            `${hoop.url} still reports auth method "${found.authMethod}"; expected "local". ` +
              'A sign-in configuration stored in the gateway overrides its environment: change it to local accounts there (Integrations > Authentication) and run the task again. ' +
              'If none is stored, the gateway started before its environment last changed: restart it first (hoop:gateway:restart with always).',
          );
    }
    await sleep(PAUSE_MS, undefined, { signal: options.signal });
  }
}
