import { DEFAULT_PATIENCE } from './options';
import {
  describePodProblem,
  podProblems,
  podsOfNewestTemplate,
  waitingReasons,
  whyReplaced,
} from './podProblems';
import { deploymentOf, podOf } from '../__testUtils__/objects';
import type { ContainerState, Pod } from '../types';

const exited: ContainerState = {
  terminated: { exitCode: 1, reason: 'Error', message: 'boot failed' },
};

function lines(pods: Pod[], before?: Map<string, number>): string[] {
  return podProblems(pods, 'hoopgateway', before).map(describePodProblem);
}

describe('podProblems', () => {
  it('should find no problem in a running container or one being created', () => {
    expect(lines([podOf(1)])).toEqual([]);
    expect(
      lines([
        podOf(1, { state: { waiting: { reason: 'ContainerCreating' } } }),
      ]),
    ).toEqual([]);
    expect(lines([podOf(1, { state: undefined })])).toEqual([]);
    expect(lines([{ ...podOf(1), status: undefined }])).toEqual([]);
  });

  it.each<[string, Parameters<typeof podOf>[1], string]>([
    [
      'a crash loop',
      {
        restartCount: 2,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
        lastState: exited,
      },
      'ended with exit code 1 (CrashLoopBackOff, 2 restarts)',
    ],
    ['an end', { state: exited }, 'ended with exit code 1 (Error)'],
    [
      'an end without error',
      { state: { terminated: { exitCode: 0, reason: 'Completed' } } },
      'ended with exit code 0 (Completed)',
    ],
    [
      'a restart',
      {
        restartCount: 1,
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      },
      'ended with exit code 137 (OOMKilled, 1 restart)',
    ],
    [
      'a restart without a trace',
      { restartCount: 1 },
      'ended (Restarted, 1 restart)',
    ],
    [
      'a missing object',
      {
        state: {
          waiting: {
            reason: 'CreateContainerConfigError',
            message: 'secret "x" not found',
          },
        },
      },
      'does not start (CreateContainerConfigError)',
    ],
    [
      'a missing image',
      { state: { waiting: { reason: 'ErrImagePull' } } },
      'does not start (ErrImagePull)',
    ],
    [
      'a missing image later on',
      { state: { waiting: { reason: 'ImagePullBackOff' } } },
      'does not start (ImagePullBackOff)',
    ],
    [
      'a bad image name',
      { state: { waiting: { reason: 'InvalidImageName' } } },
      'does not start (InvalidImageName)',
    ],
  ])('should find %s', (_, status, text) => {
    expect(lines([podOf(1, status)])).toEqual([
      `container "hoopgateway" of pod "hoopgateway-1" ${text}`,
    ]);
  });

  it('should report the message of the run that ended, not that of the back-off', () => {
    const waiting = {
      reason: 'CrashLoopBackOff',
      message: 'back-off 10s restarting',
    };
    const pod = podOf(1, {
      restartCount: 1,
      state: { waiting },
      lastState: exited,
    });
    expect(podProblems([pod], 'hoopgateway')).toEqual([
      expect.objectContaining({
        message: 'boot failed',
        exitCode: 1,
        ended: true,
        patience: 'none',
      }),
    ]);
  });

  it('should have patience with temporary problems', () => {
    const patience = (reason: string) =>
      podProblems(
        [podOf(1, { state: { waiting: { reason } } })],
        'hoopgateway',
      )[0].patience;
    expect(patience('CreateContainerConfigError')).toBe('create');
    expect(DEFAULT_PATIENCE.createMs).toBe(15_000);
    expect(patience('ErrImagePull')).toBe('pull');
    expect(patience('ImagePullBackOff')).toBe(patience('ErrImagePull'));
    expect(patience('InvalidImageName')).toBe('none');
    expect(patience('CrashLoopBackOff')).toBe('none');
  });

  it('should ignore earlier restarts', () => {
    const pod = podOf(1, { restartCount: 3, lastState: exited });
    expect(lines([pod], new Map([['uid-hoopgateway-1', 3]]))).toEqual([]);
    expect(lines([pod], new Map([['uid-hoopgateway-1', 2]]))).toHaveLength(1);
  });

  it('should judge only the given container', () => {
    const pod = podOf(1);
    pod.status!.containerStatuses!.push({
      name: 'agent',
      ready: false,
      restartCount: 4,
      state: exited,
    });
    expect(lines([pod])).toEqual([]);
  });

  it.each<[string, Partial<Pod['metadata']>, Pod['status']]>([
    ['evicted', {}, { phase: 'Failed', reason: 'Evicted', message: 'no disk' }],
    ['done', {}, { phase: 'Succeeded' }],
    ['being deleted', { deletionTimestamp: '2026-01-01T00:00:00Z' }, {}],
  ])('should not count a pod that is %s', (_, metadata, status) => {
    const ended = podOf(1, { state: exited });
    const pod: Pod = {
      ...ended,
      metadata: { ...ended.metadata, ...metadata },
      status: { ...ended.status, ...status },
    };
    expect(lines([pod])).toEqual([]);
    expect(lines([ended])).toHaveLength(1);
    expect(podsOfNewestTemplate(deploymentOf(1), [pod])).toEqual([]);
  });
});

