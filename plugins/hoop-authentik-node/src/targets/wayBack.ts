import { setTimeout } from 'node:timers/promises';
import {
  ConflictError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { AuthentikPermissionError } from '../systems/authentik';
import { GatewayKeyRefusedError } from '../systems/hoop';
import { KubernetesForbiddenError } from '../systems/kubernetes';

/** Requests that restore settings go before whatever else waits for the same host. @internal */
export const WAY_BACK = { lane: 'wayBack' } as const;

/**
 * How often a write that meets another writer is retried: the status of a Deployment changes all the time while it rolls
 * out, and each change is a conflict.
 *
 * @internal
 */
export const MOST_CONFLICTS = 20;

/** How long and how fast the writes of a way back are retried. @alpha */
export interface Patience {
  /** Time in milliseconds after which the way back gives up on a system that does not answer. */
  totalMs: number;
  /** Milliseconds before the next attempt; an attempt makes two requests. */
  pauseMs(attempt: number): number;
}

const FIRST_PAUSE_MS = 25;
const SECOND_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 2_000;

/** At most five requests a second, the first attempts included. @internal */
export const DEFAULT_PATIENCE: Patience = {
  totalMs: 60_000,
  // Random, so that two writers do not collide on each attempt.
  pauseMs: attempt =>
    attempt === 1
      ? Math.random() * FIRST_PAUSE_MS
      : Math.min(SECOND_PAUSE_MS * 2 ** (attempt - 2), LONGEST_PAUSE_MS) *
        (1 + Math.random() / 4),
};

/** Whether another writer was faster. @internal */
export function isConflict(error: unknown): error is Error {
  return isError(error) && error.name === ConflictError.name;
}

/**
 * Retries a write of the way back that meets another writer, a limited number of times, or a system that does not answer, for
 * a limited time. The write reads what is there each time, since it may have been carried out although its answer was
 * lost.
 *
 * @internal
 */
export async function persistently<T>(
  write: () => Promise<T>,
  patience: Patience = DEFAULT_PATIENCE,
): Promise<T> {
  const giveUpAt = Date.now() + patience.totalMs;
  let conflicts = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      conflicts += Number(isConflict(error));
      const pauseMs = patience.pauseMs(attempt);
      if (
        !mayPass(error) ||
        conflicts >= MOST_CONFLICTS ||
        Date.now() + pauseMs >= giveUpAt
      ) {
        throw error;
      }
      await setTimeout(pauseMs);
    }
  }
}

/** A conflict, or a system that is busy, down or unreachable. The client of a cluster repeats what passing refusals refuse. */
function mayPass(error: unknown): boolean {
  return (
    isConflict(error) ||
    (ServiceUnavailableError.is(error) &&
      !KubernetesForbiddenError.is(error) &&
      !(error instanceof AuthentikPermissionError) &&
      !(error instanceof GatewayKeyRefusedError))
  );
}
