import { inspect } from 'node:util';
import { SecretValue } from '../../core';
import { createAuthentikClient } from './createAuthentikClient';
import { DefaultOidcProbes } from './DefaultOidcProbes';
import {
  CLIENT_SECRET,
  EVERY_METHOD,
  TOKEN,
} from './__testUtils__/everyMethod';
import { recorded, recordedBody } from './__testUtils__/fixtures';
import {
  startServer,
  type CannedAnswer,
  type ReceivedRequest,
  type TestServer,
} from '../../http/__testUtils__/startServer';
import type { AuthentikClient } from './types';

// Reads are retried immediately.
jest.mock('../../http/retry', () => ({
  ...jest.requireActual('../../http/retry'),
  retryDelayMs: () => 0,
}));

/** Every secret in a request, as a server might repeat it. */
function echo(request: ReceivedRequest): string {
  const { headers, text } = request;
  return `${headers.authorization} ${secretOf(request)} ${text}`;
}

/** The client secret if the request has one, else the token. */
function secretOf({ text }: ReceivedRequest): string {
  return text.includes(quote(CLIENT_SECRET)) ||
    new URLSearchParams(text).get('client_secret') === CLIENT_SECRET
    ? CLIENT_SECRET
    : TOKEN;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const FORBIDDEN = 'You do not have permission to perform this action.';

const ANSWERS: Record<
  string,
  (request: ReceivedRequest) => CannedAnswer | 'hang' | 'reset'
> = {
  '200 of another shape': r => ({ status: 200, body: { pk: [echo(r)] } }),
  '200 with a text': r => ({ status: 200, body: JSON.parse(quote(echo(r))) }),
  '200 with malformed JSON': r => ({
    status: 200,
    headers: JSON_TYPE,
    body: echo(r),
  }),
  '200 with JSON cut off': r => ({
    status: 200,
    headers: JSON_TYPE,
    body: quote(echo(r)).slice(0, -1),
  }),
  '200 with a page': r => ({
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: echo(r),
  }),
  '302 to a place that repeats it': () => ({
    status: 302,
    headers: { location: `/x?token=${TOKEN}#${TOKEN}` },
  }),
  '400 for a field': r => ({
    status: 400,
    body: { client_secret: [`“${echo(r)}” is not valid.`] },
  }),
  '400 with the secret alone': r => ({
    status: 400,
    body: { provider: { client_secret: [secretOf(r)] } },
  }),
  '400 with a piece of the secret': r => ({
    status: 400,
    body: [`${secretOf(r).slice(0, 20)}…`, `…${secretOf(r).slice(5, 25)}…`],
  }),
  '400 with the escaped secret': r => ({
    status: 400,
    body: {
      detail: [quote(secretOf(r)), encodeURIComponent(secretOf(r))],
    },
  }),
  '400 with the encoded secret': r => ({
    status: 400,
    body: { detail: Buffer.from(secretOf(r)).toString('base64') },
  }),
  '400 for a clash': r => ({
    status: 400,
    body: { client_id: [`${echo(r)} already exists.`] },
  }),
  '401': r => ({ status: 401, body: { detail: echo(r) } }),
  '403 for the token': r => ({
    status: 403,
    body: { detail: `Token invalid/expired ${echo(r)}` },
  }),
  '403 for a permission': r => ({
    status: 403,
    body: { detail: `${FORBIDDEN} ${echo(r)}` },
  }),
  '403 of another kind': r => ({ status: 403, body: { detail: echo(r) } }),
  '404': r => ({ status: 404, body: { detail: echo(r) } }),
  '404 with a page': r => ({ status: 404, body: echo(r) }),
  '405': r => ({ status: 405, body: { detail: echo(r) } }),
  '409': r => ({ status: 409, body: { detail: echo(r) } }),
  '418': r => ({ status: 418, body: { detail: echo(r) } }),
  '500 with JSON': r => ({ status: 500, body: { detail: echo(r) } }),
  '500 with a page': r => ({ status: 500, body: echo(r) }),
  '503 with an odd Retry-After': () => ({
    status: 503,
    headers: { 'retry-after': TOKEN },
  }),
  'no answer': () => 'hang',
  'a broken connection': () => 'reset',
};

function quote(text: string): string {
  return JSON.stringify(text);
}

/** Every way in which a value can reach a log or a response. */
function everythingShownOf(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value !== 'object' || value === null || seen.has(value)) {
    return String(value);
  }
  seen.add(value);
  const own = Object.getOwnPropertyNames(value).map(key =>
    everythingShownOf((value as Record<string, unknown>)[key], seen),
  );
  return [
    String(value),
    JSON.stringify(value),
    inspect(value, { depth: 12, showHidden: true, getters: true }),
    ...own,
  ].join('\n');
}

