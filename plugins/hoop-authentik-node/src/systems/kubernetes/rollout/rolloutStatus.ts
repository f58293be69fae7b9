import type { Deployment } from '../types';

/**
 * How far a Deployment has rolled out its newest template.
 *
 * @public
 */
export interface RolloutStatus {
  done: boolean;
  /** Why it makes no further progress. */
  failed?: string;
  /** Why no pod can be created, by the words of a quota or of admission. Passes where something is freed. */
  refused?: string;
  /** A line for people. */
  line: string;
}

/**
 * Judges a Deployment by kubectl's rule (`DeploymentStatusViewer` in k8s.io/kubectl): the newest generation has been
 * observed, all replicas are updated, no old one is left and all updated ones are available.
 *
 * A container without a readiness probe counts as available as soon as it runs, so check the pods as well.
 *
 * @param since - when the change was made; an earlier missed deadline is of the previous rollout and does not count
 * @public
 */
export function rolloutStatus(
  deployment: Deployment,
  since?: Date,
): RolloutStatus {
  const { spec, metadata, status = {} } = deployment;
  const desired = spec.replicas ?? 1;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return { done: false, line: 'waiting for the cluster to see the change' };
  }
  const {
    replicas = 0,
    updatedReplicas: updated = 0,
    readyReplicas: ready = 0,
    availableReplicas: available = 0,
  } = status;
  const old = Math.max(replicas - updated, 0);
  const counts = `${updated} of ${desired} updated, ${ready} ready, ${available} available`;
  const line = old ? `${counts}, ${old} old still there` : counts;

  const overdue = missedDeadline(deployment, since);
  if (overdue) {
    return { done: false, failed: overdue, line };
  }
  if (updated >= desired && old === 0 && available >= updated) {
    return {
      done: true,
      line: desired === 0 ? 'complete: scaled to 0 replicas' : line,
    };
  }
  if (spec.paused) {
    return {
      done: false,
      failed:
        'the Deployment is paused: nothing is rolled out until it is resumed (kubectl rollout resume)',
      line,
    };
  }
  const failure = condition(deployment, 'ReplicaFailure', 'True');
  const refused =
    failure && `pods cannot be created: ${failure.message ?? failure.reason}`;
  return {
    done: false,
    refused,
    line: refused ? `${line}; ${refused}` : line,
  };
}

function missedDeadline(
  deployment: Deployment,
  since: Date | undefined,
): string | undefined {
  const progressing = condition(deployment, 'Progressing', 'False');
  if (progressing?.reason !== 'ProgressDeadlineExceeded') {
    return undefined;
  }
  const changed = Date.parse(progressing.lastUpdateTime ?? '');
  if (since && changed < wholeSecond(since)) {
    return undefined;
  }
  const seconds = deployment.spec.progressDeadlineSeconds ?? 600;
  const message = progressing.message ? `: ${progressing.message}` : '';
  return `no progress within the Deployment's deadline of ${seconds} s${message}`;
}

function condition(deployment: Deployment, type: string, status: string) {
  return deployment.status?.conditions?.find(
    one => one.type === type && one.status === status,
  );
}

/** Times in Kubernetes objects have no fraction of a second. @internal */
export function wholeSecond(time: Date): number {
  return Math.floor(time.getTime() / 1000) * 1000;
}
