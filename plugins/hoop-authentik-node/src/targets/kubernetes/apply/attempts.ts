import { setTimeout } from 'node:timers/promises';
import { mayPass } from './writeErrors';

/**
 * How often a write is made that meets another writer: the status of a Deployment changes all the time while it rolls
 * out, and each change is a conflict.
 *
 * @internal
 */
export const MOST_CONFLICTS = 20;

/** A cluster that does not answer at all takes its time to say so: after this, the way back is not tried again. */
const PATIENCE_MS = 60_000;

/**
 * Makes a write of the way back again where another writer was faster or the cluster did not answer for a moment. The
 * write has to look at what is there by itself, since it may have been carried out although its answer got lost.
 *
 * @internal
 */
export async function persistently(
  write: () => Promise<unknown>,
): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      await write();
      return;
    } catch (error) {
      if (
        !mayPass(error) ||
        attempt >= MOST_CONFLICTS ||
        Date.now() >= giveUpAt
      ) {
        throw error;
      }
      await pause(attempt);
    }
  }
}

/** Longer and by chance, so that two writers do not meet again at each attempt. @internal */
export async function pause(attempt: number): Promise<void> {
  await setTimeout(Math.random() * Math.min(attempt * 5, 100));
}
