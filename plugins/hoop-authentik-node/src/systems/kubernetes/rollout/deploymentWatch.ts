import { setTimeout as delay } from 'node:timers/promises';
import { KubernetesForbiddenError } from '../client/errors';
import type { Deployment, KubernetesClient } from '../types';
import { Pace } from './pace';

/** The server ends a watch after this time, then it is continued. So a dead connection does not block it forever. */
const WATCH_SECONDS = 120;

/** Before a watch is opened again, however it ended. */
const SHORTEST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** A watch that lasted this long was no failure. */
const LASTING_MS = 10_000;

/** The newest version of a Deployment; `undefined` after it was deleted. @internal */
export type DeploymentChange = { deployment: Deployment | undefined };

/**
 * Follows one Deployment and keeps its newest unread version. Where RBAC does not permit a watch it never reports a change,
 * and the reader has to poll.
 *
 * @internal
 */
export class DeploymentWatch {
  readonly #client: KubernetesClient;
  readonly #namespace: string;
  readonly #name: string;
  readonly #reopenMs: number;
  #unread: DeploymentChange | undefined;
  #wake: (() => void) | undefined;
  #heardAt: number | undefined;
  /** The newest version that was published. */
  #known: string | undefined;
  /** Each change makes the reader ask for the pods. */
  readonly #pace = new Pace({ burst: 4, intervalMs: 250 });

  /** @param reopenMs - pause before a watch that broke off is opened again */
  constructor(
    client: KubernetesClient,
    namespace: string,
    name: string,
    reopenMs: number,
  ) {
    this.#client = client;
    this.#namespace = namespace;
    this.#name = name;
    this.#reopenMs = reopenMs;
  }

  /** Time since the watch was opened or its last event; infinite while there is none. */
  get silentMs(): number {
    return this.#heardAt === undefined ? Infinity : Date.now() - this.#heardAt;
  }

  /** Counts a read of the Deployment as an event of an open watch. */
  noteRead(): void {
    this.#heardAt &&= Date.now();
  }

  /**
   * Waits for an unread version; `undefined` where there is none within the time.
   *
   * @throws the signal's reason when it is aborted
   */
  async next(
    maxMs: number,
    signal: AbortSignal,
  ): Promise<DeploymentChange | undefined> {
    signal.throwIfAborted();
    if (!this.#unread) {
      await this.#changeWithin(maxMs, signal);
      signal.throwIfAborted();
    }
    if (this.#unread) {
      const waitMs = this.#pace.take();
      if (waitMs > 0) {
        await delay(waitMs, undefined, { signal }).catch(() => {});
        signal.throwIfAborted();
      }
    }
    const change = this.#unread;
    this.#unread = undefined;
    return change;
  }

  /**
   * Runs until the signal is aborted; never throws.
   *
   * @param known - the version that the reader has
   */
  async run(known: string | undefined, signal: AbortSignal): Promise<void> {
    this.#known = known;
    let pauseMs = 0;
    while (!signal.aborted) {
      const opened = Date.now();
      try {
        // Without a version, a watch begins with the current state. A version of the object itself may be too old to watch
        // from, and reading it again would give the same one.
        const events = this.#client.watch(
          'Deployment',
          this.#namespace,
          {
            fieldSelector: `metadata.name=${this.#name}`,
            timeoutSeconds: WATCH_SECONDS,
          },
          { signal },
        );
        this.#heardAt = Date.now();
        for await (const { type, object } of events) {
          this.#heardAt = Date.now();
          if (type !== 'BOOKMARK') {
            this.#publish(type === 'DELETED' ? undefined : object);
          }
        }
      } catch (error) {
        if (KubernetesForbiddenError.is(error)) {
          this.#heardAt = undefined;
          return;
        }
      }
      this.#heardAt = undefined;
      // Grows while watches end soon after they were opened.
      pauseMs = Math.max(
        Date.now() - opened < LASTING_MS
          ? Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
          : 0,
        SHORTEST_PAUSE_MS,
        this.#reopenMs,
      );
      await delay(pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  async #changeWithin(maxMs: number, signal: AbortSignal): Promise<void> {
    // Aborted as soon as one of the three happens, which releases the other two.
    const settled = new AbortController();
    await new Promise<void>(resolve => {
      const wake = () => resolve();
      const timer = setTimeout(wake, maxMs);
      settled.signal.addEventListener('abort', () => clearTimeout(timer));
      signal.addEventListener('abort', wake, { signal: settled.signal });
      this.#wake = wake;
    });
    settled.abort();
    this.#wake = undefined;
  }

  #publish(deployment: Deployment | undefined): void {
    const version = deployment?.metadata.resourceVersion;
    if (deployment && version !== undefined && version === this.#known) {
      // A new watch begins with the state that the last one ended with.
      return;
    }
    this.#known = version;
    this.#unread = { deployment };
    this.#wake?.();
  }
}
