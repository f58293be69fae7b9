import { setTimeout as delay } from 'node:timers/promises';
import { ServiceUnavailableError } from '@backstage/errors';
import type { CallOptions } from '../../../core';
import { KubernetesForbiddenError } from './errors';

/** How long what was granted is asked for again. @internal */
export interface RightsPatience {
  /** An API server that starts answers 403 until it has read its roles, which was seen to take more than six seconds. */
  totalMs: number;
  /** On the way back of a switch. */
  wayBackMs: number;
  /** Doubles up to four times as much. */
  firstPauseMs: number;
}

const DEFAULT_PATIENCE: RightsPatience = {
  totalMs: 20_000,
  wayBackMs: 60_000,
  firstPauseMs: 500,
};

/** @internal */
export interface Right {
  verb: string;
  /** Plural resource name, with the subresource if there is one: `pods/log`. */
  resource: string;
  namespace: string;
  name?: string;
}

/**
 * The rights that the cluster has granted our account so far. What was granted and is refused now is asked again for a while;
 * if it stays refused, the right was taken away, and the next refusal is believed immediately.
 *
 * @internal
 */
export class GrantedRights {
  readonly #granted = new Set<string>();
  readonly #patience: RightsPatience;

  constructor(patience = DEFAULT_PATIENCE) {
    this.#patience = patience;
  }

  note(right: Right): void {
    this.#granted.add(keyOf(right));
  }

  has(right: Right): boolean {
    return this.#granted.has(keyOf(right));
  }

  /** Makes a call that requires a right. */
  async use<T>(
    right: Right,
    call: () => Promise<T>,
    { lane, signal }: CallOptions = {},
  ): Promise<T> {
    const { totalMs, wayBackMs, firstPauseMs } = this.#patience;
    const giveUpAt = Date.now() + (lane === 'wayBack' ? wayBackMs : totalMs);
    const longestMs = 4 * firstPauseMs;
    for (
      let pauseMs = firstPauseMs;
      ;
      pauseMs = Math.min(2 * pauseMs, longestMs)
    ) {
      try {
        const result = await call();
        this.note(right);
        return result;
      } catch (error) {
        if (!lacksRight(error)) {
          // What is not found, or is in conflict, was permitted.
          if (!ServiceUnavailableError.is(error)) {
            this.note(right);
          }
          throw error;
        }
        if (!this.has(right)) {
          throw error;
        }
        if (Date.now() + pauseMs > giveUpAt) {
          this.#granted.delete(keyOf(right));
          throw error;
        }
      }
      await delay(pauseMs, undefined, { signal }).catch(() => {});
      signal?.throwIfAborted();
    }
  }
}

function lacksRight(error: unknown): boolean {
  return KubernetesForbiddenError.is(error) && !error.byAdmission;
}

/** No rule restricts a creation to a name. */
function keyOf({ verb, resource, namespace, name = '' }: Right): string {
  return [verb, resource, namespace, verb === 'create' ? '' : name].join(' ');
}
