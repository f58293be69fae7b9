import { createHash } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { authorizePath, Browser } from './testing/browser';
import type { Reply } from '../replay/send';
import type { ChildSandbox } from './testing/childSandbox';
import { send } from '../replay/send';
import { startChild } from './testing/childSandbox';
import type { Snapshot } from './testing/translate';

const CALLBACK = 'http://127.0.0.1:8009/api/callback';

interface Client {
  pk: number;
  id: string;
  secret: string;
}

describe('sign-in with OpenID Connect', () => {
  let child: ChildSandbox;
  let seeds: Snapshot['seeds'];

  beforeAll(async () => {
    child = await startChild({});
  }, 60_000);

  afterAll(async () => {
    await child?.stop();
  });

  beforeEach(async () => {
    await child.fixture({ op: 'reset' });
    seeds = (await child.fixture<Snapshot>({ op: 'snapshot' })).seeds;
  });

  async function api<T>(
    method: string,
    path: string,
    body?: object,
  ): Promise<T> {
    const reply = await send({
      url: child.url,
      method,
      path: `/api/v3/${path}`,
      headers: {
        Authorization: `Bearer ${child.token}`,
        'Content-Type': 'application/json',
      },
      body: body && JSON.stringify(body),
    });
    if (reply.status >= 400) throw new Error(reply.body);
    return (reply.body ? JSON.parse(reply.body) : {}) as T;
  }

  async function createClient(
    slug: string,
    provider: object = {},
  ): Promise<Client> {
    await api('PUT', 'core/transactional/applications/', {
      app: { name: slug, slug },
      provider_model: 'authentik_providers_oauth2.oauth2provider',
      provider: {
        name: slug,
        authorization_flow:
          seeds.flows['default-provider-authorization-implicit-consent'],
        invalidation_flow: seeds.flows['default-provider-invalidation-flow'],
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [{ matching_mode: 'strict', url: CALLBACK }],
        signing_key: seeds.keyPairs['authentik Self-signed Certificate'],
        property_mappings: ['openid', 'email', 'profile'].map(
          scope =>
            seeds.mappings[`goauthentik.io/providers/oauth2/scope-${scope}`],
        ),
        ...provider,
      },
    });
    const { providers } = await child.fixture<Snapshot>({ op: 'snapshot' });
    const made = providers.find(one => one.name === slug);
    if (!made) throw new Error('nothing was made');
    return { pk: made.pk, id: made.clientId, secret: made.clientSecret };
  }

  const authorize = (client: Client, more: Record<string, string> = {}) =>
    authorizePath({
      client_id: client.id,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid email profile',
      state: 'st',
      ...more,
    });

  async function codeFor(
    client: Client,
    more?: Record<string, string>,
  ): Promise<string> {
    const location = await new Browser(child.url).signIn(
      authorize(client, more),
      'jane',
      'jane-demo-password',
    );
    return new URL(location).searchParams.get('code') ?? '';
  }

  async function redeem(
    client: Client,
    code: string,
    more: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Record<string, string> }> {
    const reply: Reply = await send({
      url: child.url,
      method: 'POST',
      path: '/application/o/token/',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        ...headers,
      },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: CALLBACK,
        client_id: client.id,
        client_secret: client.secret,
        ...more,
      }).toString(),
    });
    return { status: reply.status, body: JSON.parse(reply.body) };
  }

  async function document<T>(path: string): Promise<T> {
    const reply = await new Browser(child.url).get(path);
    return JSON.parse(reply.body) as T;
  }

  const jwks = async (slug: string) =>
    createLocalJWKSet(await document(`/application/o/${slug}/jwks/`));

  it.each([
    ['rsa', 'RS256'],
    ['ec', 'ES256'],
  ] as const)(
    'signs tokens with the %s key of the application',
    async (type, alg) => {
      const key = await child.fixture<string>({
        op: 'keyPair',
        name: `${type}-key`,
        type,
      });
      const client = await createClient('signed', { signing_key: key });
      const { body } = await redeem(client, await codeFor(client));
      const { issuer } = await document<{ issuer: string }>(
        '/application/o/signed/.well-known/openid-configuration',
      );
      expect(issuer).toBe(`${child.url}/application/o/signed/`);
      for (const token of [body.id_token, body.access_token]) {
        const { payload, protectedHeader } = await jwtVerify(
          token,
          await jwks('signed'),
          { issuer, audience: client.id },
        );
        expect(protectedHeader.alg).toBe(alg);
        expect(payload.groups).toEqual(['engineering', 'admin']);
      }
    },
  );

  it('signs with the client secret when there is no key', async () => {
    const client = await createClient('plain', { signing_key: null });
    const { body } = await redeem(client, await codeFor(client));
    const { payload } = await jwtVerify(
      body.id_token,
      Buffer.from(client.secret),
      { algorithms: ['HS256'] },
    );
    expect(payload.preferred_username).toBe('jane');
  });

  it('names itself as the caller addressed it', async () => {
    const client = await createClient('hosts');
    const { body } = await redeem(
      client,
      await codeFor(client),
      {},
      { Host: 'auth.example', 'X-Forwarded-Proto': 'https' },
    );
    const { payload } = await jwtVerify(body.id_token, await jwks('hosts'));
    expect(payload.iss).toBe('https://auth.example/application/o/hosts/');
  });

  describe('with a code challenge', () => {
    const verifier = 'v'.repeat(50);
    const hashed = createHash('sha256').update(verifier).digest('base64url');

    it.each([
      ['S256', hashed],
      ['plain', verifier],
    ])('wants the verifier of a %s challenge', async (method, challenge) => {
      const client = await createClient('pkce');
      const start = {
        code_challenge: challenge,
        code_challenge_method: method,
      };
      const wrong = { code_verifier: 'w'.repeat(50) };
      const right = { code_verifier: verifier };
      const code = await codeFor(client, start);
      expect((await redeem(client, code)).body.error).toBe('invalid_grant');
      expect((await redeem(client, code, wrong)).body.error).toBe(
        'invalid_grant',
      );
      expect((await redeem(client, code, right)).status).toBe(200);
    });
  });

  it('does not redeem a code twice, late, or for another client', async () => {
    const client = await createClient('mine');
    const other = await createClient('other');
    const code = await codeFor(client);
    expect((await redeem(other, code)).body.error).toBe('invalid_grant');
    expect((await redeem(client, code)).status).toBe(200);
    expect((await redeem(client, code)).body.error).toBe('invalid_grant');

    await api('PATCH', `providers/oauth2/${client.pk}/`, {
      access_code_validity: 'seconds=1',
    });
    const late = await codeFor(client);
    await new Promise(resolve => {
      setTimeout(resolve, 1_100);
    });
    expect((await redeem(client, late)).body.error).toBe('invalid_grant');
  });

  it('keeps every token it issues for leak hunts', async () => {
    const client = await createClient('leaks');
    const code = await codeFor(client);
    const { body } = await redeem(client, code);
    expect(await child.fixture<string[]>({ op: 'secrets' })).toEqual(
      expect.arrayContaining([code, body.access_token, body.id_token]),
    );
  });

  it('asks for consent on a page where the flow says so', async () => {
    const client = await createClient('consent', {
      authorization_flow:
        seeds.flows['default-provider-authorization-explicit-consent'],
    });
    const browser = new Browser(child.url);
    const consent = await browser.signIn(
      authorize(client),
      'jane',
      'jane-demo-password',
    );
    expect(consent).toMatch(
      /^\/if\/flow\/default-provider-authorization-explicit-consent\//,
    );
    const page = await browser.get(consent);
    expect(page.body).toContain('General Profile Information');
    const token = /name="token" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const wrong = await browser.post(consent, { token: 'forged' });
    expect(wrong.headers.location).toBeUndefined();
    const done = await browser.post(consent, { token });
    const code = new URL(done.headers.location ?? '').searchParams.get('code');
    expect((await redeem(client, code ?? '')).status).toBe(200);
  });

  it('signs in again when asked to, and at the end signs out', async () => {
    const client = await createClient('again');
    const browser = new Browser(child.url);
    await browser.signIn(authorize(client), 'jane', 'jane-demo-password');
    const again = authorize(client, { prompt: 'login' });
    expect((await browser.get(again)).headers.location).toMatch(
      /^\/if\/flow\//,
    );
    const location = await browser.signIn(again, 'jane', 'jane-demo-password');
    expect(location).toContain(`${CALLBACK}?code=`);

    const silent = authorize(client, { prompt: 'none' });
    expect((await browser.get(silent)).headers.location).toContain('?code=');
    await browser.get('/application/o/again/end-session/');
    expect((await browser.get(silent)).headers.location).toContain(
      'error=login_required',
    );
  });

  it('does not let in whom no binding names', async () => {
    const client = await createClient('finance');
    const { applications } = await child.fixture<Snapshot>({ op: 'snapshot' });
    await api('POST', 'policies/bindings/', {
      target: applications[0].pk,
      group: seeds.groups.finance,
      order: 0,
    });
    const enter = (user: string) =>
      new Browser(child.url).signIn(
        authorize(client),
        user,
        `${user}-demo-password`,
      );
    expect(await enter('bob')).toContain('?code=');
    expect(await enter('jane')).toBe('');
    const events = await api<{ results: { user: { username: string } }[] }>(
      'GET',
      'events/events/?action=authorize_application',
    );
    expect(events.results.map(event => event.user.username)).toEqual(['bob']);
  });

  it('works for a public client and for a secret changed in between', async () => {
    const open = await createClient('open', { client_type: 'public' });
    const code = await codeFor(open);
    expect((await redeem({ ...open, secret: '' }, code)).status).toBe(200);

    const client = await createClient('rotated');
    const issued = await codeFor(client);
    await api('PATCH', `providers/oauth2/${client.pk}/`, {
      client_secret: 'kürzer',
    });
    expect((await redeem(client, issued)).body.error).toBe('invalid_client');
  });
});
