import {
  configMap,
  configMapsPath,
  deploymentsPath,
  isRolledOut,
  jsonPatch,
  KubernetesHarness,
  mergePatch,
  podsPath,
  secretsPath,
  strategicPatch,
  base64,
  secret,
  webDeployment,
} from '../../testing/kubernetesHarness';
import { Deployment, Pod } from '../types';

let cluster: KubernetesHarness;

beforeAll(async () => {
  cluster = await KubernetesHarness.start();
});
afterAll(() => cluster.close());
beforeEach(() => cluster.reset());

const path = `${deploymentsPath}/web`;
const settled = () => cluster.until(() => cluster.deployment(), isRolledOut);

/** Long enough for a whole rollout, so that what has not happened by then does not happen. */
function controllersHadTime(): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, 150);
  });
}

function progressing(deployment: Deployment): string | undefined {
  return deployment.status?.conditions?.find(
    condition => condition.type === 'Progressing',
  )?.reason;
}

function deploy(...changes: Parameters<typeof webDeployment>) {
  return cluster.call<Deployment>(
    'POST',
    deploymentsPath,
    webDeployment(...changes),
  );
}

function restart(stamp: string, options = strategicPatch) {
  return cluster.call<Deployment>(
    'PATCH',
    path,
    {
      spec: {
        template: {
          metadata: {
            annotations: { 'kubectl.kubernetes.io/restartedAt': stamp },
          },
        },
      },
    },
    options,
  );
}

async function onlyContainer() {
  const pods = await cluster.pods();
  return pods[0]?.status?.containerStatuses?.[0];
}

