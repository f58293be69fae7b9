import { ClusterFault, clusterFaultProblem } from '../clusterFaults';
import {
  configMap,
  configMapsPath,
  KubernetesHarness,
  mergePatch,
  StatusBody,
} from '../../testing/kubernetesHarness';
import { Deployment } from '../types';
import { WebDeployment } from '../../testing/webDeployment';

let cluster: KubernetesHarness;

beforeAll(async () => {
  cluster = await KubernetesHarness.start();
});
afterAll(() => cluster.close());
beforeEach(() => cluster.reset());

const one = `${configMapsPath}/one`;
const web = new WebDeployment(() => cluster);

const create = (query = '') =>
  cluster.call<StatusBody>(
    'POST',
    `${configMapsPath}${query}`,
    configMap('one', { A: '1' }),
  );

describe('7. what is in the way', () => {
  it.each<[string, ClusterFault, number, string]>([
    [
      'a quota',
      { kind: 'quota', namespace: 'demo', hard: { configmaps: 0 } },
      403,
      'exceeded quota',
    ],
    [
      'a webhook out of reach',
      { kind: 'webhook', name: 'a.example.com', does: 'out-of-reach' },
      500,
      'failed calling webhook "a.example.com"',
    ],
    [
      'a webhook that denies',
      { kind: 'webhook', name: 'a.example.com', does: 'deny', code: 403 },
      403,
      'admission webhook "a.example.com" denied the request',
    ],
    [
      'a policy',
      { kind: 'policy', name: 'tickets', does: 'deny' },
      422,
      "ValidatingAdmissionPolicy 'tickets'",
    ],
    [
      'a namespace that is going',
      { kind: 'terminating', namespace: 'demo' },
      403,
      'because it is being terminated',
    ],
  ])(
    '%s refuses a write and its dry run alike, and nothing is stored',
    async (_title, fault, status, message) => {
      cluster.kubernetes.faults.add(fault);
      for (const query of ['?dryRun=All', '']) {
        const answer = await create(query);
        expect(answer.status).toBe(status);
        expect(answer.body.message).toContain(message);
      }
      expect((await cluster.get(one)).status).toBe(404);
    },
  );

  it('a webhook that is not asked about a resource does not refuse it', async () => {
    cluster.kubernetes.faults.add({
      kind: 'webhook',
      name: 'a.example.com',
      does: 'deny',
      resources: ['secrets'],
    });
    expect((await create()).status).toBe(201);
  });

  it('a webhook with side effects makes a dry run impossible', async () => {
    cluster.kubernetes.faults.add({
      kind: 'webhook',
      name: 'a.example.com',
      does: 'warn',
      dryRun: false,
    });
    expect((await create('?dryRun=All')).status).toBe(400);
    expect((await create()).headers.warning).toContain('299 - ');
  });

  it('a busy API server answers plain text and carries nothing out', async () => {
    await create();
    cluster.kubernetes.faults.add({ kind: 'busy', times: 1 });
    const busy = await cluster.call('PATCH', one, { data: {} }, mergePatch);
    expect(busy.status).toBe(429);
    expect(busy.headers['retry-after']).toBe('1');
    expect(busy.headers['content-type']).toContain('text/plain');
    expect((await cluster.get(one)).status).toBe(200);
  });

  it('a starting API server forbids what is allowed, reviews included', async () => {
    cluster.kubernetes.faults.add({ kind: 'starting', times: 2 });
    const review = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    expect((await create()).status).toBe(403);
    expect((await cluster.call('POST', review, { spec: {} })).status).toBe(403);
    expect((await create()).status).toBe(201);
  });

  it('a quota of pods shows in the Deployment', async () => {
    await web.deploy();
    await web.settled();
    cluster.kubernetes.faults.add({
      kind: 'quota',
      namespace: 'demo',
      hard: { pods: 0 },
    });
    await web.restart('1');
    const failed = await cluster.until<Deployment>(
      () => cluster.deployment(),
      ({ status }) =>
        status?.conditions?.some(({ type }) => type === 'ReplicaFailure') ??
        false,
    );
    expect(JSON.stringify(failed.status?.conditions)).toContain(
      'exceeded quota: sandbox, requested: pods=1',
    );
  });

  it.each([
    [{ kind: 'flood' }, 'kind must be one of'],
    [{ kind: 'quota' }, 'needs namespace and hard'],
    [{ kind: 'webhook', name: 'a' }, 'does must be one of'],
    [{ kind: 'terminating' }, 'namespace is needed'],
  ])('%j makes no sense', (fault, problem) => {
    expect(clusterFaultProblem(fault)).toContain(problem);
  });
});

describe('5. reviews', () => {
  it('tell all rights of a namespace in one answer', async () => {
    const rules = [
      {
        apiGroups: [''],
        resources: ['secrets'],
        verbs: ['patch'],
        resourceNames: ['one'],
        namespaces: ['demo'],
      },
      {
        apiGroups: ['apps'],
        resources: ['deployments'],
        verbs: ['get'],
        namespaces: ['other'],
      },
    ];
    cluster.kubernetes.addIdentity({ token: 'few', user: 'few', rules });
    const { body } = await cluster.call<{
      status: { incomplete: boolean; resourceRules: object[] };
    }>(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
      { spec: { namespace: 'demo' } },
      { token: 'few' },
    );
    expect(body.status.incomplete).toBe(false);
    expect(body.status.resourceRules).toContainEqual({
      apiGroups: [''],
      resources: ['secrets'],
      verbs: ['patch'],
      resourceNames: ['one'],
    });
    expect(JSON.stringify(body.status)).not.toContain('deployments');
  });

  it('answer 501 by name to a subresource that is not simulated', async () => {
    await web.deploy();
    const answer = await cluster.get<StatusBody>(
      '/apis/apps/v1/namespaces/demo/deployments/web/scale',
    );
    expect(answer.status).toBe(501);
    expect(answer.body.message).toContain('deployments/scale');
  });
});