describe('whyReplaced', () => {
  it('should name why pods were replaced since, each reason once', () => {
    const evicted: Pod = {
      ...podOf(1),
      status: { phase: 'Failed', reason: 'Evicted', message: 'no disk' },
    };
    expect(whyReplaced([evicted, evicted, podOf(1)], 0)).toEqual([
      'a pod was replaced: Evicted (no disk)',
    ]);
    expect(whyReplaced([evicted], Date.now() + 60_000)).toEqual([]);
  });
});

describe('waitingReasons', () => {
  it('should name each reason once, and other containers', () => {
    const creating = { state: { waiting: { reason: 'ContainerCreating' } } };
    const pod = podOf(1, creating);
    pod.status!.containerStatuses!.push({
      name: 'agent',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
    });
    expect(
      waitingReasons([pod, podOf(1, creating, 'b')], 'hoopgateway'),
    ).toEqual(['ContainerCreating', 'agent: CrashLoopBackOff']);
  });

  it('should report that a pod cannot be scheduled', () => {
    const pod: Pod = {
      ...podOf(1),
      status: {
        phase: 'Pending',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/3 nodes',
          },
        ],
      },
    };
    expect(waitingReasons([pod], 'hoopgateway')).toEqual([
      'Unschedulable (0/3 nodes)',
    ]);
  });
});

describe('podsOfNewestTemplate', () => {
  const names = (...args: Parameters<typeof podsOfNewestTemplate>) =>
    podsOfNewestTemplate(...args).map(pod => pod.metadata.name);

  it('should leave out pods of older templates and pods being deleted', () => {
    const going = podOf(2, {}, 'going');
    going.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    expect(names(deploymentOf(2), [podOf(1), podOf(2), going])).toEqual([
      'hoopgateway-2',
    ]);
  });

  it('should judge no pod before the Deployment counts an updated replica', () => {
    expect(
      names(deploymentOf(2, { observedGeneration: 1 }), [podOf(2)]),
    ).toEqual([]);
    expect(names(deploymentOf(2, { updatedReplicas: 0 }), [podOf(2)])).toEqual(
      [],
    );
  });

  it('should distinguish templates by their environment', () => {
    const deployment = deploymentOf(2);
    deployment.spec.template.spec.containers[0].envFrom = [
      { secretRef: { name: 'new' } },
    ];
    const made = podOf(2, {}, 'made');
    made.spec.containers[0].envFrom = [{ secretRef: { name: 'new' } }];
    made.spec.containers[0].env = [{ name: 'ADDED_BY_ADMISSION', value: 'x' }];
    expect(names(deployment, [podOf(2, {}, 'old'), made])).toEqual(['made']);
  });

  it('should tolerate a webhook that rewrites the environment', () => {
    const deployment = deploymentOf(2);
    deployment.spec.template.spec.containers[0].env = [
      { name: 'A', value: 'vault:a' },
    ];
    expect(names(deployment, [podOf(1), podOf(2)])).toEqual(['hoopgateway-2']);
  });

  it('should take the newest hash where pods of two templates fit', () => {
    const old = podOf(2, {}, 'old', new Date('2026-01-01T00:00:00Z'));
    old.metadata.labels!['pod-template-hash'] = 'older';
    const made = ['a', 'b'].map(name =>
      podOf(2, {}, name, new Date('2026-01-01T00:01:00Z')),
    );
    expect(names(deploymentOf(2), [made[0], old, made[1]])).toEqual(['a', 'b']);
  });
});