const SPELLINGS = [TOKEN, CLIENT_SECRET].flatMap(secret => [
  secret,
  quote(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
  secret.slice(0, 18),
  secret.slice(6, 24),
]);

function secretsShownBy(value: unknown): string[] {
  const shown = everythingShownOf(value);
  return SPELLINGS.filter(spelling => shown.includes(spelling));
}

/** Methods that call one endpoint, and those that call several. */
const RUNS: Record<string, (client: AuthentikClient) => Promise<unknown>> = {
  ...Object.fromEntries(
    Object.entries(EVERY_METHOD).map(([name, { run }]) => [name, run]),
  ),
  setApplicationIconUrl: client =>
    client.setApplicationIconUrl('hoop', 'https://company.example/icon.png'),
};

describe('Secrets', () => {
  let server: TestServer;
  const token = new SecretValue(TOKEN);

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(async () => {
    await server.close();
  });

  it('should be searched for in every method of the client', async () => {
    const client = createAuthentikClient({
      name: 'main',
      baseUrl: server.url,
      token,
    });
    const methods = Object.entries(client)
      .filter(
        ([name, member]) => typeof member === 'function' && name !== 'close',
      )
      .map(([name]) => name);
    expect(Object.keys(RUNS).sort()).toEqual(methods.sort());
    await client.close();
  });

  describe.each(Object.keys(RUNS))('in %s', name => {
    it.each(Object.keys(ANSWERS))('should not show after %s', async kind => {
      server.respond(ANSWERS[kind]);
      const client = createAuthentikClient({
        name: 'main',
        baseUrl: server.url,
        token,
        timeoutMs: kind === 'no answer' ? 20 : 5_000,
        writeTimeoutMs: kind === 'no answer' ? 20 : 200,
      });
      const outcome = await RUNS[name](client).catch(e => e);
      expect(secretsShownBy(outcome)).toEqual([]);
      expect(secretsShownBy(client)).toEqual([]);
      await client.close();
    });
  });

  it('should not show in what is read', async () => {
    const provider = {
      ...recordedBody('2026.8', 'provider'),
      client_secret: CLIENT_SECRET,
    };
    const page = { pagination: { next: 0 }, results: [provider] };
    server.respond(({ method, path }) => ({
      status: 200,
      body: method === 'GET' && path.endsWith('/oauth2/') ? page : provider,
    }));
    const client = createAuthentikClient({
      name: 'main',
      baseUrl: server.url,
      token,
    });
    for (const name of [
      'getProvider',
      'findProviderByName',
      'listProviders',
      'createProvider',
      'updateProvider',
    ]) {
      const result = await EVERY_METHOD[name].run(client);
      expect(JSON.stringify(result)).toContain('<secret>');
      expect(secretsShownBy(result)).toEqual([]);
    }
    await client.close();
  });

  it.each(Object.keys(ANSWERS))(
    'should not show in a probe after %s',
    async kind => {
      server.respond(ANSWERS[kind]);
      const probes = DefaultOidcProbes.create({
        name: 'main',
        baseUrl: server.url,
        timeoutMs: kind === 'no answer' ? 20 : 5_000,
      });
      const outcome = await probes
        .probeClientSecret({
          clientId: 'client',
          clientSecret: new SecretValue(CLIENT_SECRET),
        })
        .catch(error => error);
      expect(secretsShownBy(outcome)).toEqual([]);
      expect(secretsShownBy(probes)).toEqual([]);
      await probes.close();
    },
  );

  it('should be withheld from messages without hiding other messages', async () => {
    server.respond(() => recorded('2026.8', 'unknownSigningKey'));
    const client = createAuthentikClient({
      name: 'main',
      baseUrl: server.url,
      token,
    });
    await expect(EVERY_METHOD.createProvider.run(client)).rejects.toThrow(
      'provider.signing_key: Invalid pk',
    );
    server.respond(() => ({
      status: 400,
      body: {
        client_secret: [`${CLIENT_SECRET} is too short.`],
        name: ['This field may not be blank.'],
      },
    }));
    await expect(EVERY_METHOD.createProvider.run(client)).rejects.toThrow(
      '(message withheld: it quotes a secret); “name: This field may not be blank.”',
    );
    // A message can neither begin a new line in a log nor control a terminal.
    server.respond(() => ({
      status: 400,
      body: { name: ['Too long.\n2026-01-01 info: all is well\u001b[2J'] },
    }));
    await expect(EVERY_METHOD.createProvider.run(client)).rejects.toThrow(
      'rejected (400): “name: Too long. 2026-01-01 info: all is well”',
    );
    // A string that looks like a secret generated by authentik counts as one even if it was never sent.
    const made = 'aB3'.repeat(42);
    server.respond(() => ({ status: 400, body: { x: [`Not ${made}!`] } }));
    await expect(EVERY_METHOD.deleteProvider.run(client)).rejects.toThrow(
      'rejected (400): (message withheld: it quotes a secret)',
    );
    await client.close();
  });
});
