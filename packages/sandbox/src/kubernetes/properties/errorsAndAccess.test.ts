import {
  configMap,
  configMapsPath,
  deploymentsPath,
  KubernetesHarness,
  mergePatch,
  podsPath,
  StatusBody,
} from '../../testing/kubernetesHarness';
import { webDeployment } from '../../testing/webDeployment';

let cluster: KubernetesHarness;

beforeAll(async () => {
  cluster = await KubernetesHarness.start();
});
afterAll(() => cluster.close());
beforeEach(() => cluster.reset());

const one = `${configMapsPath}/one`;

describe('5. Status objects', () => {
  it.each<[number, string, string, string, unknown]>([
    [
      400,
      'BadRequest',
      'POST',
      configMapsPath,
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } },
    ],
    [422, 'Invalid', 'POST', configMapsPath, { kind: 'ConfigMap' }],
    [404, 'NotFound', 'GET', `${configMapsPath}/none`, undefined],
    [404, 'NotFound', 'GET', '/apis/none/v1/things', undefined],
    [
      404,
      'NotFound',
      'POST',
      '/api/v1/namespaces/none/configmaps',
      configMap('x'),
    ],
    [405, 'MethodNotAllowed', 'POST', one, configMap('one')],
    [422, 'Invalid', 'POST', configMapsPath, configMap('Upper Case')],
    [
      400,
      'BadRequest',
      'GET',
      `${configMapsPath}?fieldSelector=data.A=1`,
      undefined,
    ],
    [
      400,
      'BadRequest',
      'GET',
      `${configMapsPath}?labelSelector=a+b`,
      undefined,
    ],
  ])('%i %s: %s %s', async (code, reason, method, path, body) => {
    const answer = await cluster.call<StatusBody>(method, path, body);
    expect(answer.status).toBe(code);
    expect(answer.body).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      reason,
      code,
    });
  });

  it.each([
    [403, 'Forbidden', 'without a token', null],
    [401, 'Unauthorized', 'with a wrong one', 'wrong'],
  ])('%i %s %s', async (code, reason, _title, token) => {
    const answer = await cluster.call<StatusBody>('GET', one, undefined, {
      token,
    });
    expect(answer.status).toBe(code);
    expect(answer.body.reason).toBe(reason);
  });

  it('409 AlreadyExists', async () => {
    await cluster.call('POST', configMapsPath, configMap('one'));
    const again = await cluster.call<StatusBody>(
      'POST',
      configMapsPath,
      configMap('one'),
    );
    expect(again.status).toBe(409);
    expect(again.body.reason).toBe('AlreadyExists');
  });

  it('400 to a body that is no JSON', async () => {
    const answer = await cluster.call<StatusBody>(
      'POST',
      configMapsPath,
      undefined,
      { raw: '{' },
    );
    expect(answer.status).toBe(400);
  });

  it('names the plural resource of what is missing', async () => {
    const answer = await cluster.call<StatusBody>(
      'GET',
      `${deploymentsPath}/none`,
    );
    expect(answer.body.message).toBe('deployments.apps "none" not found');
    expect(answer.body.details).toMatchObject({
      name: 'none',
      kind: 'deployments',
    });
  });

  it.each([
    ['no selector', { selector: undefined }, 'spec.selector'],
    [
      'a selector beside the labels',
      { selector: { matchLabels: { app: 'other' } } },
      'spec.template.metadata.labels',
    ],
    [
      'rolling parameters of Recreate',
      { strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } },
      'spec.strategy.rollingUpdate',
    ],
  ])('422 to a Deployment with %s', async (_title, spec, field) => {
    const answer = await cluster.call<StatusBody>(
      'POST',
      deploymentsPath,
      webDeployment(spec),
    );
    expect(answer.status).toBe(422);
    expect(answer.body.details?.causes?.map(cause => cause.field)).toContain(
      field,
    );
  });

  it('422 to a changed selector', async () => {
    await cluster.call(
      'POST',
      deploymentsPath,
      webDeployment({ paused: true }),
    );
    const answer = await cluster.call<StatusBody>(
      'PATCH',
      `${deploymentsPath}/web`,
      {
        spec: {
          selector: { matchLabels: { tier: 'x' } },
          template: { metadata: { labels: { tier: 'x' } } },
        },
      },
      mergePatch,
    );
    expect(answer.status).toBe(422);
    expect(answer.body.message).toContain('field is immutable');
  });
});

