import { inspect } from 'node:util';
import { failureOf, SecretValue } from '../../core';
import {
  type CannedAnswer,
  startServer,
  type TestServer,
} from '../../http/__testUtils__/startServer';
import { createAuthentikClient } from './createAuthentikClient';
import { OAuthToken } from './oauthToken';

const CLIENT_SECRET = 'the-secret-of-the-client-of-the-portal';
const ASSERTION = 'eyJhbGciOiJSUzI1NiJ9.the-projected-token.signature';

describe('access tokens of an OAuth client', () => {
  let server: TestServer;
  let now = 0;
  const closers: Array<() => Promise<void>> = [];

  const create = (
    credential: ConstructorParameters<typeof OAuthToken>[0]['credential'] = {
      clientSecret: new SecretValue(CLIENT_SECRET),
    },
  ) => {
    const token = new OAuthToken({
      name: 'default',
      baseUrl: server.url,
      clientId: 'backstage',
      credential,
      now: () => now,
    });
    closers.push(() => token.close());
    return token;
  };
  const grants = (fields: object = {}) =>
    server.respond((_, count) => ({
      status: 200,
      body: {
        access_token: `access-token-${count}`,
        token_type: 'Bearer',
        expires_in: 600,
        scope: 'goauthentik.io/api',
        id_token: 'not used',
        ...fields,
      },
    }));
  const formOf = (index = 0) =>
    Object.fromEntries(new URLSearchParams(server.requests[index].text));

  beforeAll(async () => {
    server = await startServer();
  });

  beforeEach(() => {
    now = Date.now();
  });

  afterAll(async () => {
    await Promise.all(closers.map(close => close()));
    await server.close();
  });

  it('should be issued for a client secret', async () => {
    grants();
    await create().get();
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/application/o/token/',
    });
    expect(formOf()).toEqual({
      grant_type: 'client_credentials',
      client_id: 'backstage',
      client_secret: CLIENT_SECRET,
      scope: 'goauthentik.io/api',
    });
  });

  it('should be issued for a token that authentik federates, as it is at that time', async () => {
    grants({ expires_in: 100 });
    let assertion = ASSERTION;
    const token = create({ assertion: async () => new SecretValue(assertion) });
    await token.get();
    assertion = 'renewed';
    now += 51_000;
    await token.get();
    expect([formOf(0), formOf(1)]).toEqual(
      [ASSERTION, 'renewed'].map(client_assertion => ({
        grant_type: 'client_credentials',
        client_id: 'backstage',
        client_assertion_type:
          'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion,
        scope: 'goauthentik.io/api',
      })),
    );
  });

  it.each([
    ['an hour', 3600, 3_539_000, 3_541_000],
    ['a minute', 60, 29_000, 31_000],
    ['five minutes', 300, 239_000, 241_000],
  ])(
    'should be renewed before they end: %s',
    async (_, expires_in, kept, renewed) => {
      grants({ expires_in });
      const token = create();
      const [first, same] = await Promise.all([token.get(), token.get()]);
      expect(same).toBe(first);
      now += kept;
      expect(await token.get()).toBe(first);
      now += renewed - kept;
      expect(await token.get()).not.toBe(first);
      expect(server.requests).toHaveLength(2);
    },
  );

  it('should be asked for again after a failure, and after a refusal of the API', async () => {
    server.respond(() => ({ status: 503, body: { error: 'starting' } }));
    const token = create();
    await expect(token.get()).rejects.toThrow('found 503');
    grants();
    const first = await token.get();
    token.refused();
    expect(await token.get()).not.toBe(first);
  });

  it.each<[string, CannedAnswer, string, string]>([
    [
      'a wrong secret',
      { status: 400, body: { error: 'invalid_client' } },
      'authentik refused the client (400: “invalid_client”). Check oauth.clientId and oauth.clientSecret',
      'credentials-refused',
    ],
    [
      'a grant that the provider does not allow',
      { status: 400, body: { error: 'invalid_grant' } },
      'allows the grant client_credentials',
      'credentials-refused',
    ],
    [
      'a provider without the scope',
      { status: 200, body: { access_token: 'x', scope: 'openid' } },
      'found one without it. Add the scope mapping of goauthentik.io/api',
      'credentials-refused',
    ],
    [
      'the login page of a proxy',
      { status: 302, headers: { location: 'https://login.company/' } },
      'expected an access token, found 302, a redirect to https://login.company/',
      'unexpected-answer',
    ],
    [
      'an answer that repeats the secret',
      { status: 400, body: { error: `invalid ${CLIENT_SECRET}` } },
      'authentik refused the client',
      'credentials-refused',
    ],
    [
      'an empty token',
      { status: 200, body: { access_token: '' } },
      'access_token',
      'unexpected-answer',
    ],
  ])('should not come from %s', async (_, answer, message, kind) => {
    server.respond(() => answer);
    const error: Error = await create()
      .get()
      .then(
        () => Promise.reject(new Error('a token')),
        cause => cause,
      );
    expect(error.message).toContain(message);
    expect(failureOf(error)?.kind).toBe(kind);
    expect(inspect(error, { depth: 9 })).not.toContain(CLIENT_SECRET);
  });

  it('should be sent to the API, and another one once the API refuses it', async () => {
    server.respond(({ path, headers }, count) => {
      if (path.endsWith('/token/')) {
        return {
          status: 200,
          body: { access_token: `access-token-${count}`, expires_in: 600 },
        };
      }
      return headers.authorization === 'Bearer access-token-1'
        ? { status: 403, body: { detail: 'Token invalid/expired' } }
        : { status: 200, body: { version_current: '2026.8.0' } };
    });
    const client = createAuthentikClient({
      name: 'default',
      baseUrl: server.url,
      token: create(),
    });
    closers.push(() => client.close());
    const refusal = await client.getVersion().then(String, String);
    expect(refusal).toContain('authentik rejected the API token');
    expect(refusal).not.toContain('access-token');
    expect(await client.getVersion()).toBe('2026.8.0');
    expect(
      server.requests.filter(({ path }) => path === '/application/o/token/'),
    ).toHaveLength(2);
  });
});
