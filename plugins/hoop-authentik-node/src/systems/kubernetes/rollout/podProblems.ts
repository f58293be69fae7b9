import { isDeepStrictEqual } from 'node:util';
import type { Deployment, Pod } from '../types';

/**
 * Why a container does not run as it should.
 *
 * @public
 */
export interface PodProblem {
  pod: string;
  /** UID of the pod, or its name where it has none. */
  uid: string;
  container: string;
  /** `CrashLoopBackOff`, `ImagePullBackOff`, `Error`, `OOMKilled` and the like. */
  reason: string;
  message?: string;
  /** Of the last run that ended. */
  exitCode?: number;
  restartCount: number;
  /** The container has run and ended, so its log may have the reason. */
  ended: boolean;
  /** Which patience it deserves before it counts as a failure; `none` where waiting cannot help. */
  patience: 'none' | 'create' | 'pull';
}

/** The state of a container that ended and restarts after a while. */
const CRASH_LOOP = 'CrashLoopBackOff';

/**
 * Some reasons are temporary: an image that is being published, a registry that does not answer, an object that the kubelet
 * has not seen yet. A container that ended gets no patience.
 */
const WAITING_PROBLEMS: Record<string, PodProblem['patience']> = {
  [CRASH_LOOP]: 'none',
  InvalidImageName: 'none',
  CreateContainerConfigError: 'create',
  CreateContainerError: 'create',
  RunContainerError: 'create',
  ErrImageNeverPull: 'create',
  ErrImagePull: 'pull',
  ImagePullBackOff: 'pull',
};

/**
 * The problems of a container in some pods. Restarts count, because without a readiness probe a gateway that ends during
 * its boot is reported as available in between. Pods that were replaced do not count.
 *
 * @param restartsBefore - earlier restarts by pod uid, which do not count
 * @public
 */
export function podProblems(
  pods: Pod[],
  containerName: string,
  restartsBefore: ReadonlyMap<string, number> = new Map(),
): PodProblem[] {
  return pods.filter(isKept).flatMap((pod): PodProblem[] => {
    const { name, uid = name } = pod.metadata;
    const status = pod.status?.containerStatuses?.find(
      one => one.name === containerName,
    );
    const base = {
      pod: name,
      uid,
      container: containerName,
      restartCount: status?.restartCount ?? 0,
      ended: false,
      patience: 'none' as const,
    };
    if (!status) {
      return [];
    }
    const { waiting, terminated } = status.state ?? {};
    const last = terminated ?? status.lastState?.terminated;
    const restarted = status.restartCount > (restartsBefore.get(uid) ?? 0);
    if (terminated || restarted) {
      return [
        {
          ...base,
          reason:
            waiting?.reason ??
            last?.reason ??
            (terminated ? 'Terminated' : 'Restarted'),
          message: last?.message,
          exitCode: last?.exitCode,
          ended: true,
        },
      ];
    }
    const reason = waiting?.reason ?? '';
    const ended = last !== undefined && reason === CRASH_LOOP;
    return reason in WAITING_PROBLEMS
      ? [
          {
            ...base,
            reason,
            // The message of the back-off does not say why the container ended.
            message: ended ? last?.message : waiting?.message ?? last?.message,
            exitCode: last?.exitCode,
            ended: last !== undefined,
            patience: WAITING_PROBLEMS[reason],
          },
        ]
      : [];
  });
}

/**
 * Whether a pod is one of those that its ReplicaSet keeps. One that is being deleted, or has ended as a whole, such as by
 * eviction, is replaced by another and stays beside it for a while.
 *
 * @internal
 */
export function isKept({ metadata, status }: Pod): boolean {
  return (
    !metadata.deletionTimestamp &&
    status?.phase !== 'Failed' &&
    status?.phase !== 'Succeeded'
  );
}

/**
 * Why pods have ended as a whole since a time: a rollout whose every pod is evicted never completes.
 *
 * @internal
 */
export function whyReplaced(pods: Pod[], since: number): string[] {
  const reasons = pods.flatMap(pod => {
    const { phase, reason = 'Failed', message } = pod.status ?? {};
    return phase === 'Failed' && createdAt(pod) >= since
      ? [`a pod was replaced: ${message ? `${reason} (${message})` : reason}`]
      : [];
  });
  return [...new Set(reasons)];
}

/**
 * How many times a pod's container has ended: its restarts, plus one while it waits for the next start.
 *
 * @internal
 */