describe('6. rollout', () => {
  it('runs behind the write: observedGeneration, ReplicaSet, pod, counts, conditions', async () => {
    const created = await deploy();
    expect(created.body.status).toBeUndefined();
    const done = await settled();
    expect(done.metadata.annotations).toEqual({
      'deployment.kubernetes.io/revision': '1',
    });
    expect(done.status).toMatchObject({
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
    });
    expect(progressing(done)).toBe('NewReplicaSetAvailable');
    const [set] = await cluster.replicaSets();
    expect(set.metadata.ownerReferences).toMatchObject([
      { kind: 'Deployment', name: 'web', controller: true },
    ]);
    expect(set.metadata.labels?.['pod-template-hash']).toBeDefined();
  });

  it('gives every template its ReplicaSet, and an earlier one its old ReplicaSet back', async () => {
    await deploy();
    await settled();
    const [first] = await cluster.replicaSets();
    const restarted = await restart('1');
    expect(restarted.body.metadata.generation).toBe(2);
    expect(restarted.body.status?.observedGeneration).toBe(1);
    await settled();
    expect(await cluster.replicaSets()).toHaveLength(2);
    // What `kubectl rollout undo` sends: the template of the earlier ReplicaSet.
    const { template } = first.spec;
    delete template.metadata?.labels?.['pod-template-hash'];
    await cluster.call(
      'PATCH',
      path,
      [{ op: 'replace', path: '/spec/template', value: template }],
      jsonPatch,
    );
    const undone = await settled();
    const sets = await cluster.replicaSets();
    expect(sets).toHaveLength(2);
    expect(
      undone.metadata.annotations?.['deployment.kubernetes.io/revision'],
    ).toBe('3');
    expect(
      sets.find(set => set.metadata.name === first.metadata.name)?.spec
        .replicas,
    ).toBe(1);
  });

  it('ends every old pod before it starts a new one with Recreate', async () => {
    await deploy({ replicas: 2 });
    await settled();
    const watch = cluster.watch(`${podsPath}?watch=true`, events => {
      const added = events.filter(event => event.type === 'ADDED');
      return added.length === 4;
    });
    await restart('1');
    const events = (await watch).slice(2);
    const firstNew = events.findIndex(event => event.type === 'ADDED');
    const deletions = events
      .slice(0, firstNew)
      .filter(event => event.type === 'DELETED');
    expect(deletions).toHaveLength(2);
  });

  it('keeps serving with RollingUpdate: the old pod goes when the new one is ready', async () => {
    await deploy({ strategy: undefined }, { readinessProbe: { exec: {} } });
    await cluster.until(
      async () => cluster.runtime.started.length,
      count => count === 1,
    );
    await controllersHadTime();
    expect((await cluster.deployment()).status?.availableReplicas).toBe(
      undefined,
    );
    cluster.runtime.last().ready();
    await settled();
    const old = cluster.runtime.last();
    await restart('1');
    await cluster.until(
      async () => cluster.runtime.started.length,
      count => count === 2,
    );
    await controllersHadTime();
    expect(await cluster.pods()).toHaveLength(2);
    expect(old.isStopped()).toBe(false);
    cluster.runtime.last().ready();
    await settled();
    expect(old.isStopped()).toBe(true);
  });

  it('scales up and down', async () => {
    await deploy({ replicas: 1 });
    await settled();
    await cluster.call('PATCH', path, { spec: { replicas: 3 } }, mergePatch);
    await settled();
    expect(await cluster.pods()).toHaveLength(3);
    await cluster.call('PATCH', path, { spec: { replicas: 0 } }, mergePatch);
    await cluster.until(
      () => cluster.pods(),
      pods => pods.length === 0,
    );
  });

  it('does not roll while paused, and says so', async () => {
    await deploy();
    await settled();
    await cluster.call('PATCH', path, { spec: { paused: true } }, mergePatch);
    await restart('1');
    const paused = await cluster.until(
      () => cluster.deployment(),
      deployment => deployment.status?.observedGeneration === 3,
    );
    expect(progressing(paused)).toBe('DeploymentPaused');
    await controllersHadTime();
    expect(await cluster.replicaSets()).toHaveLength(1);
    expect(cluster.runtime.last().isStopped()).toBe(false);
    await cluster.call('PATCH', path, { spec: { paused: null } }, mergePatch);
    await settled();
    expect(await cluster.replicaSets()).toHaveLength(2);
  });

  it('reports the deadline when an image cannot be pulled', async () => {
    cluster.kubernetes.failRollouts('image-pull', 1);
    await deploy({ progressDeadlineSeconds: 1 });
    const waiting = await cluster.until(onlyContainer, status =>
      ['ErrImagePull', 'ImagePullBackOff'].includes(
        status?.state.waiting?.reason ?? '',
      ),
    );
    expect(waiting?.ready).toBe(false);
    await cluster.until(onlyContainer, status =>
      Boolean(status?.state.waiting?.reason === 'ImagePullBackOff'),
    );
    const late = await cluster.until(
      () => cluster.deployment(),
      deployment => progressing(deployment) === 'ProgressDeadlineExceeded',
    );
    expect(late.status?.unavailableReplicas).toBe(1);
    // The next template is a new rollout and not struck.
    await restart('1');
    await settled();
  });

  it('reports a quota that forbids the pod', async () => {
    cluster.kubernetes.failRollouts('quota', 1);
    await deploy();
    const failed = await cluster.until(
      () => cluster.deployment(),
      deployment =>
        deployment.status?.conditions?.some(
          condition => condition.type === 'ReplicaFailure',
        ) ?? false,
    );
    expect(failed.status?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'ReplicaFailure',
        status: 'True',
        reason: 'FailedCreate',
        message: expect.stringContaining('exceeded quota'),
      }),
    );
    expect(await cluster.pods()).toEqual([]);
  });

  it('waits for a volume another pod holds', async () => {
    const volumes = {
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
    };
    await deploy({ strategy: undefined }, {}, volumes);
    await settled();
    await restart('1');
    await cluster.until(
      () =>
        cluster.get<{ items: { reason: string }[] }>(
          '/api/v1/namespaces/demo/events',
        ),
      answer =>
        answer.body.items.some(event => event.reason === 'FailedAttachVolume'),
    );
    expect(cluster.runtime.started).toHaveLength(1);
    expect(await cluster.pods()).toHaveLength(2);
  });

  it('removes ReplicaSets and pods with their Deployment', async () => {
    await deploy();
    await settled();
    await cluster.call('DELETE', path, { propagationPolicy: 'Background' });
    await cluster.until(
      () => cluster.pods(),
      pods => pods.length === 0,
    );
    expect(await cluster.replicaSets()).toEqual([]);
    expect(cluster.runtime.last().isStopped()).toBe(true);
  });
});

