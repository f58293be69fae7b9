import { SecretValue } from '../../core';
import {
  type ClosableAuthentikClient,
  createAuthentikClient,
} from './createAuthentikClient';
import { TOKEN } from './__testUtils__/everyMethod';
import {
  startServer,
  type CannedAnswer,
  type ReceivedRequest,
  type TestServer,
} from '../../http/__testUtils__/startServer';

// Reads are retried immediately.
jest.mock('../../http/retry', () => ({
  ...jest.requireActual('../../http/retry'),
  retryDelayMs: () => 0,
}));

/** The requests for which authentik checks a permission. */
const GUARDED: Array<
  [permission: string, method: 'GET' | 'POST', path: string]
> = [
  [
    'authentik_core.view_application',
    'GET',
    'core/applications/no-such-object-hoop-authentik/',
  ],
  [
    'authentik_providers_oauth2.view_oauth2provider',
    'GET',
    'providers/oauth2/',
  ],
  ['authentik_flows.view_flow', 'GET', 'flows/instances/'],
  [
    'authentik_crypto.view_certificatekeypair',
    'GET',
    'crypto/certificatekeypairs/',
  ],
  [
    'authentik_providers_oauth2.view_scopemapping',
    'GET',
    'propertymappings/provider/scope/',
  ],
  ['authentik_core.view_group', 'GET', 'core/groups/'],
  ['authentik_core.view_user', 'GET', 'core/users/'],
  ['authentik_policies.view_policy', 'GET', 'policies/all/'],
  ['authentik_policies.view_policybinding', 'GET', 'policies/bindings/'],
  ['authentik_core.add_application', 'POST', 'core/applications/'],
  [
    'authentik_providers_oauth2.add_oauth2provider',
    'POST',
    'providers/oauth2/',
  ],
  ['authentik_policies.add_policybinding', 'POST', 'policies/bindings/'],
];
const EVERY_PERMISSION = GUARDED.map(([permission]) => permission);

const REFUSAL: CannedAnswer = {
  status: 403,
  body: { detail: 'You do not have permission to perform this action.' },
};

/** The response to a token with all permissions except these. */
function answerWithout(missing: string[]) {
  return ({ method, path }: ReceivedRequest): CannedAnswer => {
    const guarded = GUARDED.find(
      ([, guardedMethod, guardedPath]) =>
        guardedMethod === method && `/api/v3/${guardedPath}` === path,
    );
    if (!guarded) {
      throw new Error(`Unexpected request: ${method} ${path}`);
    }
    if (missing.includes(guarded[0])) {
      return REFUSAL;
    }
    if (method === 'POST') {
      return { status: 400, body: { name: ['This field is required.'] } };
    }
    return path.includes('no-such-object')
      ? { status: 404, body: { detail: 'No Application matches.' } }
      : { status: 200, body: { pagination: { next: 0 }, results: [] } };
  };
}

describe('findMissingPermissions', () => {
  let server: TestServer;
  let client: ClosableAuthentikClient;

  beforeEach(async () => {
    server = await startServer();
    client = createAuthentikClient({
      name: 'main',
      baseUrl: server.url,
      token: new SecretValue(TOKEN),
    });
  });

  afterEach(async () => {
    await client.close();
    await server.close();
  });

  it('should find nothing if all are granted, with one request for each', async () => {
    server.respond(answerWithout([]));

    await expect(client.findMissingPermissions()).resolves.toEqual([]);
    expect(
      server.requests.map(({ method, path }) => `${method} ${path}`).sort(),
    ).toEqual(
      GUARDED.map(([, method, path]) => `${method} /api/v3/${path}`).sort(),
    );
  });

  it.each(EVERY_PERMISSION)(
    'should find that only %s is missing',
    async permission => {
      server.respond(answerWithout([permission]));

      await expect(client.findMissingPermissions()).resolves.toEqual([
        permission,
      ]);
    },
  );

  it('should find all missing permissions together', async () => {
    server.respond(answerWithout(EVERY_PERMISSION));

    const missing = await client.findMissingPermissions();

    expect(missing.sort()).toEqual([...EVERY_PERMISSION].sort());
  });

  it('should write nothing: every body it sends is invalid', async () => {
    server.respond(answerWithout([]));

    await client.findMissingPermissions();

    expect(
      server.requests
        .filter(({ method }) => method !== 'GET')
        .map(({ method, body }) => [method, body]),
    ).toEqual([
      ['POST', {}],
      ['POST', {}],
      ['POST', {}],
    ]);
  });

  it.each<[string, CannedAnswer | 'reset', string]>([
    [
      'refuses the token',
      { status: 403, body: { detail: 'Token invalid/expired' } },
      'authentik rejected the API token',
    ],
    ['fails', { status: 500, body: 'Traceback' }, 'server error'],
    ['cannot be reached', 'reset', 'cannot be reached'],
  ])(
    'should not report a missing permission when authentik %s',
    async (_, answer, message) => {
      server.respond(() => answer);

      await expect(client.findMissingPermissions()).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message: expect.stringContaining(message),
      });
    },
  );

  it('should end when the caller aborts', async () => {
    server.respond(() => 'hang');

    await expect(
      client.findMissingPermissions({ signal: AbortSignal.timeout(50) }),
    ).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
