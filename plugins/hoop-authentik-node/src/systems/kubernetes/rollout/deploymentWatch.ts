import { setTimeout as delay } from 'node:timers/promises';
import { ConflictError } from '@backstage/errors';
import { KubernetesForbiddenError } from '../client/errors';
import type { Deployment, KubernetesClient } from '../types';

/** The server ends a watch after this time, then it is continued. So a dead connection does not block it forever. */
const WATCH_SECONDS = 120;

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
    const change = this.#unread;
    this.#unread = undefined;
    return change;
  }

  /** Runs until the signal is aborted; never throws. */
  async run(from: string | undefined, signal: AbortSignal): Promise<void> {
    let resourceVersion = from;
    while (!signal.aborted) {
      const opened = Date.now();
      try {
        resourceVersion ??= await this.#readAgain(signal);
        const events = this.#client.watch(
          'Deployment',
          this.#namespace,
          {
            fieldSelector: `metadata.name=${this.#name}`,
            resourceVersion,
            timeoutSeconds: WATCH_SECONDS,
          },
          { signal },
        );
        this.#heardAt = Date.now();
        for await (const { type, object } of events) {
          this.#heardAt = Date.now();
          resourceVersion = object.metadata.resourceVersion ?? resourceVersion;
          if (type !== 'BOOKMARK') {
            this.#publish(type === 'DELETED' ? undefined : object);
          }
        }
      } catch (error) {
        this.#heardAt = undefined;
        if (KubernetesForbiddenError.is(error)) {
          return;
        }
        if (ConflictError.is(error)) {
          // Expired: read the object again for what happened in between.
          resourceVersion = undefined;
          continue;
        }
      }
      this.#heardAt = undefined;
      if (Date.now() - opened < this.#reopenMs) {
        await delay(this.#reopenMs, undefined, { signal }).catch(() => {});
      }
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

  async #readAgain(signal: AbortSignal): Promise<string | undefined> {
    const deployment = await this.#client.get(
      'Deployment',
      this.#namespace,
      this.#name,
      { signal },
    );
    this.#publish(deployment);
    return deployment?.metadata.resourceVersion;
  }

  #publish(deployment: Deployment | undefined): void {
    this.#unread = { deployment };
    this.#wake?.();
  }
}
