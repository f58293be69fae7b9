import { ConflictError } from '@backstage/errors';
import { ForeignText } from '../../../core';
import type {
  Deployment,
  KubernetesClient,
  KubernetesKind,
  KubernetesKinds,
  Pod,
  WatchEvent,
} from '../types';

type Line = WatchEvent<Deployment> | 'close' | 'expire';

/** One Deployment and its pods in memory, with a watch that follows the changes of the test. */
export class FakeCluster implements KubernetesClient {
  readonly server = 'https://fake';
  deployment: Deployment | undefined;
  pods: Pod[] = [];
  /** Logs by pod; of the previous run under `<pod> previous`. */
  logs: Record<string, string> = {};
  /** Thrown by the next calls of a method, one each. */
  readonly failures: Partial<
    Record<'get' | 'list' | 'watch' | 'log', Error[]>
  > = {};
  readonly calls: string[] = [];
  /** Watches that are open. */
  watching = 0;
  readonly #listeners = new Set<(line: Line) => void>();
  #version = 100;

  constructor(deployment: Deployment, pods: Pod[] = []) {
    this.deployment = deployment;
    this.pods = pods;
  }

  /** Changes the status and notifies the watches. */
  update(change: (deployment: Deployment) => void): void {
    const next = structuredClone(this.deployment!);
    change(next);
    next.metadata.resourceVersion = String(++this.#version);
    this.deployment = next;
    this.notify({ type: 'MODIFIED', object: next });
  }

  remove(): void {
    const object = this.deployment!;
    this.deployment = undefined;
    this.notify({ type: 'DELETED', object });
  }

  notify(line: Line): void {
    [...this.#listeners].forEach(listener => listener(line));
  }

  async get<K extends KubernetesKind>(
    kind: K,
    _namespace: string,
    _name: string,
    options?: { signal?: AbortSignal },
  ): Promise<KubernetesKinds[K] | undefined> {
    this.#called('get', kind, options);
    return structuredClone(this.deployment) as KubernetesKinds[K] | undefined;
  }

  async list<K extends KubernetesKind>(
    kind: K,
    _namespace: string,
    selectors: { labelSelector?: string },
    options?: { signal?: AbortSignal },
  ) {
    this.#called('list', `${kind} ${selectors.labelSelector}`, options);
    const items = structuredClone(this.pods) as KubernetesKinds[K][];
    return { items, resourceVersion: String(this.#version) };
  }

  async *watch<K extends KubernetesKind>(
    kind: K,
    _namespace: string,
    selectors: { fieldSelector?: string; resourceVersion?: string },
    options?: { signal?: AbortSignal },
  ): AsyncGenerator<WatchEvent<KubernetesKinds[K]>> {
    const { fieldSelector, resourceVersion } = selectors;
    this.#called(
      'watch',
      `${kind} ${fieldSelector} ${resourceVersion}`,
      options,
    );
    const lines: Line[] = [];
    const sleeper = { wake: () => {} };
    const listener = (line: Line) => {
      lines.push(line);
      sleeper.wake();
    };
    this.#listeners.add(listener);
    // As in the API server: without a version the current state comes first, else the events since that version.
    if (this.deployment && resourceVersion === undefined) {
      listener({ type: 'ADDED', object: this.deployment });
    } else if (
      this.deployment &&
      Number(this.deployment.metadata.resourceVersion) > Number(resourceVersion)
    ) {
      listener({ type: 'MODIFIED', object: this.deployment });
    }
    this.watching++;
    const onAbort = () => sleeper.wake();
    options?.signal?.addEventListener('abort', onAbort);
    try {
      for (;;) {
        options?.signal?.throwIfAborted();
        const line = lines.shift();
        if (line === 'close') {
          return;
        }
        if (line === 'expire') {
          throw new ConflictError('the resource version has expired');
        }
        if (line) {
          yield line as WatchEvent<KubernetesKinds[K]>;
        } else {
          await new Promise<void>(resolve => {
            sleeper.wake = resolve;
          });
        }
      }
    } finally {
      this.watching--;
      this.#listeners.delete(listener);
      options?.signal?.removeEventListener('abort', onAbort);
    }
  }

  async getPodLog(
    _namespace: string,
    pod: string,
    query: { previous?: boolean },
    options?: { signal?: AbortSignal },
  ): Promise<ForeignText | undefined> {
    this.#called('log', pod, options);
    const log = this.logs[query.previous ? `${pod} previous` : pod];
    return log === undefined ? undefined : new ForeignText(log);
  }

  create(): never {
    throw new Error('the fake cluster cannot be written to');
  }

  patch(): never {
    throw new Error('the fake cluster cannot be written to');
  }

  delete(): never {
    throw new Error('the fake cluster cannot be written to');
  }

  mayI(): never {
    throw new Error('the fake cluster answers no access review');
  }

  #called(
    method: 'get' | 'list' | 'watch' | 'log',
    what: string,
    options?: { signal?: AbortSignal },
  ): void {
    options?.signal?.throwIfAborted();
    this.calls.push(`${method} ${what}`);
    const failure = this.failures[method]?.shift();
    if (failure) {
      throw failure;
    }
  }
}
