import {
  configMap,
  configMapsPath,
  deploymentsPath,
  KubernetesHarness,
  mergePatch,
  podsPath,
  strategicPatch,
} from '../../testing/kubernetesHarness';
import {
  WebDeployment,
  progressing,
  webPath,
} from '../../testing/webDeployment';

jest.setTimeout(20_000);

let cluster: KubernetesHarness;

beforeAll(async () => {
  cluster = await KubernetesHarness.start();
});
afterAll(() => cluster.close());
beforeEach(() => cluster.reset());

const web = new WebDeployment(() => cluster);

/** Long enough for a whole rollout, so that what has not happened by then does not happen. */
function controllersHadTime(): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, 150);
  });
}

describe('6. rollout', () => {
  it('runs behind the write: observedGeneration, ReplicaSet, pod, counts, conditions', async () => {
    const created = await web.deploy();
    expect(created.body.status).toEqual({});
    const done = await web.settled();
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
    await web.deploy();
    await web.settled();
    const [first] = await cluster.replicaSets();
    const restarted = await web.restart('1');
    expect(restarted.body.metadata.generation).toBe(2);
    expect(restarted.body.status?.observedGeneration).toBe(1);
    await web.settled();
    expect(await cluster.replicaSets()).toHaveLength(2);
    // As `kubectl rollout undo` does: the template of the earlier ReplicaSet.
    const { template } = first.spec;
    delete template.metadata?.labels?.['pod-template-hash'];
    await cluster.call(
      'PATCH',
      webPath,
      { spec: { template: { ...template, $patch: 'replace' } } },
      strategicPatch,
    );
    const undone = await web.settled();
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
    await web.deploy({ replicas: 2 });
    await web.settled();
    const watch = cluster.watch(`${podsPath}?watch=true`, events => {
      const added = events.filter(event => event.type === 'ADDED');
      return added.length === 4;
    });
    await web.restart('1');
    const events = (await watch).slice(2);
    const firstNew = events.findIndex(event => event.type === 'ADDED');
    const deletions = events
      .slice(0, firstNew)
      .filter(event => event.type === 'DELETED');
    expect(deletions).toHaveLength(2);
  });

  it('keeps serving with RollingUpdate: the old pod goes when the new one is ready', async () => {
    await web.deploy({ strategy: undefined }, { readinessProbe: { exec: {} } });
    await cluster.until(
      async () => cluster.runtime.started.length,
      count => count === 1,
    );
    await controllersHadTime();
    expect((await cluster.deployment()).status?.availableReplicas).toBe(
      undefined,
    );
    cluster.runtime.last().ready();
    await web.settled();
    const old = cluster.runtime.last();
    await web.restart('1');
    await cluster.until(
      async () => cluster.runtime.started.length,
      count => count === 2,
    );
    await controllersHadTime();
    expect(await cluster.pods()).toHaveLength(2);
    expect(old.isStopped()).toBe(false);
    cluster.runtime.last().ready();
    await web.settled();
    expect(old.isStopped()).toBe(true);
  });

  it('scales up and down', async () => {
    await web.deploy({ replicas: 1 });
    await web.settled();
    await cluster.call('PATCH', webPath, { spec: { replicas: 3 } }, mergePatch);
    await web.settled();
    expect(await cluster.pods()).toHaveLength(3);
    await cluster.call('PATCH', webPath, { spec: { replicas: 0 } }, mergePatch);
    await cluster.until(
      () => cluster.pods(),
      pods => pods.length === 0,
    );
  });

  it('does not roll while paused, and says so', async () => {
    await web.deploy();
    await web.settled();
    await cluster.call(
      'PATCH',
      webPath,
      { spec: { paused: true } },
      mergePatch,
    );
    await web.restart('1');
    const paused = await cluster.until(
      () => cluster.deployment(),
      deployment => deployment.status?.observedGeneration === 3,
    );
    expect(progressing(paused)).toBe('DeploymentPaused');
    await controllersHadTime();
    expect(await cluster.replicaSets()).toHaveLength(1);
    expect(cluster.runtime.last().isStopped()).toBe(false);
    await cluster.call(
      'PATCH',
      webPath,
      { spec: { paused: null } },
      mergePatch,
    );
    await web.settled();
    expect(await cluster.replicaSets()).toHaveLength(2);
  });

  it('reports the deadline when an image cannot be pulled', async () => {
    cluster.kubernetes.failRollouts('image-pull', 1);
    await web.deploy({ progressDeadlineSeconds: 1 });
    const waiting = await cluster.until(web.onlyContainer, status =>
      ['ErrImagePull', 'ImagePullBackOff'].includes(
        status?.state.waiting?.reason ?? '',
      ),
    );
    expect(waiting?.ready).toBe(false);
    await cluster.until(web.onlyContainer, status =>
      Boolean(status?.state.waiting?.reason === 'ImagePullBackOff'),
    );
    const late = await cluster.until(
      () => cluster.deployment(),
      deployment => progressing(deployment) === 'ProgressDeadlineExceeded',
    );
    expect(late.status?.unavailableReplicas).toBe(1);
    // The next template is a new rollout and not struck.
    await web.restart('1');
    await web.settled();
  });

  it('reports a quota that forbids the pod', async () => {
    cluster.kubernetes.failRollouts('quota', 1);
    await web.deploy();
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
    await web.deploy({ strategy: undefined }, {}, volumes);
    await web.settled();
    await web.restart('1');
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
    await web.deploy();
    await web.settled();
    await cluster.call('DELETE', webPath, { propagationPolicy: 'Background' });
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
    await web.deploy();
    await web.settled();
    await cluster.call('DELETE', webPath, { propagationPolicy: 'Orphan' });
    const [orphan] = await cluster.replicaSets();
    expect(orphan.metadata.ownerReferences ?? []).toEqual([]);
    await web.deploy();
    await web.settled();
    expect(await cluster.replicaSets()).toHaveLength(1);
    expect(cluster.runtime.started).toHaveLength(1);
  });

  it('ignores the status of a manifest that was exported before', async () => {
    const { body } = await web.deploy();
    await web.settled();
    const exported = await cluster.deployment();
    await cluster.call('DELETE', webPath);
    const { resourceVersion: _, ...metadata } = exported.metadata;
    const again = await cluster.call('POST', deploymentsPath, {
      ...exported,
      metadata,
    });
    expect(exported.status?.observedGeneration).toBe(1);
    expect(again.body.status).toEqual({});
    expect(again.body.metadata.uid).not.toBe(body.metadata.uid);
  });

  it('empties a deleted namespace for good', async () => {
    await web.deploy();
    await web.settled();
    await cluster.call('POST', configMapsPath, configMap('settings'));
    await cluster.call('DELETE', '/api/v1/namespaces/demo');
    await cluster.until(
      () => cluster.pods(),
      pods => pods.length === 0,
    );
    await controllersHadTime();
    expect(await cluster.pods()).toEqual([]);
    expect(await cluster.replicaSets()).toEqual([]);
    expect((await cluster.get(`${configMapsPath}/settings`)).status).toBe(404);
    expect(cluster.runtime.last().isStopped()).toBe(true);
  });
});
