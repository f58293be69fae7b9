import { HoopAuthentikClient } from './HoopAuthentikClient';
import type { RememberedIntegration } from './integrations';

const REF = 'component:default/hoop';
const BASE = 'plugin://hoop-authentik/integrations/by-entity';

const INTEGRATION: RememberedIntegration = {
  entityRef: REF,
  state: 'connected',
  warnings: 0,
  complete: true,
  gateway: { name: 'main', title: 'Main', url: 'https://hoop.company' },
  authentik: { name: 'default', baseUrl: 'https://auth.company' },
  application: {
    slug: 'hoop',
    issuer: 'https://auth.company/application/o/hoop/',
    adminUrl: 'https://auth.company/if/admin/',
  },
  problems: [],
  checks: [
    {
      id: 'gateway.reachable',
      system: 'gateway',
      title: 'Gateway answers',
      status: 'pass',
    },
  ],
  commands: [],
  observedAt: '2026-05-01T12:00:00Z',
  since: '2026-05-01T12:00:00Z',
  checkedAt: '2026-05-01T12:00:00Z',
  stale: false,
  refreshing: false,
};

function json(status: number, body: unknown) {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  });
}

function setup(answer: Response) {
  const fetch = jest.fn(async () => answer);
  return { fetch, client: new HoopAuthentikClient({ fetchApi: { fetch } }) };
}

