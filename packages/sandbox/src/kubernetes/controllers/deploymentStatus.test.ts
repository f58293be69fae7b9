import type { Deployment, ReplicaSet } from '../types';
import { computeDeploymentStatus } from './deploymentStatus';

const now = '2026-01-01T01:00:00Z';
const template = { metadata: {}, spec: { containers: [] } };

/** A Deployment whose template is put back to that of an older ReplicaSet, which has no pods yet. */
function onTheWayBack(reason: string): {
  deployment: Deployment;
  earlier: ReplicaSet;
  later: ReplicaSet;
} {
  const set = (name: string, replicas: number) =>
    ({
      metadata: { name, namespace: 'hoop' },
      spec: { replicas, template },
      status: {
        replicas,
        readyReplicas: replicas,
        availableReplicas: replicas,
      },
    } as unknown as ReplicaSet);
  return {
    earlier: set('earlier', 0),
    later: set('later', 1),
    deployment: {
      metadata: { name: 'hoopgateway', namespace: 'hoop', generation: 3 },
      spec: { replicas: 1, template },
      status: {
        observedGeneration: 2,
        replicas: 1,
        updatedReplicas: 1,
        readyReplicas: 1,
        availableReplicas: 1,
        conditions: [
          {
            type: 'Progressing',
            status: 'True',
            reason,
            message: '',
            lastUpdateTime: '2026-01-01T00:00:00Z',
            lastTransitionTime: '2026-01-01T00:00:00Z',
          },
        ],
      },
    } as unknown as Deployment,
  };
}

function progressing(reason: string) {
  const { deployment, earlier, later } = onTheWayBack(reason);
  const { status } = computeDeploymentStatus(deployment, {
    newReplicaSet: earlier,
    allReplicaSets: [earlier, later],
    started: false,
    sinceProgressMs: 3_600_000,
    now,
  });
  return status.conditions?.find(({ type }) => type === 'Progressing');
}

describe('computeDeploymentStatus', () => {
  it('does not hold the time since a finished rollout against the next one', () => {
    expect(progressing('NewReplicaSetAvailable')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
    });
  });

  it('ends a rollout that has not moved until its deadline', () => {
    expect(progressing('ReplicaSetUpdated')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
  });
});
