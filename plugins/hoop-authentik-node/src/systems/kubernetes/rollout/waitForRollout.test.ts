import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceUnavailableError } from '@backstage/errors';
import { KubernetesForbiddenError } from '../client/errors';
import type { WaitForRolloutOptions } from './options';
import { waitForRollout } from './waitForRollout';
import { FakeCluster } from '../__testUtils__/FakeCluster';
import { deploymentOf, podOf } from '../__testUtils__/objects';
import type { Deployment } from '../types';

const SECRET = 'hunter2-client-secret';

const refused = (verb: string) =>
  new KubernetesForbiddenError('forbidden', {
    verb,
    resource: 'x',
    namespace: 'hoop',
  });

describe('waitForRollout', () => {
  let lines: string[];

  beforeEach(() => {
    lines = [];
  });

  function wait(
    cluster: FakeCluster,
    options: Partial<WaitForRolloutOptions> = {},
  ) {
    return waitForRollout({
      client: cluster,
      namespace: 'hoop',
      deployment: 'hoopgateway',
      container: 'hoopgateway',
      timeoutMs: 4_000,
      patience: { lookAgainMs: 100, reopenWatchMs: 50 },
      onProgress: line => lines.push(line),
      redact: text => text.replaceAll(SECRET, '<secret>'),
      ...options,
    });
  }

  /** As after a patch: the change is stored, but the controller has not observed it. */
  const changed = () =>
    new FakeCluster(deploymentOf(2, { observedGeneration: 1 }), [podOf(1)]);

  const setStatus =
    (status: Deployment['status']) => (deployment: Deployment) => {
      deployment.status = { ...deployment.status, ...status };
    };

  it('should begin with the given Deployment', async () => {
    const cluster = changed();
    const result = wait(cluster, { from: cluster.deployment });
    await sleep(20);
    expect(cluster.calls.join(' ')).not.toContain('get');
    cluster.update(setStatus({ observedGeneration: 2 }));
    expect(await result).toMatchObject({ ok: true });
  });

  it('should follow a rollout, line by line', async () => {
    const cluster = changed();
    const result = wait(cluster);
    await sleep(20);
    cluster.pods = [];
    cluster.update(
      setStatus({
        observedGeneration: 2,
        replicas: 0,
        updatedReplicas: 0,
        readyReplicas: 0,
        availableReplicas: 0,
      }),
    );
    await sleep(20);
    cluster.pods = [
      podOf(2, { state: { waiting: { reason: 'ContainerCreating' } } }),
    ];
    cluster.update(setStatus({ replicas: 1, updatedReplicas: 1 }));
    await sleep(20);
    cluster.update(setStatus({}));
    await sleep(20);
    cluster.pods = [podOf(2)];
    const completed = Date.now();
    cluster.update(setStatus({ readyReplicas: 1, availableReplicas: 1 }));
    const outcome = await result;
    expect(Date.now() - completed).toBeLessThan(250);
    expect(outcome).toEqual({ ok: true });
    expect(lines).toEqual([
      'waiting for the cluster to see the change',
      '0 of 1 updated, 0 ready, 0 available',
      '1 of 1 updated, 0 ready, 0 available; waiting: ContainerCreating',
      '1 of 1 updated, 1 ready, 1 available',
    ]);
    await sleep(10);
    expect(cluster.watching).toBe(0);
    expect(cluster.calls).toContain(
      'watch Deployment metadata.name=hoopgateway undefined',
    );
    expect(cluster.calls).toContain('list Pod app=hoopgateway');
  });

  it('should return immediately when there is nothing left to do', async () => {
    const cluster = new FakeCluster(deploymentOf(2), [podOf(2)]);
    expect(await wait(cluster)).toMatchObject({ ok: true });
  });

  it.each([
    ['closes the stream', 'close' as const],
    ['lets the version expire', 'expire' as const],
  ])('should continue when the server %s', async (_, line) => {
    const cluster = changed();
    const result = wait(cluster);
    await sleep(20);
    cluster.notify(line);
    await sleep(100);
    cluster.pods = [podOf(2)];
    const completed = Date.now();
    cluster.update(setStatus({ observedGeneration: 2 }));
    expect(await result).toMatchObject({ ok: true });
    expect(Date.now() - completed).toBeLessThan(250);
  });

  it('should see what happened between two watches', async () => {
    const cluster = changed();
    cluster.failures.watch = [
      new ServiceUnavailableError('the stream broke off'),
    ];
    const result = wait(cluster);
    await sleep(20);
    cluster.pods = [podOf(2)];
    cluster.update(setStatus({ observedGeneration: 2 }));
    expect(await result).toMatchObject({ ok: true });
  });

  it('should poll where a watch is not permitted', async () => {
    const cluster = changed();
    cluster.failures.watch = [refused('watch')];
    const result = wait(cluster);
    await sleep(20);
    cluster.pods = [podOf(2)];
    cluster.update(setStatus({ observedGeneration: 2 }));
    expect(await result).toMatchObject({ ok: true });
    expect(cluster.calls.filter(call => call.startsWith('watch'))).toHaveLength(
      1,
    );
  });

  it('should fail on a container that ended, with its message', async () => {
    const cluster = changed();
    const result = wait(cluster);
    await sleep(20);
    const message = `issuer did not match, secret ${SECRET}`;
    cluster.pods = [
      podOf(2, {
        restartCount: 1,
        state: { running: {} },
        lastState: { terminated: { exitCode: 1, reason: 'Error', message } },
      }),
    ];
    // Without a readiness probe the Deployment looks complete.
    cluster.update(setStatus({ observedGeneration: 2 }));
    expect(await result).toEqual({
      ok: false,
      reason:
        'container "hoopgateway" of pod "hoopgateway-2" ended with exit code 1 (Error, 1 restart): issuer did not match, secret <secret>',
    });
  });

  it('should notice a crash that changes only the pod', async () => {
    const cluster = new FakeCluster(deploymentOf(2, { availableReplicas: 0 }), [
      podOf(2),
    ]);
    const result = wait(cluster);
    await sleep(50);
    cluster.pods = [podOf(2, { state: { terminated: { exitCode: 2 } } })];
    cluster.logs['hoopgateway-2'] = '';
    expect(await result).toEqual({
      ok: false,
      reason:
        'container "hoopgateway" of pod "hoopgateway-2" ended with exit code 2 (Terminated)',
    });
  });

  it('should quote the relevant lines of the log where there is no message', async () => {
    const crashed = podOf(2, {
      restartCount: 1,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    });
    const cluster = new FakeCluster(deploymentOf(2, { availableReplicas: 0 }), [
      crashed,
    ]);
    cluster.logs['hoopgateway-2 previous'] = [
      'starting',
      `{"level":"error","msg":"failed loading provider ${SECRET}"}`,
      'bye',
      '',
    ].join('\n');
    expect(await wait(cluster, { since: new Date(0) })).toEqual({
      ok: false,
      reason:
        'container "hoopgateway" of pod "hoopgateway-2" ended with exit code 1 (CrashLoopBackOff, 1 restart): failed loading provider <secret>',
    });
  });

  it('should quote a message that is a log like one', async () => {
    const message = [
      '{"level":"info","message":"starting"}',
      '{"level":"fatal","message":"issuer did not match"}',
      'null',
      '{"level":"error","code":5}',
    ].join('\n');
    const crashed = podOf(2, {
      state: { terminated: { exitCode: 1, message } },
    });
    expect(
      await wait(new FakeCluster(deploymentOf(2), [crashed])),
    ).toMatchObject({
      reason: expect.stringMatching(
        /: issuer did not match \| \{"level":"error","code":5\}$/,
      ),
    });
    const long = podOf(2, {
      state: { terminated: { exitCode: 1, message: `a${'b'.repeat(900)}` } },
    });
    expect(await wait(new FakeCluster(deploymentOf(2), [long]))).toMatchObject({
      reason: expect.stringMatching(/: …b{600}$/),
    });
  });

  it('should redact before it cuts', async () => {
    const message = `start ${SECRET}${'b'.repeat(590)}`;
    const crashed = podOf(2, {
      state: { terminated: { exitCode: 1, message } },
    });
    expect(
      await wait(new FakeCluster(deploymentOf(2), [crashed])),
    ).toMatchObject({
      reason: expect.stringMatching(/: …t <secret>b{590}$/),
    });
  });

  it('should let a log line forge no line and control no terminal', async () => {
    const message = JSON.stringify({
      message: `no issuer\n2026-01-01 info: all is well\u001b[2J ${SECRET}`,
    });
    const crashed = podOf(2, {
      state: { terminated: { exitCode: 1, message } },
    });
    expect(
      await wait(new FakeCluster(deploymentOf(2), [crashed])),
    ).toMatchObject({
      reason: expect.stringMatching(
        /: no issuer 2026-01-01 info: all is well <secret>$/,
      ),
    });
    const coloured = podOf(2, {
      state: {
        terminated: { exitCode: 1, message: '\u001b[31mFATAL\u001b[0m no' },
      },
    });
    expect(
      await wait(new FakeCluster(deploymentOf(2), [coloured])),
    ).toMatchObject({ reason: expect.stringMatching(/: FATAL no$/) });
  });

  it('should quote the last lines of a log without relevant ones, and none where it cannot be read', async () => {
    const crashed = podOf(2, { state: { terminated: { exitCode: 1 } } });
    const cluster = new FakeCluster(deploymentOf(2), [crashed]);
    cluster.logs['hoopgateway-2'] = 'one\ntwo\nthree\nfour\n';
    expect(await wait(cluster)).toMatchObject({
      reason: expect.stringMatching(/: two \| three \| four$/),
    });
    cluster.failures.log = [new Error('no')];
    expect(await wait(cluster)).toMatchObject({
      reason: expect.stringMatching(/exit code 1 \(Terminated\)$/),
    });
  });

  it('should ignore earlier restarts of a pod', async () => {
    const pod = podOf(
      2,
      { restartCount: 3 },
      'old',
      new Date(Date.now() - 3_600_000),
    );
    expect(await wait(new FakeCluster(deploymentOf(2), [pod]))).toMatchObject({
      ok: true,
    });
    const since = new Date(Date.now() - 7_200_000);
    expect(
      await wait(new FakeCluster(deploymentOf(2), [pod]), { since }),
    ).toMatchObject({ ok: false });
  });

  describe('of a rollout that began before', () => {
    const crashed = (restartCount: number) =>
      podOf(2, {
        restartCount,
        state: {
          waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' },
        },
        lastState: { terminated: { exitCode: 1, message: 'no issuer' } },
      });

    it('should wait for the next try of a container that crashed', async () => {
      const cluster = new FakeCluster(
        deploymentOf(2, { availableReplicas: 0 }),
        [crashed(3)],
      );
      const result = wait(cluster, { begun: true });
      await sleep(50);
      cluster.pods = [
        podOf(2, {
          restartCount: 4,
          state: { running: {} },
          lastState: { terminated: { exitCode: 1 } },
        }),
      ];
      cluster.update(setStatus({ availableReplicas: 1 }));
      expect(await result).toMatchObject({ ok: true });
    });

    it('should fail as soon as it has crashed again', async () => {
      const cluster = new FakeCluster(deploymentOf(2), [crashed(3)]);
      const result = wait(cluster, { begun: true });
      await sleep(50);
      cluster.pods = [crashed(4)];
      expect(await result).toEqual({
        ok: false,
        reason:
          'container "hoopgateway" of pod "hoopgateway-2" ended with exit code 1 (CrashLoopBackOff, 4 restarts): no issuer',
      });
    });

    it('should report why it crashed where it is not tried again in time', async () => {
      const cluster = new FakeCluster(deploymentOf(2), [crashed(3)]);
      expect(await wait(cluster, { begun: true, timeoutMs: 200 })).toEqual({
        ok: false,
        reason:
          'not complete within 0.2 s: container "hoopgateway" of pod "hoopgateway-2" ended with exit code 1 (CrashLoopBackOff, 3 restarts): no issuer',
      });
    });

    it('should count each crash of a later pod', async () => {
      const cluster = new FakeCluster(
        deploymentOf(2, { availableReplicas: 0 }),
        [crashed(3)],
      );
      const result = wait(cluster, { begun: true });
      await sleep(50);
      cluster.pods = [
        { ...crashed(0), metadata: { ...podOf(2).metadata, uid: 'new' } },
      ];
      expect(await result).toMatchObject({ ok: false });
    });
  });

  it('should wait a while for a missing object', async () => {
    const waiting = {
      reason: 'CreateContainerConfigError',
      message: 'secret "idp" not found',
    };
    const cluster = new FakeCluster(deploymentOf(2, { availableReplicas: 0 }), [
      podOf(2, { state: { waiting } }),
    ]);
    const result = wait(cluster, { timeoutMs: 300 });
    expect(await result).toEqual({
      ok: false,
      reason:
        'not complete within 0.3 s: container "hoopgateway" of pod "hoopgateway-2" does not start (CreateContainerConfigError): secret "idp" not found',
    });
    expect(lines).toEqual([
      '1 of 1 updated, 1 ready, 0 available; waiting: CreateContainerConfigError',
    ]);
  });

  it('should fail with the deadline of the Deployment, and the reason in the pods', async () => {
    const waiting = { reason: 'ImagePullBackOff', message: 'no such image' };
    const cluster = new FakeCluster(
      deploymentOf(2, {
        availableReplicas: 0,
        conditions: [
          {
            type: 'Progressing',
            status: 'False',
            reason: 'ProgressDeadlineExceeded',
          },
        ],
      }),
      [podOf(2, { state: { waiting } })],
    );
    expect(await wait(cluster)).toEqual({
      ok: false,
      reason:
        'no progress within the Deployment\'s deadline of 600 s; container "hoopgateway" of pod "hoopgateway-2" does not start (ImagePullBackOff): no such image',
    });
  });

  describe('where pods are refused', () => {
    const refusal =
      'pods "hoopgateway-6f-" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1';
    const refusing = () =>
      new FakeCluster(
        deploymentOf(2, {
          replicas: 1,
          updatedReplicas: 0,
          conditions: [
            {
              type: 'ReplicaFailure',
              status: 'True',
              reason: 'FailedCreate',
              message: refusal,
            },
          ],
        }),
        [podOf(1)],
      );

    it('should fail after a while, in the words of the cluster', async () => {
      const begun = Date.now();
      expect(
        await wait(refusing(), {
          patience: { lookAgainMs: 50, refusedMs: 300 },
        }),
      ).toEqual({ ok: false, reason: `pods cannot be created: ${refusal}` });
      expect(Date.now() - begun).toBeGreaterThanOrEqual(300);
      expect(Date.now() - begun).toBeLessThan(2_000);
    });

    it('should go on where it passes', async () => {
      const cluster = refusing();
      const result = wait(cluster, {
        patience: { lookAgainMs: 50, refusedMs: 500 },
      });
      await sleep(200);
      cluster.pods = [podOf(2)];
      cluster.update(setStatus({ updatedReplicas: 1, conditions: [] }));
      expect(await result).toEqual({ ok: true });
    });
  });

  it('should not fail on a pod that was evicted, and name why while it waits', async () => {
    const cluster = new FakeCluster(
      deploymentOf(2, { readyReplicas: 0, availableReplicas: 0 }),
      [
        {
          ...podOf(2),
          status: { phase: 'Failed', reason: 'Evicted', message: 'no disk' },
        },
        podOf(2, { state: { waiting: { reason: 'ContainerCreating' } } }, 'b'),
      ],
    );
    const result = wait(cluster, { since: new Date(0) });
    await sleep(50);
    cluster.pods[1] = podOf(2, {}, 'b');
    cluster.update(setStatus({ readyReplicas: 1, availableReplicas: 1 }));
    expect(await result).toEqual({ ok: true });
    expect(lines).toEqual([
      '1 of 1 updated, 0 ready, 0 available; waiting: ContainerCreating, a pod was replaced: Evicted (no disk)',
      '1 of 1 updated, 1 ready, 1 available',
    ]);
  });

  it('should report a cluster that is down in one line, however it fails, and its next state', async () => {
    const cluster = changed();
    const down = ['refused', 'reset', 'not ready'].map(
      text => new ServiceUnavailableError(text),
    );
    cluster.failures.watch = [...down];
    cluster.failures.get = [...down].reverse();
    cluster.failures.list = [...down];
    const result = wait(cluster, { from: cluster.deployment });
    await sleep(400);
    cluster.pods = [podOf(2)];
    cluster.update(setStatus({ observedGeneration: 2 }));
    expect(await result).toEqual({ ok: true });
    expect(lines).toEqual([
      'the cluster does not answer: refused',
      'waiting for the cluster to see the change',
      '1 of 1 updated, 1 ready, 1 available',
    ]);
  });

  it('should look at the pods less often, and not at the Deployment, while a watch is quiet', async () => {
    const cluster = new FakeCluster(deploymentOf(2, { availableReplicas: 0 }), [
      podOf(2),
    ]);
    await wait(cluster, {
      from: cluster.deployment,
      timeoutMs: 1_000,
      patience: { lookAgainMs: 40 },
    });
    const calls = (method: string) =>
      cluster.calls.filter(call => call.startsWith(method)).length;
    expect(calls('get')).toBe(0);
    expect(calls('watch')).toBe(1);
    expect(calls('list')).toBeLessThan(12);
    const silent = changed();
    await wait(silent, {
      from: silent.deployment,
      timeoutMs: 1_000,
      patience: { lookAgainMs: 40, silentWatchMs: 300 },
    });
    expect(
      silent.calls.filter(call => call.startsWith('get')).length,
    ).toBeLessThanOrEqual(3);
  });

  it('should wait for a confirmation, and ask again', async () => {
    const cluster = new FakeCluster(deploymentOf(2), [podOf(2)]);
    const confirm = jest
      .fn()
      .mockRejectedValueOnce(new Error('no'))
      .mockResolvedValueOnce(false)
      .mockResolvedValueOnce(true);
    expect(await wait(cluster, { confirm })).toMatchObject({ ok: true });
    expect(confirm).toHaveBeenCalledTimes(3);
    expect(lines).toEqual([
      '1 of 1 updated, 1 ready, 1 available; waiting: an answer from the gateway',
      '1 of 1 updated, 1 ready, 1 available',
    ]);
  });

  it('should not read the Deployment while a watch reports its changes', async () => {
    const cluster = new FakeCluster(deploymentOf(2), [podOf(2)]);
    const confirm = jest.fn().mockResolvedValue(false);
    const result = wait(cluster, {
      from: cluster.deployment,
      confirm,
      patience: { lookAgainMs: 400 },
    });
    await sleep(600);
    confirm.mockResolvedValue(true);
    const answering = Date.now();
    expect(await result).toMatchObject({ ok: true });
    expect(Date.now() - answering).toBeLessThan(250);
    const calls = (method: string) =>
      cluster.calls.filter(call => call.startsWith(method)).length;
    expect([calls('get'), calls('watch'), calls('list')]).toEqual([0, 1, 3]);
    expect(confirm.mock.calls.length).toBeGreaterThanOrEqual(3);
    // Five a second while nothing changes.
    expect(confirm.mock.calls.length).toBeLessThanOrEqual(5);
  });

  it('should report a crash instead of waiting for a confirmation that never comes', async () => {
    const cluster = new FakeCluster(deploymentOf(2), [podOf(2)]);
    const result = wait(cluster, { confirm: async () => false });
    await sleep(50);
    cluster.pods = [
      podOf(2, {
        state: { terminated: { exitCode: 1, message: 'no issuer' } },
      }),
    ];
    expect(await result).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/exit code 1 \(Terminated\): no issuer$/),
    });
    const slow = new FakeCluster(deploymentOf(2), [podOf(2)]);
    expect(
      await wait(slow, { confirm: async () => false, timeoutMs: 300 }),
    ).toMatchObject({
      reason: expect.stringMatching(
        /^not complete within 0.3 s: .*waiting: an answer from the gateway$/,
      ),
    });
  });

  it('should give up at its own deadline', async () => {
    const cluster = changed();
    expect(await wait(cluster, { timeoutMs: 200 })).toEqual({
      ok: false,
      reason:
        'not complete within 0.2 s: waiting for the cluster to see the change',
    });
    await sleep(10);
    expect(cluster.watching).toBe(0);
  });

  it('should end with the reason of the caller when it aborts', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const cluster = changed();
    setTimeout(() => controller.abort(reason), 50);
    await expect(wait(cluster, { signal: controller.signal })).rejects.toBe(
      reason,
    );
    await sleep(10);
    expect(cluster.watching).toBe(0);
    await expect(wait(cluster, { signal: controller.signal })).rejects.toBe(
      reason,
    );
  });

  it('should continue without the pods where listing them is not permitted', async () => {
    const cluster = new FakeCluster(deploymentOf(2), []);
    cluster.failures.list = [refused('list')];
    expect(await wait(cluster)).toMatchObject({ ok: true });
    expect(lines[0]).toMatch(
      /a container that crashes goes unnoticed: grant "list" on pods/,
    );
  });

  it('should not fail a good rollout whose pods cannot be listed', async () => {
    const cluster = new FakeCluster(deploymentOf(2), [podOf(2)]);
    cluster.failures.list = Array.from(
      { length: 100 },
      () => new ServiceUnavailableError('no pods'),
    );
    const confirm = jest.fn().mockResolvedValue(true);
    expect(await wait(cluster, { confirm })).toEqual({ ok: true });
    expect(lines).toContain(
      'the pods cannot be listed, so a container that crashes goes unnoticed: no pods',
    );
  });

  it('should survive a cluster that does not answer for a moment', async () => {
    const cluster = new FakeCluster(deploymentOf(2), [podOf(2)]);
    cluster.failures.list = [new ServiceUnavailableError('down')];
    cluster.failures.watch = [new ServiceUnavailableError('down')];
    expect(await wait(cluster)).toMatchObject({ ok: true });
    expect(lines).toEqual([
      'the cluster does not answer: down',
      '1 of 1 updated, 1 ready, 1 available',
    ]);
  });

  it('should throw when the Deployment cannot be read at the start', async () => {
    const cluster = changed();
    const failure = refused('get');
    cluster.failures.get = [failure];
    await expect(wait(cluster)).rejects.toBe(failure);
  });

  it('should report that the Deployment does not exist, or no longer does', async () => {
    const reason =
      'Deployment "hoopgateway" does not exist in namespace "hoop"';
    const absent = changed();
    absent.deployment = undefined;
    expect(await wait(absent)).toEqual({ ok: false, reason });
    const cluster = changed();
    const result = wait(cluster);
    await sleep(20);
    cluster.remove();
    expect(await result).toEqual({ ok: false, reason });
  });
});