describe('HoopAuthentikClient', () => {
  it('should read the integration of an entity', async () => {
    const { client, fetch } = setup(json(200, INTEGRATION));
    const { signal } = new AbortController();
    expect(await client.getIntegration(REF, { signal })).toEqual(INTEGRATION);
    expect(fetch).toHaveBeenCalledWith(`${BASE}/component/default/hoop`, {
      method: 'GET',
      signal,
    });
  });

  it('should refresh it first, and wait for that, where it is to be observed now', async () => {
    const answers = [
      json(202, { status: 'running' }),
      json(200, { status: 'running' }),
      json(200, { status: 'done' }),
      json(200, INTEGRATION),
    ];
    const fetch = jest.fn(async () => answers.shift()!);
    const client = new HoopAuthentikClient({ fetchApi: { fetch } });
    expect(await client.getIntegration(REF, { observeNow: true })).toEqual(
      INTEGRATION,
    );
    const path = `${BASE}/component/default/hoop`;
    expect(fetch.mock.calls).toMatchObject([
      [`${path}/refresh`, { method: 'POST' }],
      [`${path}/refresh`, { method: 'GET' }],
      [`${path}/refresh`, { method: 'GET' }],
      [path, { method: 'GET' }],
    ]);
  });

  it('should take a compound reference and encode its parts', async () => {
    const { client, fetch } = setup(json(200, INTEGRATION));
    await client.getIntegration({
      kind: 'Component',
      namespace: 'Team A',
      name: 'a/b',
    });
    expect(fetch).toHaveBeenCalledWith(
      `${BASE}/component/team%20a/a%2Fb`,
      expect.anything(),
    );
  });

  it('should repeat the parameter of a list, and omit what is not given', async () => {
    const { client, fetch } = setup(json(200, { items: [] }));
    await client.listIntegrations({
      state: ['drifted', 'down'],
      gateway: undefined,
      text: 'a b',
      limit: 10,
    });
    expect(fetch).toHaveBeenCalledWith(
      'plugin://hoop-authentik/integrations?state=drifted&state=down&text=a+b&limit=10',
      expect.anything(),
    );
  });

  it('should ask the address that discovery knows', async () => {
    const fetch = jest.fn(async () => json(202, { status: 'running' }));
    const client = new HoopAuthentikClient({
      fetchApi: { fetch },
      discoveryApi: { getBaseUrl: async id => `http://portal/api/${id}` },
    });
    expect(await client.refresh(REF)).toEqual({ status: 'running' });
    expect(fetch).toHaveBeenCalledWith(
      'http://portal/api/hoop-authentik/integrations/by-entity/component/default/hoop/refresh',
      { method: 'POST', signal: undefined },
    );
  });

  it('should read the items of a look-up', async () => {
    const items = [{ name: 'admins', memberCount: 2 }];
    const { client, fetch } = setup(json(200, { items }));
    expect(await client.listGroups('a/b', { text: 'adm' })).toEqual(items);
    expect(fetch).toHaveBeenCalledWith(
      'plugin://hoop-authentik/gateways/a%2Fb/groups?text=adm',
      expect.anything(),
    );
  });

  it('should read a plan, and nothing but the plan', async () => {
    const plan = { application: [], gateway: [], restarts: true, notes: [] };
    const { client, fetch } = setup(json(200, { ...plan, secret: 'x' }));
    expect(await client.planConnection('main', { name: 'A b' })).toEqual(plan);
    expect(fetch).toHaveBeenCalledWith(
      'plugin://hoop-authentik/gateways/main/plan?name=A+b',
      expect.anything(),
    );
  });

  it('should send what it asks for as JSON', async () => {
    const { client, fetch } = setup(json(200, { request: {}, created: true }));
    const asked = {
      kind: 'access',
      entityRef: REF,
      subject: 'user:default/dev',
      reason: 'On call this week',
    } as const;
    await expect(client.createRequest(asked)).rejects.toThrow(
      'unexpected form (request.id',
    );
    expect(fetch).toHaveBeenCalledWith('plugin://hoop-authentik/requests', {
      method: 'POST',
      signal: undefined,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(asked),
    });
  });

  it.each([
    ['decideRequest', 'decision', { decision: 'approve', planDigest: 'p' }],
    ['retryRequest', 'retry', { planDigest: 'p' }],
    ['withdrawRequest', 'withdrawal', undefined],
    ['revokeGrant', 'revocation', undefined],
  ] as const)('should post %s to the request', async (method, path, body) => {
    const { client, fetch } = setup(json(409, {}));
    await expect(
      body ? client[method]('a/b', body as never) : client[method]('a/b'),
    ).rejects.toMatchObject({ statusCode: 409 });
    expect(fetch).toHaveBeenCalledWith(
      `plugin://hoop-authentik/requests/a%2Fb/${path}`,
      expect.objectContaining({
        method: 'POST',
        body: JSON.stringify(body ?? {}),
      }),
    );
  });

  it.each([
    [403, 'NotAllowedError', 'Unauthorized'],
    [404, 'NotFoundError', 'No gateway named production'],
    [503, 'ServiceUnavailableError', 'authentik does not answer'],
  ])('should report a %d as a ResponseError', async (code, name, message) => {
    const { client } = setup(
      json(code, {
        error: { name, message },
        response: { statusCode: code },
      }),
    );
    await expect(client.getIntegration(REF)).rejects.toMatchObject({
      name: 'ResponseError',
      statusCode: code,
      cause: { name, message },
    });
  });

  it('should name the fields that do not fit, without their values', async () => {
    const { client } = setup(
      json(200, { ...INTEGRATION, state: 'classified' }),
    );
    const error = await client.getIntegration(REF).catch(e => e);
    expect(error.message).toContain('unexpected form (state)');
    expect(error.message).not.toContain('classified');
  });

  it('should reject an answer that is not JSON', async () => {
    const { client } = setup(new Response('<html></html>', { status: 200 }));
    await expect(client.getIntegration(REF)).rejects.toThrow(
      'unexpected form (body)',
    );
  });

  it('should drop every field that is not in the schema', async () => {
    const { client } = setup(
      json(200, {
        ...INTEGRATION,
        clientSecret: 'planted-secret',
        checks: [{ ...INTEGRATION.checks[0], token: 'planted-secret' }],
      }),
    );
    const answer = await client.getIntegration(REF);
    expect(JSON.stringify(answer)).not.toContain('planted-secret');
  });
});