describe('5. access rules', () => {
  beforeEach(async () => {
    await cluster.call('POST', configMapsPath, configMap('one', { A: '1' }));
    await cluster.call('POST', configMapsPath, configMap('two', { A: '1' }));
    cluster.kubernetes.addIdentity({
      token: 'limited',
      user: 'limited-user',
      rules: [
        {
          apiGroups: [''],
          resources: ['configmaps'],
          verbs: ['get', 'patch', 'create', 'list'],
          resourceNames: ['one', 'three'],
          namespaces: ['demo'],
        },
        { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] },
      ],
    });
  });

  const asLimited = { token: 'limited' };
  const call = (method: string, path: string, body?: unknown, options = {}) =>
    cluster.call<StatusBody>(method, path, body, { ...asLimited, ...options });

  it('let the named object through and nothing else', async () => {
    expect((await call('GET', one)).status).toBe(200);
    expect(
      (await call('PATCH', one, { data: { A: '2' } }, mergePatch)).status,
    ).toBe(200);
    const other = await call('GET', `${configMapsPath}/two`);
    expect(other.status).toBe(403);
    expect(other.body.message).toBe(
      'configmaps "two" is forbidden: User "limited-user" cannot get resource "configmaps" in API group "" in the namespace "demo"',
    );
    expect((await call('DELETE', one)).status).toBe(403);
    expect((await call('GET', podsPath)).status).toBe(403);
  });

  it('do not tell whether a forbidden object exists', async () => {
    expect((await call('GET', `${configMapsPath}/none`)).status).toBe(403);
  });

  it('cannot restrict creation by name, so that creating is refused', async () => {
    expect(
      (await call('POST', configMapsPath, configMap('three'))).status,
    ).toBe(403);
  });

  it('restrict a list only where the selector names one object', async () => {
    expect((await call('GET', configMapsPath)).status).toBe(403);
    const selected = await call(
      'GET',
      `${configMapsPath}?fieldSelector=metadata.name=one`,
    );
    expect(selected.status).toBe(200);
  });

  it.each([
    [{ verb: 'patch', resource: 'configmaps', name: 'one' }, true],
    [{ verb: 'patch', resource: 'configmaps', name: 'two' }, false],
    [{ verb: 'patch', resource: 'configmaps' }, false],
    [{ verb: 'get', group: 'apps', resource: 'deployments' }, true],
    [{ verb: 'get', resource: 'pods', subresource: 'log' }, false],
  ])('a review of %j says %s', async (attributes, allowed) => {
    const answer = await cluster.call<{ status: { allowed: boolean } }>(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      { spec: { resourceAttributes: { namespace: 'demo', ...attributes } } },
      asLimited,
    );
    expect(answer.status).toBe(201);
    expect(answer.body.status.allowed).toBe(allowed);
  });
});

describe('5. dryRun', () => {
  it('validates and answers, and stores nothing', async () => {
    const dry = `${configMapsPath}?dryRun=All`;
    expect(
      (await cluster.call('POST', dry, configMap('one', { A: '1' }))).status,
    ).toBe(201);
    expect((await cluster.get(one)).status).toBe(404);
    expect((await cluster.call('POST', dry, configMap('No'))).status).toBe(422);

    await cluster.call('POST', configMapsPath, configMap('one', { A: '1' }));
    const patched = await cluster.call(
      'PATCH',
      `${one}?dryRun=All`,
      { data: { A: '2' } },
      mergePatch,
    );
    expect(patched.body.data).toEqual({ A: '2' });
    await cluster.call('DELETE', one, { dryRun: ['All'] });
    expect((await cluster.get(one)).body.data).toEqual({ A: '1' });
  });

  it('knows no other value', async () => {
    const answer = await cluster.call(
      'POST',
      `${configMapsPath}?dryRun=Some`,
      configMap('one'),
    );
    expect(answer.status).toBe(422);
  });
});

describe('deletion', () => {
  it('honours preconditions', async () => {
    await cluster.call('POST', configMapsPath, configMap('one'));
    const refused = await cluster.call('DELETE', one, {
      preconditions: { resourceVersion: '1' },
    });
    expect(refused.status).toBe(409);
    const { uid } = (await cluster.get(one)).body.metadata;
    expect(
      (await cluster.call('DELETE', one, { preconditions: { uid } })).status,
    ).toBe(200);
    expect((await cluster.get(one)).status).toBe(404);
  });

  it('waits for finalizers', async () => {
    await cluster.call('POST', configMapsPath, {
      ...configMap('one'),
      metadata: { name: 'one', finalizers: ['example.com/wait'] },
    });
    await cluster.call('DELETE', one);
    const lingering = await cluster.get(one);
    expect(lingering.body.metadata.deletionTimestamp).toBeDefined();
    await cluster.call(
      'PATCH',
      one,
      { metadata: { finalizers: null } },
      mergePatch,
    );
    expect((await cluster.get(one)).status).toBe(404);
  });
});

describe('discovery', () => {
  it.each([
    ['/version', { gitVersion: 'v1.32.4+sandbox' }],
    ['/api', { versions: ['v1'] }],
    [
      '/apis',
      {
        groups: [
          { name: 'apps' },
          { name: 'authentication.k8s.io' },
          { name: 'authorization.k8s.io' },
        ],
      },
    ],
  ])('%s', async (path, expected) => {
    expect((await cluster.get(path)).body).toMatchObject(expected);
  });

  it('names short names, without which kubectl resolves none', async () => {
    const { body } = await cluster.get<{
      resources: { name: string; shortNames?: string[] }[];
    }>('/apis/apps/v1');
    expect(body.resources).toContainEqual(
      expect.objectContaining({ name: 'deployments', shortNames: ['deploy'] }),
    );
  });
});
