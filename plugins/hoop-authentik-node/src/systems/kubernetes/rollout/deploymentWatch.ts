import { setTimeout as delay } from 'node:timers/promises';
import { ConflictError } from '@backstage/errors';
import { KubernetesForbiddenError } from '../client/errors';
import type { Deployment, KubernetesClient } from '../types';

/** The server ends a watch after this long; then it is continued, so that a dead connection is not waited on forever. */
const WATCH_SECONDS = 120;

/** Pause before a watch that broke off is opened again. */
const REOPEN_DELAY_MS = 500;

/** What became of a Deployment: its newest version, or `undefined` where it was deleted. @internal */
export type DeploymentChange = { deployment: Deployment | undefined };

/**
 * Follows one Deployment and keeps its newest version for whoever asks next. Where RBAC does not allow a watch nothing
 * ever changes here, and the reader has to look by itself.
 *
 * @internal
 */
export class DeploymentWatch {
  readonly #client: KubernetesClient;
  readonly #namespace: string;
  readonly #name: string;
  #unread: DeploymentChange | undefined;
  #wake: (() => void) | undefined;
  #heardAt: number | undefined;

  constructor(client: KubernetesClient, namespace: string, name: string) {
    this.#client = client;
    this.#namespace = namespace;
    this.#name = name;
  }

  /** Since the watch was opened, or last told something; infinite while there is none. */
  get silentMs(): number {
    return this.#heardAt === undefined ? Infinity : Date.now() - this.#heardAt;
  }

  /**
   * Waits for a version that has not been read yet, but not longer than given; then `undefined`.
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
          // Expired: what happened in between is found by reading the object again.
          resourceVersion = undefined;
          continue;
        }
      }
      this.#heardAt = undefined;
      if (Date.now() - opened < REOPEN_DELAY_MS) {
        await delay(REOPEN_DELAY_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  async #changeWithin(maxMs: number, signal: AbortSignal): Promise<void> {
    // Aborted as soon as one of the three has happened, which lets go of the other two.
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
