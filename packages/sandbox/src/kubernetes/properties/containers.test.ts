import {
  configMap,
  configMapsPath,
  KubernetesHarness,
  mergePatch,
  podsPath,
  secretsPath,
  base64,
  secret,
  strategicPatch,
} from '../../testing/kubernetesHarness';
import {
  WebDeployment,
  progressing,
  webPath,
} from '../../testing/webDeployment';
import { Pod } from '../types';

jest.setTimeout(20_000);

let cluster: KubernetesHarness;

beforeAll(async () => {
  cluster = await KubernetesHarness.start();
});
afterAll(() => cluster.close());
beforeEach(() => cluster.reset());

const web = new WebDeployment(() => cluster);

describe('6. crashes', () => {
  it('restarts with growing pauses and keeps the reason', async () => {
    cluster.runtime.onStart = container => {
      container.print('boot failed: no database');
      setTimeout(() => container.exit({ code: 3 }), 30);
    };
    await web.deploy({}, { terminationMessagePolicy: 'FallbackToLogsOnError' });
    const crashed = await cluster.until(
      web.onlyContainer,
      status =>
        status?.state.waiting?.reason === 'CrashLoopBackOff' &&
        status.restartCount >= 2,
    );
    expect(crashed?.lastState.terminated).toMatchObject({
      exitCode: 3,
      reason: 'Error',
      message: 'boot failed: no database',
    });
    const [pod] = await cluster.pods();
    const log = `${podsPath}/${pod.metadata.name}/log`;
    expect((await cluster.get(log)).text).toBe('boot failed: no database\n');
    expect((await cluster.get(`${log}?previous=true`)).text).toContain(
      'no database',
    );
    // No probe: the rollout was complete before the first crash, and stays so.
    const deployment = await cluster.until(
      () => cluster.deployment(),
      ({ status }) => status?.availableReplicas === undefined,
    );
    expect(progressing(deployment)).toBe('NewReplicaSetAvailable');
  });

  it('has no message by default, because the process wrote none', async () => {
    cluster.runtime.onStart = container => {
      container.print('boot failed');
      setTimeout(() => container.exit({ code: 1 }), 5);
    };
    await web.deploy();
    const crashed = await cluster.until(web.onlyContainer, status =>
      Boolean(status?.lastState.terminated),
    );
    expect(crashed?.lastState.terminated).not.toHaveProperty('message');
  });

  it('can be asked for', async () => {
    cluster.kubernetes.failRollouts('crash', 1);
    await web.deploy();
    const crashed = await cluster.until(web.onlyContainer, status =>
      Boolean(status?.lastState.terminated),
    );
    expect(crashed?.lastState.terminated?.exitCode).toBe(1);
    expect(cluster.runtime.started).toHaveLength(0);
  });
});

describe('7. environment at container start', () => {
  const envOf = () => cluster.runtime.last().specification.env;
  const fromSettings = { envFrom: [{ configMapRef: { name: 'settings' } }] };

  async function settings(data: Record<string, string>) {
    await cluster.call(
      'PATCH',
      `${configMapsPath}/settings`,
      { data },
      mergePatch,
    );
  }

  beforeEach(async () => {
    await cluster.call(
      'POST',
      configMapsPath,
      configMap('settings', { A: '1' }),
    );
  });

  it('does not follow a change until a new container starts', async () => {
    await web.deploy({}, fromSettings);
    await web.settled();
    await settings({ A: '2' });
    expect(cluster.runtime.started).toHaveLength(1);
    expect(envOf()).toEqual({ A: '1' });
    await web.restart('1');
    await web.settled();
    expect(envOf()).toEqual({ A: '2' });
  });

  it('is read again by a restart in place, without any rollout', async () => {
    await web.deploy({}, fromSettings);
    await web.settled();
    await settings({ A: '2' });
    cluster.runtime.last().exit({ code: 1 });
    await cluster.until(
      async () => cluster.runtime.started.length,
      count => count === 2,
    );
    expect(envOf()).toEqual({ A: '2' });
    expect(await cluster.replicaSets()).toHaveLength(1);
  });

  it('keeps the container waiting for a missing object, which then starts', async () => {
    await web.deploy({}, { envFrom: [{ secretRef: { name: 'late' } }] });
    const waiting = await cluster.until(
      web.onlyContainer,
      status => status?.state.waiting?.reason === 'CreateContainerConfigError',
    );
    expect(waiting?.state.waiting?.message).toBe('secret "late" not found');
    await cluster.call(
      'POST',
      secretsPath,
      secret('late', { B: base64('b\n') }),
    );
    await web.settled();
    expect(envOf()).toEqual({ B: 'b\n' });
  });

  it('can be dated: pod start, container start and the last write of the source', async () => {
    await web.deploy({}, fromSettings);
    await web.settled();
    const [pod]: Pod[] = await cluster.pods();
    const startedAt =
      pod.status?.containerStatuses?.[0].state.running?.startedAt ?? '';
    expect(Date.parse(pod.status?.startTime ?? '')).toBeLessThanOrEqual(
      Date.parse(startedAt),
    );
    const { body } = await cluster.get(`${configMapsPath}/settings`);
    const written = body.metadata.managedFields?.[0].time ?? '';
    expect(Date.parse(written)).toBeLessThanOrEqual(Date.parse(startedAt));
  });
});

describe('9. undo', () => {
  it('brings back the template and not the content of the ConfigMap', async () => {
    await cluster.call(
      'POST',
      configMapsPath,
      configMap('settings', { A: 'old' }),
    );
    await web.deploy({}, { envFrom: [{ configMapRef: { name: 'settings' } }] });
    const { spec } = await web.settled();
    await cluster.call(
      'PATCH',
      `${configMapsPath}/settings`,
      { data: { A: 'new' } },
      mergePatch,
    );
    await web.restart('1');
    await web.settled();
    await cluster.call(
      'PATCH',
      webPath,
      { spec: { template: { ...spec.template, $patch: 'replace' } } },
      strategicPatch,
    );
    await web.settled();
    expect(cluster.runtime.started).toHaveLength(3);
    expect(cluster.runtime.last().specification.env).toEqual({ A: 'new' });
  });
});
