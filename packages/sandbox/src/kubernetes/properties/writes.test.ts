import {
  configMap,
  configMapsPath,
  deploymentsPath,
  KubernetesHarness,
  mergePatch,
  StatusBody,
  strategicPatch,
} from '../../testing/kubernetesHarness';
import { webDeployment } from '../../testing/webDeployment';
import { Deployment } from '../types';

let cluster: KubernetesHarness;

beforeAll(async () => {
  cluster = await KubernetesHarness.start();
});
afterAll(() => cluster.close());
beforeEach(() => cluster.reset());

const one = `${configMapsPath}/one`;

async function createOne(data: Record<string, string> = { A: '1' }) {
  const { body } = await cluster.call(
    'POST',
    configMapsPath,
    configMap('one', data),
  );
  return body.metadata.resourceVersion ?? '';
}

describe('1. resourceVersion', () => {
  it('changes with every effective write and stays on a write that changes nothing', async () => {
    const first = await createOne();
    const same = await cluster.call(
      'PATCH',
      one,
      { data: { A: '1' } },
      mergePatch,
    );
    expect(same.body.metadata.resourceVersion).toBe(first);
    const other = await cluster.call(
      'PATCH',
      one,
      { data: { A: '2' } },
      mergePatch,
    );
    expect(Number(other.body.metadata.resourceVersion)).toBeGreaterThan(
      Number(first),
    );
    const replaced = await cluster.call(
      'PUT',
      one,
      configMap('one', { A: '2' }),
    );
    expect(replaced.body.metadata.resourceVersion).toBe(
      other.body.metadata.resourceVersion,
    );
  });

  it.each([
    ['PUT', undefined],
    ['PATCH', mergePatch],
    ['PATCH', strategicPatch],
  ])('a stale one makes %s (%j) a conflict', async (method, options) => {
    const stale = await createOne();
    await cluster.call('PATCH', one, { data: { A: '2' } }, mergePatch);
    const body = {
      ...configMap('one', { A: '3' }),
      metadata: { name: 'one', resourceVersion: stale },
    };
    const answer = await cluster.call<StatusBody>(method, one, body, options);
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      kind: 'Status',
      reason: 'Conflict',
      code: 409,
      details: { name: 'one', kind: 'configmaps' },
    });
    expect((await cluster.get(one)).body.data).toEqual({ A: '2' });
  });

  it('the current one lets the write through', async () => {
    const current = await createOne();
    const answer = await cluster.call(
      'PATCH',
      one,
      { metadata: { resourceVersion: current }, data: { A: '2' } },
      mergePatch,
    );
    expect(answer.status).toBe(200);
  });

  it('an identity of an earlier object is a conflict of a PUT and an invalid change of a patch', async () => {
    await createOne();
    const body = {
      ...configMap('one', {}),
      metadata: { name: 'one', uid: 'another' },
    };
    expect((await cluster.call('PUT', one, body)).status).toBe(409);
    const patched = await cluster.call('PATCH', one, body, mergePatch);
    expect(patched.status).toBe(422);
  });

  it('generation counts changes of the spec only', async () => {
    await cluster.call(
      'POST',
      deploymentsPath,
      webDeployment({ paused: true }),
    );
    const path = `${deploymentsPath}/web`;
    const labelled = await cluster.call(
      'PATCH',
      path,
      { metadata: { labels: { a: 'b' } } },
      mergePatch,
    );
    expect(labelled.body.metadata.generation).toBe(1);
    const scaled = await cluster.call(
      'PATCH',
      path,
      { spec: { replicas: 2 } },
      mergePatch,
    );
    expect(scaled.body.metadata.generation).toBe(2);
    await createOne();
    expect((await cluster.get(one)).body.metadata).not.toHaveProperty(
      'generation',
    );
  });
});

describe('2. patch types', () => {
  it('merge and strategic patches each follow their own rules', async () => {
    await cluster.call(
      'POST',
      deploymentsPath,
      webDeployment({ paused: true }, { env: [{ name: 'A', value: '1' }] }),
    );
    const path = `${deploymentsPath}/web`;
    const containersOf = (deployment: Deployment) =>
      deployment.spec.template.spec.containers;
    const patch = {
      spec: {
        template: {
          spec: {
            containers: [{ name: 'web', env: [{ name: 'B', value: '2' }] }],
          },
        },
      },
    };
    const strategic = await cluster.call<Deployment>(
      'PATCH',
      path,
      patch,
      strategicPatch,
    );
    expect(containersOf(strategic.body)[0].env).toEqual([
      { name: 'B', value: '2' },
      { name: 'A', value: '1' },
    ]);
    // A merge patch replaces the list, so the image is gone and the object invalid.
    const merge = await cluster.call<StatusBody>(
      'PATCH',
      path,
      patch,
      mergePatch,
    );
    expect(merge.status).toBe(422);
    expect(merge.body.details?.causes?.[0].field).toBe(
      'spec.template.spec.containers[0].image',
    );
  });

  it('refuses any other content type and names the accepted ones', async () => {
    await createOne();
    const answer = await cluster.call<StatusBody>(
      'PATCH',
      one,
      {},
      { contentType: 'application/json' },
    );
    expect(answer.status).toBe(415);
    expect(answer.body.reason).toBe('UnsupportedMediaType');
    for (const type of [mergePatch, strategicPatch]) {
      expect(answer.body.message).toContain(type.contentType);
    }
  });

  it.each([
    ['PATCH', 'application/apply-patch+yaml', 'server-side apply'],
    ['PATCH', 'application/json-patch+json', 'JSON patch'],
  ])(
    'answers 501 to %s with %s and names what is not simulated',
    async (method, contentType, what) => {
      await createOne();
      const answer = await cluster.call<StatusBody>(
        method,
        `${one}?fieldManager=a`,
        configMap('one', { A: '2' }),
        { contentType },
      );
      expect(answer.status).toBe(501);
      expect(answer.body).toMatchObject({
        kind: 'Status',
        reason: 'NotImplemented',
        message: `Not simulated by the sandbox: ${what} (${contentType})`,
      });
      expect((await cluster.get(one)).body.data).toEqual({ A: '1' });
    },
  );

  it('answers 422 to force on a patch that is no apply', async () => {
    await createOne();
    const forced = await cluster.call(
      'PATCH',
      `${one}?force=true`,
      { data: {} },
      mergePatch,
    );
    expect(forced.status).toBe(422);
  });

  it('answers 404 to a patch of what is not there', async () => {
    expect(
      (await cluster.call('PATCH', one, { data: {} }, mergePatch)).status,
    ).toBe(404);
  });
});
