import { randomBytes } from 'node:crypto';
import { createServer } from 'node:https';
import { closeServer, listen, ServerHooks, withHooks } from '../http/server';
import { Admission } from './admission';
import { sendFailure } from './api/answers';
import { ApiServer } from './api/apiServer';
import { everything, Identity } from './api/authorization';
import { Watches } from './api/watching';
import { createLoopbackCertificates } from './certificates';
import {
  ControlPlane,
  DeploymentController,
} from './controllers/deploymentController';
import { EventRecorder } from './controllers/eventRecorder';
import { Kubelet } from './controllers/kubelet';
import { ReplicaSetController } from './controllers/replicaSetController';
import { ClusterFaults } from './clusterFaults';
import { ObjectRemover } from './objectRemover';
import { ObjectWriter } from './objectWriter';
import { findResourceType, resourceTypes } from './resources';
import { ContainerRuntime } from './runtime';
import { RolloutFailure, ScriptedFailures } from './scriptedFailures';
import { ObjectStore, StoreListener } from './store';
import { KubeObject } from './types';

export type { Identity, PolicyRule } from './api/authorization';
export type {
  ContainerExit,
  ContainerRuntime,
  ContainerSpecification,
  RunningContainer,
} from './runtime';
export type { RolloutFailure } from './scriptedFailures';

/** @internal */
export interface KubernetesOptions extends ServerHooks {
  /** 0 (the default) takes a free port. */
  port?: number;
  /** Bearer token of the administrator. */
  token?: string;
  runtime: ContainerRuntime;
  /** Time from a changed template to its running container. */
  rolloutDelayMs?: number;
  /** The first pause before a crashed container starts again; the delay of a rollout unless given. */
  backOffMs?: number;
  bookmarkIntervalMs?: number;
  /** Containers do not start while this is true, so that a test can look at a rollout on its way. */
  holdsContainers?: () => boolean;
  /** Time from the deletion of a namespace to that of what is in it. */
  namespaceLagMs?: number;
  /** How many changes a watch can look back. */
  historyLimit?: number;
}

/** A running Kubernetes API stand-in. @internal */
export interface Kubernetes {
  url: string;
  token: string;
  /** PEM of the authority that signed the server certificate. */
  ca: string;
  /** Adds a bearer token with rules of its own, or replaces one. */
  addIdentity(identity: Identity): void;
  /** Stores an object as an administrator would. */
  create(object: KubeObject): void;
  read(
    apiVersion: string,
    plural: string,
    namespace: string,
    name: string,
  ): KubeObject | undefined;
  subscribe(listener: StoreListener): () => void;
  failRollouts(failure: RolloutFailure, times: number): void;
  /** Quotas, webhooks and what else may be in the way, to switch on. */
  faults: ClusterFaults;
  /** Forgets the past, so that watches and pages that started there get 410. */
  compact(): void;
  /** Removes every object, token and scripted failure. */
  clear(): void;
  close(): Promise<void>;
}

/**
 * Starts a stand-in for the Kubernetes API over TLS on loopback: the API semantics a client relies on, a Deployment
 * controller that takes its time, and one node whose containers run in this process. It is no cluster.
 * @internal
 */
export async function startKubernetes(
  options: KubernetesOptions,
): Promise<Kubernetes> {
  const token =
    options.token ?? `sandbox-${randomBytes(24).toString('base64url')}`;
  const certificates = createLoopbackCertificates();
  const store = new ObjectStore(options.historyLimit);
  const admission = new Admission(store);
  const writer = new ObjectWriter(store, admission);
  const remover = new ObjectRemover(store, admission, options.namespaceLagMs);
  const faults = new ClusterFaults(admission, remover);
  store.subscribe(({ type, object }) => {
    if (type === 'DELETED' && object.metadata.namespace) {
      remover.finishNamespace(object.metadata.namespace);
    }
  });
  const failures = new ScriptedFailures();
  const rolloutDelayMs = options.rolloutDelayMs ?? 1200;
  const plane: ControlPlane = {
    store,
    writer,
    remover,
    events: new EventRecorder(store, writer),
    failures,
    rolloutDelayMs,
    holdsContainers: options.holdsContainers ?? (() => false),
    backOffMs: options.backOffMs ?? Math.max(rolloutDelayMs, 20),
  };
  const controllers = [
    new DeploymentController(plane),
    new ReplicaSetController(plane),
  ];
  const kubelet = new Kubelet(plane, options.runtime);
  const administrator: Identity = {
    token,
    user: 'sandbox-admin',
    rules: everything,
  };
  let identities: Identity[] = [administrator];
  const watches = new Watches(store, options.bookmarkIntervalMs ?? 10_000);
  const api = new ApiServer({
    store,
    writer,
    remover,
    watches,
    admission,
    faults,
    identities: () => identities,
    findContainer: (uid, name) => kubelet.container(uid, name),
  });
  const server = createServer(
    { key: certificates.key, cert: certificates.certificate },
    withHooks(options, (req, res) => api.handle(req, res), sendFailure),
  );
  const port = await listen(server, options.port ?? 0);

  return {
    url: `https://127.0.0.1:${port}`,
    token,
    ca: certificates.ca,
    addIdentity(identity) {
      identities = [
        ...identities.filter(known => known.token !== identity.token),
        identity,
      ];
    },
    create(object) {
      const type = resourceTypes.find(
        candidate =>
          candidate.kind === object.kind &&
          candidate.apiVersion === object.apiVersion,
      );
      if (!type) {
        throw new Error(`${object.kind} is not served by the sandbox`);
      }
      writer.create(type, object.metadata.namespace, object, {
        manager: 'kubectl-create',
      });
    },
    read(apiVersion, plural, namespace, name) {
      const [version, group = ''] = apiVersion.split('/').reverse();
      const type = findResourceType(group, version, plural);
      return type && store.get(type, namespace, name);
    },
    subscribe: listener => store.subscribe(listener),
    failRollouts: (failure, times) => failures.arm(failure, times),
    faults,
    compact: () => store.compact(),
    clear() {
      failures.clear();
      faults.clear();
      identities = [administrator];
      remover.purge();
    },
    async close() {
      watches.closeAll();
      kubelet.close();
      controllers.forEach(controller => controller.close());
      await closeServer(server);
    },
  };
}
