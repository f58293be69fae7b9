import { ConflictError, NotFoundError } from '@backstage/errors';
import { ForeignText } from '../../../core';
import {
  KubernetesForbiddenError,
  type ConfigMap,
  type Container,
  type Deployment,
  type KubernetesAccess,
  type KubernetesClient,
  type KubernetesKind,
  type KubernetesKinds,
  type Pod,
  type Secret,
} from '../../../systems/kubernetes';
import { composeEnvironment, dataOf } from '../read/objects';
import { deploymentOf, podOf } from './gatewayObjects';

type Access = KubernetesAccess & { namespace: string };
type Stored = ConfigMap | Secret | Deployment;
type Options = { signal?: AbortSignal; dryRun?: boolean };

interface PatchBody {
  metadata?: {
    resourceVersion?: string;
    annotations?: Record<string, string | null>;
  };
  data?: Record<string, string | null>;
  spec?: {
    template: {
      metadata: { annotations: Record<string, string | null> };
      spec?: { containers: Container[] };
    };
  };
}

/** Data by kind and name, and what the container reads. */
export interface Contents {
  data: Record<string, unknown>;
  envFrom: unknown[];
}

/** What a cluster says to a write that the token may not make. */
export const REFUSED = new KubernetesForbiddenError('may not', {
  verb: 'patch',
  resource: 'configmaps',
  namespace: 'hoop',
});

/**
 * A cluster in memory with one Deployment: resource versions with conflicts, and a rollout that completes immediately, after
 * which the gateway runs or has ended, by its own rules for its environment.
 */
export class FakeKubernetesClient implements KubernetesClient {
  readonly server = 'https://cluster:6443';
  pods: Pod[];
  /** Requests that change something, in their order. */
  readonly writes: string[] = [];
  readonly bodies: unknown[] = [];
  /** Requests with `dryRun`, in their order. */
  readonly dryRuns: string[] = [];
  /** What it throws is the answer to a request with `dryRun`. */
  beforeDryRun: (write: string) => void = () => {};
  /** Runs before a write is carried out; what it throws is the answer, and nothing is changed. */
  before: (write: string) => void = () => {};
  /** Runs after a write was carried out; an error that it throws is still the answer. */
  after: (write: string) => void = () => {};
  /** The last line a gateway logs that ends, or nothing for one that runs. */
  endsWith: () => string | undefined = () => undefined;
  /** The rights asked about, in their order. */
  readonly reviews: Access[] = [];
  /** Whether our account has a right; what it throws is the answer. */
  allows: (access: Access) => boolean = () => true;
  readonly #objects = new Map<string, Stored>();
  #version = 100;

  constructor(container: Partial<Container> = {}, objects: Stored[] = []) {
    const deployment = deploymentOf(container);
    [deployment, ...objects].forEach(object =>
      this.#objects.set(keyOf(object.kind, object.metadata.name), object),
    );
    this.pods = [podOf(deployment)];
  }

  get deployment(): Deployment {
    return this.#objects.get('Deployment hoopgateway') as Deployment;
  }

  /** An object as it is stored, for a test to change. */
  stored(kind: KubernetesKind, name: string): Stored {
    return this.#objects.get(keyOf(kind, name))!;
  }