export function timesEnded(pod: Pod, containerName: string): number {
  const status = pod.status?.containerStatuses?.find(
    one => one.name === containerName,
  );
  const { waiting, terminated } = status?.state ?? {};
  const atRest = terminated !== undefined || waiting?.reason === CRASH_LOOP;
  return (status?.restartCount ?? 0) + Number(atRest);
}

/**
 * Describes a problem: `container "hoopgateway" of pod "hoopgateway-5d8" ended with exit code 1 (CrashLoopBackOff, 2
 * restarts)`.
 *
 * @public
 */
export function describePodProblem(problem: PodProblem): string {
  const { pod, container, reason, exitCode, restartCount } = problem;
  const subject = `container "${container}" of pod "${pod}"`;
  const restarts = restartCount
    ? `, ${restartCount} restart${restartCount === 1 ? '' : 's'}`
    : '';
  if (!problem.ended) {
    return `${subject} does not start (${reason}${restarts})`;
  }
  const code = exitCode === undefined ? '' : ` with exit code ${exitCode}`;
  return `${subject} ended${code} (${reason}${restarts})`;
}

/**
 * What the containers of some pods wait for, such as `ContainerCreating`, each reason once. Other containers than the given
 * one are named.
 *
 * @internal
 */
export function waitingReasons(pods: Pod[], containerName: string): string[] {
  const reasons = pods.flatMap(pod => {
    const unschedulable = pod.status?.conditions?.find(
      one => one.type === 'PodScheduled' && one.status === 'False',
    );
    const containers = (pod.status?.containerStatuses ?? []).flatMap(one => {
      const reason = one.state?.waiting?.reason;
      if (!reason) {
        return [];
      }
      return one.name === containerName ? [reason] : [`${one.name}: ${reason}`];
    });
    return unschedulable
      ? [
          unschedulable.message
            ? `${unschedulable.reason} (${unschedulable.message})`
            : unschedulable.reason ?? 'Unschedulable',
        ]
      : containers;
  });
  return [...new Set(reasons)];
}

/**
 * The pods of a Deployment's newest template. A pod has the labels, annotations and environment of its template (the
 * environment only where no admission webhook rewrites it). Of the pods that fit, those with the `pod-template-hash` of the
 * newest count. None do while the Deployment counts no updated replica: its pods are old ones about to go.
 *
 * @internal
 */
export function podsOfNewestTemplate(
  deployment: Deployment,
  pods: Pod[],
): Pod[] {
  const observed =
    (deployment.status?.observedGeneration ?? 0) >=
    (deployment.metadata.generation ?? 0);
  if (!observed || !deployment.status?.updatedReplicas) {
    return [];
  }
  const stamped = pods.filter(
    pod => isKept(pod) && hasStampOf(deployment, pod),
  );
  const alike = stamped.filter(pod => hasEnvironmentOf(deployment, pod));
  const fitting = alike.length ? alike : stamped;
  const newest = fitting.reduce<Pod | undefined>(
    (best, pod) => (best && createdAt(best) >= createdAt(pod) ? best : pod),
    undefined,
  );
  return fitting.filter(pod => templateHash(pod) === templateHash(newest));
}

/** Milliseconds since 1970; 0 for a pod without a creation time. @internal */
export function createdAt(pod: Pod): number {
  return Date.parse(pod.metadata.creationTimestamp ?? '') || 0;
}

function templateHash(pod: Pod | undefined): string | undefined {
  return pod?.metadata.labels?.['pod-template-hash'];
}

/** Admission may add to a pod, so it must contain what the template has, not equal it. */
function hasStampOf(deployment: Deployment, pod: Pod): boolean {
  const { metadata } = deployment.spec.template;
  return (
    containsAll(pod.metadata.labels, metadata?.labels) &&
    containsAll(pod.metadata.annotations, metadata?.annotations)
  );
}

function hasEnvironmentOf(deployment: Deployment, pod: Pod): boolean {
  return deployment.spec.template.spec.containers.every(wanted => {
    const made = pod.spec.containers.find(one => one.name === wanted.name);
    return (
      containsEach(made?.env, wanted.env) &&
      containsEach(made?.envFrom, wanted.envFrom)
    );
  });
}

function containsAll(
  all: Record<string, string> = {},
  some: Record<string, string> = {},
): boolean {
  return Object.entries(some).every(([key, value]) => all[key] === value);
}

function containsEach<T>(all: T[] = [], some: T[] = []): boolean {
  return some.every(wanted => all.some(one => isDeepStrictEqual(one, wanted)));
}
