import { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { Kubernetes, KubernetesOptions, startKubernetes } from '../kubernetes';
import {
  ContainerExit,
  ContainerRuntime,
  ContainerSpecification,
} from '../kubernetes/runtime';
import { Deployment, KubeObject, Pod, ReplicaSet } from '../kubernetes/types';

/** @internal */
export interface Answer<T> {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  body: T;
}

/** @internal */
export interface StatusBody {
  kind: string;
  message: string;
  reason: string;
  code: number;
  details?: {
    name?: string;
    kind?: string;
    causes?: { reason: string; message: string; field: string }[];
    retryAfterSeconds?: number;
  };
}

/** @internal */
export interface ListBody<T> {
  metadata: {
    resourceVersion: string;
    continue?: string;
    remainingItemCount?: number;
  };
  items: T[];
}

/** @internal */
export interface WatchEvent {
  type: string;
  object: KubeObject & StatusBody;
}

/** @internal */
export interface RequestOptions {
  contentType?: string;
  token?: string | null;
  /** Sent as it is instead of the JSON of the body. */
  raw?: string;
}

/** @internal */
export const mergePatch = {
  contentType: 'application/merge-patch+json',
};
/** @internal */
export const strategicPatch = {
  contentType: 'application/strategic-merge-patch+json',
};

/** A container under the control of a test. @internal */
export interface FakeContainer {
  specification: ContainerSpecification;
  ready(): void;
  exit(exit: ContainerExit): void;
  print(line: string): void;
  isStopped(): boolean;
}

/** @internal */
export class FakeRuntime implements ContainerRuntime {
  readonly started: FakeContainer[] = [];
  /** What happens to every container right after its start. */
  onStart: (container: FakeContainer) => unknown = () => {};

  start(specification: ContainerSpecification) {
    const lines: string[] = [];
    let stopped = false;
    let markReady: () => void = () => {};
    let markExited: (exit: ContainerExit) => void = () => {};
    const ready = new Promise<void>(resolve => {
      markReady = resolve;
    });
    const exited = new Promise<ContainerExit>(resolve => {
      markExited = resolve;
    });
    const container: FakeContainer = {
      specification,
      ready: () => markReady(),
      exit: exit => markExited(exit),
      print: line => lines.push(line),
      isStopped: () => stopped,
    };
    this.started.push(container);
    this.onStart(container);
    return {
      ready,
      exited,
      logs: () => [...lines],
      stop: () => {
        stopped = true;
      },
    };
  }

  last(): FakeContainer {
    return this.started[this.started.length - 1];
  }
}

/** @internal */
export const configMapsPath = '/api/v1/namespaces/demo/configmaps';
/** @internal */
export const secretsPath = '/api/v1/namespaces/demo/secrets';
/** @internal */
export const podsPath = '/api/v1/namespaces/demo/pods';
/** @internal */
export const deploymentsPath = '/apis/apps/v1/namespaces/demo/deployments';
/** @internal */
export const replicaSetsPath = '/apis/apps/v1/namespaces/demo/replicasets';

/**
 * A Kubernetes stand-in in this process with a client, an empty namespace `demo` and containers that do as told.
 * @internal
 */
export class KubernetesHarness {
  private readonly agent: Agent;

  private constructor(
    readonly kubernetes: Kubernetes,
    readonly runtime: FakeRuntime,
  ) {
    this.agent = new Agent({ ca: kubernetes.ca, keepAlive: true });
  }

  static async start(
    options: Partial<KubernetesOptions> = {},
  ): Promise<KubernetesHarness> {
    const runtime = new FakeRuntime();
    const kubernetes = await startKubernetes({
      runtime,
      rolloutDelayMs: 40,
      ...options,
    });
    const harness = new KubernetesHarness(kubernetes, runtime);
    harness.reset();
    return harness;
  }

  reset(): void {
    this.kubernetes.clear();
    this.runtime.started.length = 0;
    this.runtime.onStart = () => {};
    this.kubernetes.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'demo' },
    });
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.kubernetes.close();
  }

  async call<T = KubeObject>(
    method: string,
    path: string,
    body?: unknown,
    options: RequestOptions = {},
  ): Promise<Answer<T>> {
    const response = await this.open(method, path, body, options);
    const chunks: Buffer[] = [];
    for await (const chunk of response) {
      chunks.push(Buffer.from(chunk));
    }
    const text = Buffer.concat(chunks).toString('utf8');
    const isJson = response.headers['content-type']?.includes('json');
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    };
  }

  get<T = KubeObject>(path: string): Promise<Answer<T>> {
    return this.call<T>('GET', path);
  }

  /** Opens a watch and collects its events until `stop` is true or the server closes it. */
  async watch(
    path: string,
    stop: (events: WatchEvent[]) => boolean = () => false,
    onOpen: () => Promise<unknown> | void = () => {},
  ): Promise<WatchEvent[]> {
    const response = await this.open('GET', path);
    const events: WatchEvent[] = [];
    let rest = '';
    await onOpen();
    for await (const chunk of response) {
      rest += String(chunk);
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      events.push(...lines.map(line => JSON.parse(line) as WatchEvent));
      if (stop(events)) {
        response.destroy();
        break;
      }
    }
    return events;
  }

  deployment(name = 'web'): Promise<Deployment> {
    return this.get<Deployment>(`${deploymentsPath}/${name}`).then(
      answer => answer.body,
    );
  }

  pods(): Promise<Pod[]> {
    return this.get<ListBody<Pod>>(podsPath).then(answer => answer.body.items);
  }

  replicaSets(): Promise<ReplicaSet[]> {
    return this.get<ListBody<ReplicaSet>>(replicaSetsPath).then(
      answer => answer.body.items,
    );
  }

  /** Asks again until the condition holds; the last value is part of the failure. */
  async until<T>(
    read: () => Promise<T>,
    condition: (value: T) => boolean,
    timeoutMs = 8_000,
  ): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    let value = await read();
    while (!condition(value)) {
      if (Date.now() > deadline) {
        throw new Error(`never came true: ${JSON.stringify(value, null, 1)}`);
      }
      await new Promise(resolve => {
        setTimeout(resolve, 10);
      });
      value = await read();
    }
    return value;
  }

  private open(
    method: string,
    path: string,
    body?: unknown,
    options: RequestOptions = {},
  ): Promise<IncomingMessage> {
    const token =
      options.token === undefined ? this.kubernetes.token : options.token;
    const payload =
      options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${this.kubernetes.url}${path}`,
        {
          method,
          agent: this.agent,
          headers: {
            'user-agent': 'harness/1',
            ...(token === null ? {} : { authorization: `Bearer ${token}` }),
            ...(payload === undefined
              ? {}
              : {
                  'content-type': options.contentType ?? 'application/json',
                  'content-length': Buffer.byteLength(payload),
                }),
          },
        },
        resolve,
      );
      outgoing.once('error', reject);
      outgoing.end(payload);
    });
  }
}

/** @internal */
export function configMap(name: string, data?: Record<string, unknown>) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

/** @internal */
export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** @internal */
export function secret(name: string, data?: Record<string, unknown>) {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, data };
}
