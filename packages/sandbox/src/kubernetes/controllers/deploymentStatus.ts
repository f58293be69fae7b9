import { Condition, Deployment, DeploymentStatus, ReplicaSet } from '../types';

/** What the controller knows when it writes a Deployment's status. @internal */
export interface RolloutFacts {
  newReplicaSet: ReplicaSet | undefined;
  allReplicaSets: ReplicaSet[];
  /** The ReplicaSet was just created, so that the clock of the deadline starts anew. */
  started: boolean;
  /** Milliseconds since the rollout last moved. */
  sinceProgressMs: number;
  now: string;
}

function sum(
  sets: ReplicaSet[],
  field:
    | 'replicas'
    | 'readyReplicas'
    | 'availableReplicas'
    | 'terminatingReplicas',
): number {
  return sets.reduce((total, set) => total + (set.status?.[field] ?? 0), 0);
}

/** A share of the replicas (`25%`) or a plain count. @internal */
export function resolveShare(
  share: number | string | undefined,
  replicas: number,
  round: (value: number) => number,
): number {
  if (typeof share === 'string') {
    return round((Number.parseFloat(share) / 100) * replicas);
  }
  return share ?? 0;
}

/** @internal */
export function rollingLimits(deployment: Deployment): {
  maxSurge: number;
  maxUnavailable: number;
} {
  const { strategy, replicas } = deployment.spec;
  if (strategy?.type === 'Recreate') {
    return { maxSurge: 0, maxUnavailable: 0 };
  }
  const maxSurge = resolveShare(
    strategy?.rollingUpdate?.maxSurge,
    replicas,
    Math.ceil,
  );
  const maxUnavailable = resolveShare(
    strategy?.rollingUpdate?.maxUnavailable,
    replicas,
    Math.floor,
  );
  // With both at zero nothing could ever move.
  return maxSurge === 0 && maxUnavailable === 0
    ? { maxSurge, maxUnavailable: 1 }
    : { maxSurge, maxUnavailable };
}

/** @internal */
export function setCondition(
  conditions: Condition[],
  next: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>,
  now: string,
  touch = false,
): Condition[] {
  const current = conditions.find(condition => condition.type === next.type);
  if (
    current &&
    !touch &&
    current.status === next.status &&
    current.reason === next.reason &&
    current.message === next.message
  ) {
    return conditions;
  }
  return [
    ...conditions.filter(condition => condition !== current),
    {
      ...next,
      lastUpdateTime: now,
      lastTransitionTime:
        current?.status === next.status
          ? current.lastTransitionTime ?? now
          : now,
    },
  ];
}

function isComplete(deployment: Deployment, counts: DeploymentStatus): boolean {
  const { replicas } = deployment.spec;
  return (
    counts.updatedReplicas === replicas &&
    counts.replicas === replicas &&
    counts.availableReplicas === replicas
  );
}

function hasMoved(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus) =>
    (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function progressing(
  deployment: Deployment,
  counts: DeploymentStatus,
  facts: RolloutFacts,
): {
  condition: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;
  moved: boolean;
} {
  const type = 'Progressing';
  const previous = deployment.status ?? {};
  const current = previous.conditions?.find(item => item.type === type);
  const name = facts.newReplicaSet?.metadata.name ?? '';
  const subject = facts.newReplicaSet
    ? `ReplicaSet "${name}"`
    : `Deployment "${deployment.metadata.name}"`;
  const moved = facts.started || hasMoved(previous, counts);
  const next = (
    status: Condition['status'],
    reason: string,
    message: string,
  ) => ({ condition: { type, status, reason, message }, moved });
  if (deployment.spec.paused) {
    return next('Unknown', 'DeploymentPaused', 'Deployment is paused');
  }
  const wasComplete =
    !facts.started &&
    current?.reason === 'NewReplicaSetAvailable' &&
    counts.replicas === counts.updatedReplicas;
  if (wasComplete) {
    // A finished rollout stays finished, even when its pods crash later or the next one still takes the old pods away.
    return { condition: current, moved };
  }
  if (isComplete(deployment, counts)) {
    return next(
      'True',
      'NewReplicaSetAvailable',
      `${subject} has successfully progressed.`,
    );
  }
  if (facts.started) {
    return next(
      'True',
      'NewReplicaSetCreated',
      `Created new replica set "${name}"`,
    );
  }
  if (moved) {
    return next('True', 'ReplicaSetUpdated', `${subject} is progressing.`);
  }
  if (current?.reason === 'DeploymentPaused') {
    return next('Unknown', 'DeploymentResumed', 'Deployment is resumed');
  }
  const deadlineMs = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
  // The time since a finished rollout counts for nothing.
  if (
    current &&
    current.reason !== 'NewReplicaSetAvailable' &&
    facts.sinceProgressMs >= deadlineMs
  ) {
    return next(
      'False',
      'ProgressDeadlineExceeded',
      `${subject} has timed out progressing.`,
    );
  }
  return current
    ? { condition: current, moved }
    : next('True', 'ReplicaSetUpdated', `${subject} is progressing.`);
}

/** The next status of a Deployment; `moved` tells that the deadline starts anew. @internal */
export function computeDeploymentStatus(
  deployment: Deployment,
  facts: RolloutFacts,
): { status: DeploymentStatus; moved: boolean } {
  const { allReplicaSets, newReplicaSet, now } = facts;
  const replicas = sum(allReplicaSets, 'replicas');
  const availableReplicas = sum(allReplicaSets, 'availableReplicas');
  const counts: DeploymentStatus = {
    observedGeneration: deployment.metadata.generation,
    replicas,
    updatedReplicas: newReplicaSet?.status?.replicas ?? 0,
    readyReplicas: sum(allReplicaSets, 'readyReplicas'),
    availableReplicas,
    unavailableReplicas: Math.max(
      allReplicaSets.reduce((total, set) => total + set.spec.replicas, 0) -
        availableReplicas,
      0,
    ),
    terminatingReplicas: sum(allReplicaSets, 'terminatingReplicas'),
  };
  const { condition, moved } = progressing(deployment, counts, facts);
  const minimum =
    deployment.spec.replicas - rollingLimits(deployment).maxUnavailable;
  const isAvailable = availableReplicas >= minimum;
  let conditions = deployment.status?.conditions ?? [];
  conditions = setCondition(
    conditions,
    {
      type: 'Available',
      status: isAvailable ? 'True' : 'False',
      reason: isAvailable
        ? 'MinimumReplicasAvailable'
        : 'MinimumReplicasUnavailable',
      message: isAvailable
        ? 'Deployment has minimum availability.'
        : 'Deployment does not have minimum availability.',
    },
    now,
  );
  conditions = setCondition(
    conditions,
    condition,
    now,
    moved && condition.reason === 'ReplicaSetUpdated',
  );
  const failure = newReplicaSet?.status?.conditions?.find(
    item => item.type === 'ReplicaFailure' && item.status === 'True',
  );
  conditions = failure
    ? setCondition(conditions, failure, now)
    : conditions.filter(item => item.type !== 'ReplicaFailure');
  // Zero counts are absent from real objects as well, but for the one that came last.
  const present = Object.fromEntries(
    Object.entries(counts).filter(
      ([key, value]) =>
        ['observedGeneration', 'terminatingReplicas'].includes(key) ||
        value !== 0,
    ),
  ) as DeploymentStatus;
  return { status: { ...present, conditions }, moved };
}
