import { rolloutStatus } from './rolloutStatus';
import { deploymentOf } from '../__testUtils__/objects';

const overdue = {
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: 'ReplicaSet "hoopgateway-1" has timed out progressing.',
};

describe('rolloutStatus', () => {
  it('should be done when all replicas are updated, available and alone', () => {
    expect(rolloutStatus(deploymentOf(2))).toEqual({
      done: true,
      line: '1 of 1 updated, 1 ready, 1 available',
    });
  });

  it.each([
    [
      'the newest generation has not been observed',
      { observedGeneration: 1 },
      'waiting for the cluster to see the change',
    ],
    [
      'nothing is updated',
      {
        updatedReplicas: 0,
        replicas: 0,
        readyReplicas: 0,
        availableReplicas: 0,
      },
      '0 of 1 updated, 0 ready, 0 available',
    ],
    [
      'an old replica is left',
      { replicas: 2 },
      '1 of 1 updated, 1 ready, 1 available, 1 old still there',
    ],
    [
      'it is not available',
      { availableReplicas: 0, readyReplicas: undefined },
      '1 of 1 updated, 0 ready, 0 available',
    ],
  ])('should continue while %s', (_, status, line) => {
    expect(rolloutStatus(deploymentOf(2, status))).toEqual({
      done: false,
      line,
    });
  });

  it('should continue without any status', () => {
    const { status, ...deployment } = deploymentOf(1);
    expect(status).toBeDefined();
    expect(rolloutStatus(deployment).done).toBe(false);
  });

  it('should fail when the deadline was missed', () => {
    const { done, failed } = rolloutStatus(
      deploymentOf(2, { availableReplicas: 0, conditions: [overdue] }),
    );
    expect(done).toBe(false);
    expect(failed).toBe(
      'no progress within the Deployment\'s deadline of 600 s: ReplicaSet "hoopgateway-1" has timed out progressing.',
    );
  });

  it('should ignore a deadline that the previous rollout missed', () => {
    const condition = { ...overdue, lastUpdateTime: '2026-01-01T00:00:10Z' };
    const deployment = deploymentOf(2, {
      availableReplicas: 0,
      conditions: [condition],
    });
    expect(
      rolloutStatus(deployment, new Date('2026-01-01T00:00:20.5Z')).failed,
    ).toBeUndefined();
    expect(
      rolloutStatus(deployment, new Date('2026-01-01T00:00:10.9Z')).failed,
    ).toBeDefined();
    expect(rolloutStatus(deployment).failed).toBeDefined();
  });

  it('should ignore a deadline of a generation that was not observed', () => {
    const deployment = deploymentOf(2, {
      observedGeneration: 1,
      conditions: [overdue],
    });
    expect(rolloutStatus(deployment).failed).toBeUndefined();
  });

  it('should fail when it is paused with something left to roll out', () => {
    const deployment = deploymentOf(2, { updatedReplicas: 0 });
    deployment.spec.paused = true;
    expect(rolloutStatus(deployment).failed).toMatch(
      /paused.*kubectl rollout resume/,
    );
    const complete = deploymentOf(2);
    complete.spec.paused = true;
    expect(rolloutStatus(complete).done).toBe(true);
  });

  it('should be done immediately with no replicas wanted', () => {
    const deployment = deploymentOf(2, {
      replicas: 0,
      updatedReplicas: 0,
      availableReplicas: 0,
    });
    deployment.spec.replicas = 0;
    expect(rolloutStatus(deployment)).toEqual({
      done: true,
      line: 'complete: scaled to 0 replicas',
    });
  });

  it('should want one replica by default', () => {
    const deployment = deploymentOf(2, {
      replicas: 0,
      updatedReplicas: 0,
      availableReplicas: 0,
    });
    delete deployment.spec.replicas;
    expect(rolloutStatus(deployment).done).toBe(false);
  });

  it('should say why pods cannot be created', () => {
    const { line } = rolloutStatus(
      deploymentOf(2, {
        updatedReplicas: 0,
        replicas: 0,
        conditions: [
          {
            type: 'ReplicaFailure',
            status: 'True',
            reason: 'FailedCreate',
            message: 'exceeded quota: small',
          },
        ],
      }),
    );
    expect(line).toMatch(/pods cannot be created: exceeded quota: small$/);
  });
});