  /** Data of all objects and the references of the container. */
  contents(): Contents {
    const [container] = this.deployment.spec.template.spec.containers;
    return {
      data: Object.fromEntries(
        [...this.#objects]
          .filter(([, { kind }]) => kind !== 'Deployment')
          .map(([key, object]) => [key, (object as ConfigMap).data])
          .sort(),
      ),
      envFrom: container.envFrom ?? [],
    };
  }

  /** Another writer changes data of an object; plain text. */
  edit(
    kind: 'ConfigMap' | 'Secret',
    name: string,
    data: Record<string, string>,
  ) {
    const object = this.#objects.get(keyOf(kind, name)) as ConfigMap | Secret;
    const encode = (text: string) =>
      kind === 'Secret' ? Buffer.from(text).toString('base64') : text;
    object.data = {
      ...object.data,
      ...Object.fromEntries(
        Object.entries(data).map(([key, text]) => [key, encode(text)]),
      ),
    };
    this.touch(kind, name);
  }

  /** Another writer changes an object. */
  touch(kind: KubernetesKind, name: string): void {
    const object = this.#objects.get(keyOf(kind, name))!;
    object.metadata.resourceVersion = String(++this.#version);
  }

  async get<K extends KubernetesKind>(
    kind: K,
    _namespace: string,
    name: string,
    options?: Options,
  ) {
    options?.signal?.throwIfAborted();
    const found = this.#objects.get(keyOf(kind, name));
    return structuredClone(found) as KubernetesKinds[K] | undefined;
  }

  async list<K extends KubernetesKind>(
    kind: K,
    _namespace: string,
    selectors: { labelSelector?: string },
    options?: Options,
  ) {
    options?.signal?.throwIfAborted();
    const all: Array<Stored | Pod> =
      kind === 'Pod'
        ? this.pods
        : [...this.#objects.values()].filter(one => one.kind === kind);
    const items = all.filter(({ metadata: { labels = {} } }) =>
      (selectors.labelSelector ?? '')
        .split(',')
        .filter(Boolean)
        .every(one => one === `app=${labels.app}`),
    );
    return {
      items: structuredClone(items) as KubernetesKinds[K][],
      resourceVersion: String(this.#version),
    };
  }

  async create<K extends KubernetesKind>(
    kind: K,
    object: KubernetesKinds[K],
    options?: Options,
  ) {
    const { name } = object.metadata;
    await this.#write(`create ${kind} ${name}`, object, options, () => {
      if (this.#objects.has(keyOf(kind, name))) {
        throw new ConflictError(`${kind} "${name}" already exists`);
      }
      const made = structuredClone(object) as Stored;
      made.metadata.uid = `uid-of-${kind}-${name}-${this.#version}`;
      return made;
    });
    return structuredClone(
      this.#objects.get(keyOf(kind, name)) ?? object,
    ) as KubernetesKinds[K];
  }

  async patch<K extends KubernetesKind>(
    kind: K,
    _namespace: string,
    name: string,
    patch: { type: string; body: unknown },
    options?: Options,
  ) {
    const body = patch.body as PatchBody;
    const key = keyOf(kind, name);
    await this.#write(`patch ${kind} ${name}`, patch, options, () => {
      const found = this.#objects.get(key);
      if (!found) {
        throw new NotFoundError(`${kind} "${name}" not found`);
      }
      const version = body.metadata?.resourceVersion;
      if (version && version !== found.metadata.resourceVersion) {
        throw new ConflictError('the object has been modified');
      }
      const object = structuredClone(found);
      if (kind === 'Deployment') {
        patchDeployment(object as Deployment, body);
      } else {
        merge(object as ConfigMap, body);
      }
      return object;
    });
    return structuredClone(this.#objects.get(key)) as KubernetesKinds[K];
  }

  async delete(
    kind: KubernetesKind,
    _namespace: string,
    name: string,
    options?: Options,
  ) {
    let deleted = false;
    await this.#write(`delete ${kind} ${name}`, undefined, options, () => {
      deleted = this.#objects.delete(keyOf(kind, name));
      return undefined;
    });
    return deleted;
  }

  /** Nothing happens that a read would not show, so that there is never an event. */
  watch(
    _kind: unknown,
    _namespace: unknown,
    _selectors: unknown,
    options?: Options,
  ): AsyncIterable<never> {
    const next = async (): Promise<IteratorResult<never>> => {
      await new Promise(resolve => {
        options?.signal?.addEventListener('abort', resolve);
      });
      return { done: true, value: undefined };
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }

  async getPodLog() {
    const log = this.endsWith();
    return log === undefined ? undefined : new ForeignText(log);
  }

  async mayI(
    namespace: string,
    accesses: readonly KubernetesAccess[],
  ): Promise<boolean[]> {
    const asked = accesses.map(access => ({ ...access, namespace }));
    this.reviews.push(...asked);
    return asked.map(this.allows);
  }

  async #write(
    write: string,
    body: unknown,
    options: Options | undefined,
    run: () => Stored | undefined,
  ): Promise<void> {
    options?.signal?.throwIfAborted();
    if (options?.dryRun) {
      this.dryRuns.push(write);
      this.beforeDryRun(write);
      run();
      return;
    }
    this.before(write);
    const object = run();
    if (object) {
      this.#store(object);
    }
    this.writes.push(write);
    this.bodies.push(body);
    this.after(write);
  }

  #store(object: Stored): void {
    const { metadata } = object;
    metadata.resourceVersion = String(++this.#version);
    metadata.managedFields = [
      { manager: 'backstage-hoop-authentik', time: new Date().toISOString() },
    ];
    const key = keyOf(object.kind, metadata.name);
    const before = this.#objects.get(key);
    this.#objects.set(key, object);
    if (object.kind === 'Deployment') {
      this.#rollOut(object as Deployment, before as Deployment);
    }
  }

  #rollOut(deployment: Deployment, before: Deployment): void {
    if (JSON.stringify(deployment.spec) === JSON.stringify(before.spec)) {
      return;
    }
    const generation = (deployment.metadata.generation ?? 0) + 1;
    deployment.metadata.generation = generation;
    deployment.status!.observedGeneration = generation;
    this.pods = [this.#podOf(deployment)];
  }

  /** What a container would start with now. */
  environment(): ReturnType<typeof composeEnvironment> {
    const [container] = this.deployment.spec.template.spec.containers;
    const named = (kind: string) =>
      Object.fromEntries(
        [...this.#objects.values()]
          .filter(object => object.kind === kind)
          .map(object => [object.metadata.name, object]),
      );
    return composeEnvironment(
      container,
      dataOf({
        configMaps: named('ConfigMap') as Record<string, ConfigMap>,
        secrets: named('Secret') as Record<string, Secret>,
      }),
    );
  }

  #podOf(deployment: Deployment): Pod {
    const pod = podOf(deployment, new Date().toISOString());
    const { outcome } = this.environment();
    if ('fails' in outcome || this.endsWith() !== undefined) {
      Object.assign(pod.status!.containerStatuses![0], {
        restartCount: 1,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 1 } },
      });
    }
    return pod;
  }
}

