import { pods } from '../resources';
import { ContainerRuntime } from '../runtime';
import { StoreChange } from '../store';
import { kubernetesTime } from '../time';
import { Condition, ContainerStatus, Pod } from '../types';
import { clone, deepEqual } from '../values';
import { ControlPlane } from './deploymentController';
import { setCondition } from './deploymentStatus';
import { ContainerWorker } from './podWorker';

const manager = 'kubelet';

interface PodEntry {
  pod: Pod;
  containers: ContainerWorker[];
  timer: NodeJS.Timeout | undefined;
  startTime: string;
  podIP: string;
  isStarted: boolean;
  isEnding: boolean;
}

/** Schedules pods on the one node there is, runs their containers and reports their status. @internal */
export class Kubelet {
  private readonly entries = new Map<string, PodEntry>();
  private readonly unsubscribe: () => void;
  private nextAddress = 10;

  constructor(
    private readonly plane: ControlPlane,
    private readonly runtime: ContainerRuntime,
  ) {
    this.unsubscribe = plane.store.subscribe(change => this.notice(change));
  }

  close(): void {
    this.unsubscribe();
    for (const uid of [...this.entries.keys()]) {
      this.forget(uid);
    }
  }

  /** Undefined when pod or container are unknown. */
  container(podUid: string, name: string): ContainerWorker | undefined {
    return this.entries
      .get(podUid)
      ?.containers.find(container => container.name === name);
  }

  private notice({ resource, type, object }: StoreChange): void {
    if (resource !== pods) {
      return;
    }
    const uid = object.metadata.uid ?? '';
    const entry = this.entries.get(uid);
    if (type === 'DELETED') {
      this.forget(uid);
    } else if (!entry) {
      this.admit(clone(object) as Pod);
    } else if (object.metadata.deletionTimestamp && !entry.isEnding) {
      this.end(entry);
    }
  }

  private admit(pod: Pod): void {
    this.nextAddress = (this.nextAddress % 250) + 1;
    const entry: PodEntry = {
      pod,
      containers: [],
      timer: undefined,
      startTime: '',
      podIP: `10.42.0.${this.nextAddress}`,
      isStarted: false,
      isEnding: false,
    };
    entry.containers = pod.spec.containers.map(
      container =>
        new ContainerWorker(this.plane, this.runtime, pod, container, () =>
          this.report(entry),
        ),
    );
    this.entries.set(pod.metadata.uid ?? '', entry);
    entry.timer = setTimeout(
      () => this.schedule(entry),
      this.plane.rolloutDelayMs * 0.05,
    );
  }

  private schedule(entry: PodEntry): void {
    const { namespace, name } = entry.pod.metadata;
    const live = this.plane.store.get<Pod>(pods, namespace, name);
    if (!live || live.metadata.uid !== entry.pod.metadata.uid) {
      return;
    }
    const owner = entry.pod.metadata.ownerReferences?.find(
      one => one.controller,
    );
    if (this.plane.failures.failureOf(owner?.uid) === 'unschedulable') {
      this.leaveUnscheduled(live);
      return;
    }
    entry.startTime = kubernetesTime();
    this.plane.writer.patch(
      pods,
      namespace,
      name,
      'merge',
      { spec: { nodeName: 'sandbox-node' } },
      { manager: 'kube-scheduler' },
    );
    this.plane.events.record(
      entry.pod,
      'Normal',
      'Scheduled',
      `Successfully assigned ${namespace}/${name} to sandbox-node`,
      'default-scheduler',
    );
    this.report(entry);
    entry.timer = setTimeout(
      () => this.startContainers(entry),
      this.plane.rolloutDelayMs * 0.45,
    );
  }