describe('6. what is left behind', () => {
  it('adopts the ReplicaSet of a Deployment deleted with Orphan', async () => {
    await deploy();
    await settled();
    await cluster.call('DELETE', path, { propagationPolicy: 'Orphan' });
    const [orphan] = await cluster.replicaSets();
    expect(orphan.metadata.ownerReferences ?? []).toEqual([]);
    await deploy();
    await settled();
    expect(await cluster.replicaSets()).toHaveLength(1);
    expect(cluster.runtime.started).toHaveLength(1);
  });

  it('ignores the status of a manifest that was exported before', async () => {
    const { body } = await deploy();
    await settled();
    const exported = await cluster.deployment();
    await cluster.call('DELETE', path);
    const { resourceVersion: _, ...metadata } = exported.metadata;
    const again = await cluster.call('POST', deploymentsPath, {
      ...exported,
      metadata,
    });
    expect(exported.status?.observedGeneration).toBe(1);
    expect(again.body).not.toHaveProperty('status');
    expect(again.body.metadata.uid).not.toBe(body.metadata.uid);
  });

  it('empties a deleted namespace for good', async () => {
    await deploy();
    await settled();
    await cluster.call('POST', configMapsPath, configMap('settings'));
    await cluster.call('DELETE', '/api/v1/namespaces/demo');
    expect(await cluster.pods()).toEqual([]);
    await controllersHadTime();
    expect(await cluster.pods()).toEqual([]);
    expect(await cluster.replicaSets()).toEqual([]);
    expect((await cluster.get(`${configMapsPath}/settings`)).status).toBe(404);
    expect(cluster.runtime.last().isStopped()).toBe(true);
  });
});

describe('6. crashes', () => {
  it('restarts with growing pauses and keeps the reason', async () => {
    cluster.runtime.onStart = container => {
      container.print('boot failed: no database');
      setTimeout(() => container.exit({ code: 3 }), 5);
    };
    await deploy({}, { terminationMessagePolicy: 'FallbackToLogsOnError' });
    const crashed = await cluster.until(
      onlyContainer,
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
    const deployment = await cluster.deployment();
    expect(progressing(deployment)).toBe('NewReplicaSetAvailable');
    expect(deployment.status?.availableReplicas).toBe(undefined);
  });

  it('has no message by default, because the process wrote none', async () => {
    cluster.runtime.onStart = container => {
      container.print('boot failed');
      setTimeout(() => container.exit({ code: 1 }), 5);
    };
    await deploy();
    const crashed = await cluster.until(onlyContainer, status =>
      Boolean(status?.lastState.terminated),
    );
    expect(crashed?.lastState.terminated).not.toHaveProperty('message');
  });

  it('can be asked for', async () => {
    cluster.kubernetes.failRollouts('crash', 1);
    await deploy();
    const crashed = await cluster.until(onlyContainer, status =>
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
    await deploy({}, fromSettings);
    await settled();
    await settings({ A: '2' });
    expect(cluster.runtime.started).toHaveLength(1);
    expect(envOf()).toEqual({ A: '1' });
    await restart('1');
    await settled();
    expect(envOf()).toEqual({ A: '2' });
  });

  it('is read again by a restart in place, without any rollout', async () => {
    await deploy({}, fromSettings);
    await settled();
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
    await deploy({}, { envFrom: [{ secretRef: { name: 'late' } }] });
    const waiting = await cluster.until(
      onlyContainer,
      status => status?.state.waiting?.reason === 'CreateContainerConfigError',
    );
    expect(waiting?.state.waiting?.message).toBe('secret "late" not found');
    await cluster.call(
      'POST',
      secretsPath,
      secret('late', { B: base64('b\n') }),
    );
    await settled();
    expect(envOf()).toEqual({ B: 'b\n' });
  });

  it('can be dated: pod start, container start and the last write of the source', async () => {
    await deploy({}, fromSettings);
    await settled();
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
    await deploy({}, { envFrom: [{ configMapRef: { name: 'settings' } }] });
    const { spec } = await settled();
    await cluster.call(
      'PATCH',
      `${configMapsPath}/settings`,
      { data: { A: 'new' } },
      mergePatch,
    );
    await restart('1');
    await settled();
    await cluster.call(
      'PATCH',
      path,
      [{ op: 'replace', path: '/spec/template', value: spec.template }],
      jsonPatch,
    );
    await settled();
    expect(cluster.runtime.started).toHaveLength(3);
    expect(cluster.runtime.last().specification.env).toEqual({ A: 'new' });
  });
});