function keyOf(kind: string, name: string): string {
  return `${kind} ${name}`;
}

/** As far as our patches of a Deployment go. */
function patchDeployment(
  deployment: Deployment,
  { metadata, spec }: PatchBody,
): void {
  deployment.metadata.annotations = annotated(
    deployment.metadata.annotations,
    metadata?.annotations,
  );
  const { template } = deployment.spec;
  template.metadata = {
    ...template.metadata,
    annotations: annotated(
      template.metadata?.annotations,
      spec?.template.metadata.annotations,
    ),
  };
  spec?.template.spec?.containers.forEach(({ name, ...fields }) => {
    const container = template.spec.containers.find(one => one.name === name);
    Object.assign(container!, fields);
    // As the API server does.
    if (container!.envFrom?.length === 0) {
      delete container!.envFrom;
    }
  });
}

function annotated(
  annotations: Record<string, string> | undefined,
  patch: Record<string, string | null> | undefined,
): Record<string, string> | undefined {
  const merged = Object.entries({ ...annotations, ...patch }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return merged.length > 0 ? Object.fromEntries(merged) : undefined;
}

/** RFC 7386, as far as data goes. */
function merge(object: ConfigMap, { data }: PatchBody): void {
  const merged: Record<string, string> = { ...object.data };
  for (const [key, value] of Object.entries(data ?? {})) {
    if (value === null) {
      delete merged[key];
    } else {
      merged[key] = value;
    }
  }
  object.data = merged;
}