  private leaveUnscheduled(pod: Pod): void {
    const { namespace, name } = pod.metadata;
    const message =
      '0/1 nodes are available: 1 Insufficient memory. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';
    this.plane.events.record(
      pod,
      'Warning',
      'FailedScheduling',
      message,
      'default-scheduler',
    );
    this.plane.writer.setStatus(
      pods,
      namespace,
      name,
      {
        ...pod.status,
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            lastProbeTime: null,
            lastTransitionTime: kubernetesTime(),
            reason: 'Unschedulable',
            message,
          },
        ],
      },
      'kube-scheduler',
    );
  }

  private startContainers(entry: PodEntry): void {
    if (this.plane.holdsContainers()) {
      entry.timer = setTimeout(() => this.startContainers(entry), 20);
      return;
    }
    const claim = this.volumeHeldElsewhere(entry.pod);
    if (claim) {
      this.plane.events.record(
        entry.pod,
        'Warning',
        'FailedAttachVolume',
        `Multi-Attach error for volume "${claim}" Volume is already used by pod(s)`,
        'attachdetach-controller',
      );
      entry.timer = setTimeout(
        () => this.startContainers(entry),
        Math.max(this.plane.rolloutDelayMs * 0.5, 20),
      );
      return;
    }
    entry.isStarted = true;
    entry.containers.forEach(container => container.start());
  }

  /** Claims are ReadWriteOnce here: a second pod waits until the first one is gone. */
  private volumeHeldElsewhere(pod: Pod): string | undefined {
    const claimsOf = (other: Pod) =>
      (other.spec.volumes ?? []).flatMap(volume =>
        volume.persistentVolumeClaim
          ? [volume.persistentVolumeClaim.claimName]
          : [],
      );
    const wanted = claimsOf(pod);
    return [...this.entries.values()]
      .filter(
        entry =>
          entry.isStarted &&
          entry.pod.metadata.uid !== pod.metadata.uid &&
          entry.pod.metadata.namespace === pod.metadata.namespace,
      )
      .flatMap(entry => claimsOf(entry.pod))
      .find(claim => wanted.includes(claim));
  }

  private end(entry: PodEntry): void {
    clearTimeout(entry.timer);
    const { namespace, name, uid } = entry.pod.metadata;
    // The process stops immediately; the object lingers a little, as it does while the node cleans up.
    entry.containers.forEach(container => container.stop());
    if (entry.startTime) {
      this.report(entry);
    }
    entry.isEnding = true;
    entry.timer = setTimeout(() => {
      const live = this.plane.store.get<Pod>(pods, namespace, name);
      if (live?.metadata.uid === uid) {
        this.plane.store.remove(pods, namespace, name);
      }
    }, this.plane.rolloutDelayMs * 0.2);
  }

  private forget(uid: string): void {
    const entry = this.entries.get(uid);
    if (entry) {
      clearTimeout(entry.timer);
      entry.containers.forEach(container => container.stop());
      this.entries.delete(uid);
    }
  }

  private report(entry: PodEntry): void {
    const { namespace, name, uid } = entry.pod.metadata;
    const live = this.plane.store.get<Pod>(pods, namespace, name);
    if (!live || live.metadata.uid !== uid || entry.isEnding) {
      return;
    }
    const status = podStatus(
      live,
      entry.containers.map(container => container.status()),
      entry,
    );
    if (!deepEqual(status, live.status)) {
      this.plane.writer.setStatus(pods, namespace, name, status, manager);
    }
  }
}

function podStatus(
  pod: Pod,
  containerStatuses: ContainerStatus[],
  place: { startTime: string; podIP: string },
): Pod['status'] {
  const hasRun = containerStatuses.every(
    status => status.containerID !== undefined,
  );
  const isReady = containerStatuses.every(status => status.ready);
  const now = kubernetesTime();
  const unready = containerStatuses
    .filter(status => !status.ready)
    .map(status => status.name)
    .join(' ');
  const unmet = {
    status: 'False' as const,
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready}]`,
  };
  const met = { status: 'True' as const };
  const flags: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>[] = [
    { type: 'PodReadyToStartContainers', ...met },
    { type: 'Initialized', ...met },
    { type: 'Ready', ...(isReady ? met : unmet) },
    { type: 'ContainersReady', ...(isReady ? met : unmet) },
    { type: 'PodScheduled', ...met },
  ];
  const { generation } = pod.metadata;
  const before = pod.status?.conditions ?? [];
  return {
    observedGeneration: generation,
    phase: hasRun ? 'Running' : 'Pending',
    conditions: flags.map(flag => {
      const [condition] = setCondition(
        before.filter(({ type }) => type === flag.type),
        flag,
        now,
      );
      // Conditions of pods carry no update time, unlike those of Deployments.
      const { lastUpdateTime: _, ...rest } = condition;
      return { ...rest, observedGeneration: generation, lastProbeTime: null };
    }),
    hostIP: '127.0.0.1',
    podIP: place.podIP,
    podIPs: [{ ip: place.podIP }],
    qosClass: 'BestEffort',
    startTime: place.startTime,
    containerStatuses,
  };
}
