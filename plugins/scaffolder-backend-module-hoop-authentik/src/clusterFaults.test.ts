import type { ClusterFault } from 'sandbox';
import {
  createAuthentikApplicationEnsureAction,
  createHoopGatewayConfigureAction,
  createHoopGatewayRestartAction,
  createHoopGatewayVerifyAction,
} from './actions';
import { callCluster } from './__testUtils__/callCluster';
import { onceLogged } from './__testUtils__/onceLogged';
import { textOf } from './__testUtils__/runAction';
import { readSystemState } from './__testUtils__/systemState';
import { useSandbox, type SandboxRunOptions } from './__testUtils__/useSandbox';

const RESTORED =
  'Previous settings restored. Fix the cause above and run the task again.';

describe('a cluster that stands in the way', () => {
  const fixture = useSandbox();

  beforeEach(async () => {
    await fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
      name: 'Hoop.dev',
    });
  });

  afterEach(() => fixture.sandbox.control.clearClusterFaults());

  const configure = (options?: SandboxRunOptions) =>
    fixture.run(createHoopGatewayConfigureAction, { gateway: 'main' }, options);
  const faulty = (fault: ClusterFault) =>
    fixture.sandbox.control.clusterFault(fault);
  const patch = (path: string, body: object) =>
    callCluster(fixture.sandbox, 'PATCH', path, body);
  const deployment = 'deployments/hoopgateway';

  it.each<[string, ClusterFault, string]>([
    [
      'a quota of Secrets',
      { kind: 'quota', namespace: 'hoop', name: 'few', hard: { secrets: 0 } },
      '“secrets "hoopgateway-idp" is forbidden: exceeded quota: few, requested: secrets=1, used: secrets=0, limited: secrets=0”',
    ],
    [
      'a webhook out of reach',
      {
        kind: 'webhook',
        name: 'away.example.com',
        does: 'out-of-reach',
        resources: ['deployments'],
      },
      'failed calling webhook "away.example.com"',
    ],
    ...[400, 403, 409, 422, 429, 500].map(
      (code): [string, ClusterFault, string] => [
        `a webhook that denies with ${code}`,
        {
          kind: 'webhook',
          name: 'git.example.com',
          does: 'deny',
          code,
          message: 'settings of gateways are changed in Git',
          resources: ['deployments'],
        },
        `${code}: “admission webhook "git.example.com" denied the request: settings of gateways are changed in Git”`,
      ],
    ),
    [
      'a policy',
      {
        kind: 'policy',
        name: 'tickets',
        does: 'deny',
        message: 'a ticket is missing',
        resources: ['configmaps'],
      },
      "ValidatingAdmissionPolicy 'tickets' with binding 'tickets' denied request: a ticket is missing”",
    ],
    [
      'a namespace that is being deleted',
      { kind: 'terminating', namespace: 'hoop' },
      'unable to create new content in namespace hoop because it is being terminated',
    ],
  ])(
    'should be known before anything is written: %s',
    async (_, fault, said) => {
      const before = await readSystemState(fixture.sandbox);
      await faulty(fault);
      const writesSince = await fixture.watchWrites();

      const { error } = await configure();

      expect(error?.message).toMatch(/^Nothing was written: /);
      expect(error?.message).toContain(said);
      expect(await writesSince()).toEqual([]);
      expect(await readSystemState(fixture.sandbox)).toEqual(before);
    },
  );

  it.each(['out-of-reach', 'deny'] as const)(
    'should leave nothing behind where a webhook that supports no dry run turns out to refuse: %s',
    async does => {
      const before = await readSystemState(fixture.sandbox);
      await faulty({
        kind: 'webhook',
        name: 'effects.example.com',
        does,
        code: 500,
        dryRun: false,
        resources: ['deployments'],
      });

      const { error, ...run } = await configure();

      expect(textOf(run)).toContain(
        'Whether the cluster accepts the Deployment "hoopgateway" is unknown until it is written',
      );
      expect(error?.message).toMatch(
        /^The settings could not be written: .*"effects\.example\.com"/,
      );
      expect(error?.message).toMatch(new RegExp(`${RESTORED}$`));
      expect(await readSystemState(fixture.sandbox)).toEqual(before);
      expect(await fixture.authMethod()).toBe('local');
    },
  );

  it('should fail after a few seconds of refused pods, and keep those that run', async () => {
    await patch(deployment, {
      spec: {
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
        },
      },
    });
    const pods = async () =>
      (
        await callCluster<{ items: Array<{ metadata: { name: string } }> }>(
          fixture.sandbox,
          'GET',
          'pods',
        )
      ).items.map(({ metadata }) => metadata.name);
    const before = await readSystemState(fixture.sandbox);
    const podsBefore = await pods();
    await faulty({ kind: 'quota', namespace: 'hoop', hard: { pods: 1 } });
    const begun = Date.now();

    const { error } = await configure();

    expect(Date.now() - begun).toBeLessThan(20_000);
    expect(error?.message).toMatch(
      /^The gateway did not come up with the new settings: pods cannot be created: pods "hoopgateway-[^"]+" is forbidden: exceeded quota: /,
    );
    expect(error?.message).toMatch(new RegExp(`${RESTORED}$`));
    // Not even the mark of a restart is new, so that no pod had to be made.
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
    expect(await pods()).toEqual(podsBefore);
  });

  it.each<[string, () => Promise<void>]>([
    [
      'an API server that starts anew',
      () => faulty({ kind: 'starting', forMs: 3_000 }),
    ],
    [
      'an API server without a free seat',
      () => faulty({ kind: 'busy', times: 6 }),
    ],
    ['the history is forgotten', () => fixture.sandbox.control.compact()],
  ])('should be outlasted on both ways: %s', async (_, begin) => {
    const forward = onceLogged(/created$/, begin);
    const { error } = await configure({ onLog: forward.onLog });
    await forward.happened();
    expect(error).toBeUndefined();
    expect(await fixture.authMethod()).toBe('oidc');

    await fixture.sandbox.control.reset();
    await fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
      name: 'Hoop.dev',
    });
    await fixture.sandbox.control.rollout('crash');
    const back = onceLogged(/^Restoring the previous settings$/, begin);
    const failed = await configure({ onLog: back.onLog });
    await back.happened();
    expect(failed.error?.message).toMatch(
      new RegExp(`was asked to crash.*${RESTORED}$`),
    );
    expect(await fixture.authMethod()).toBe('local');
  });

  it('should not take an evicted pod for a gateway that does not run', async () => {
    await fixture.connect();
    const [pod] = (
      await callCluster<{ items: Array<{ metadata: { name: string } }> }>(
        fixture.sandbox,
        'GET',
        'pods',
      )
    ).items;
    await patch(`pods/${pod.metadata.name}/status`, {
      status: {
        phase: 'Failed',
        reason: 'Evicted',
        message: 'The node was low on resource: memory.',
        containerStatuses: [],
      },
    });
    await fixture.succeed(createHoopGatewayRestartAction, {
      gateway: 'main',
      always: true,
    });
    await fixture.succeed(createHoopGatewayVerifyAction, { gateway: 'main' });
    const writesSince = await fixture.watchWrites();
    const { error } = await configure();
    expect(error).toBeUndefined();
    expect(await writesSince()).toEqual([]);
  });

  it('should not write to what is being deleted, or restart what is paused', async () => {
    await patch(deployment, { spec: { paused: true } });
    const writesSince = await fixture.watchWrites();
    const paused = await configure();
    expect(paused.error?.message).toMatch(/is paused.*kubectl rollout resume/);
    const restarted = await fixture.run(createHoopGatewayRestartAction, {
      gateway: 'main',
      always: true,
    });
    expect(restarted.error?.message).toMatch(/is paused/);
    await patch(deployment, {
      spec: { paused: false },
      metadata: { finalizers: ['example.com/hold'] },
    });
    await callCluster(fixture.sandbox, 'DELETE', deployment);
    const deleted = await configure();
    expect(deleted.error?.message).toMatch(
      /The Deployment "hoopgateway" is being deleted/,
    );
    // Those of this test.
    expect(await writesSince()).toEqual([
      expect.stringMatching(/^kubernetes PATCH .*deployments\/hoopgateway$/),
      expect.stringMatching(/^kubernetes DELETE .*deployments\/hoopgateway$/),
    ]);
    await patch(deployment, { metadata: { finalizers: null } });
  });
});
