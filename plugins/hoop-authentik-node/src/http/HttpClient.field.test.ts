import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SecretValue } from '../core';
import { issueForLoopback } from './__testUtils__/certificates';
import { startServer, type TestServer } from './__testUtils__/startServer';
import { connectionTo } from './connection';
import { HttpClient } from './HttpClient';
import type { ConnectionOptions } from './types';

const PUBLIC = 'https://auth.company';

describe('a system at an internal address', () => {
  let server: TestServer;
  const clients: HttpClient[] = [];

  const create = (options: ConnectionOptions = {}, baseUrl = PUBLIC) => {
    const client = new HttpClient({
      name: `the system (${baseUrl})`,
      baseUrl,
      ...connectionTo({ internalUrl: server.url, ...options }),
      attempts: 1,
    });
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(async () => {
    await Promise.all(clients.map(client => client.close()));
    await server.close();
  });

  it.each([
    [PUBLIC, 'auth.company', '443', 'https'],
    ['https://auth.company:8443/sso', 'auth.company:8443', '8443', 'https'],
    ['http://auth.company', 'auth.company', '80', 'http'],
  ])('should be told the public address %s', async (url, host, port, proto) => {
    server.respond(() => ({ status: 200, body: 'ok' }));
    await create({}, url).request({ method: 'GET', path: 'api/x?y=1' });
    const [{ path, headers }] = server.requests;
    expect(path).toMatch(/\/api\/x$/);
    expect(headers).toMatchObject({
      host,
      'x-forwarded-host': host,
      'x-forwarded-port': port,
      'x-forwarded-proto': proto,
    });
  });

  it('should get requests of its public URLs, and of no other host', async () => {
    server.respond(() => ({ status: 200, body: 'ok' }));
    const client = create();
    await client.request({ method: 'GET', path: `${PUBLIC}/o/jwks/` });
    expect(server.requests[0].path).toBe('/o/jwks/');
    await expect(
      client.request({ method: 'GET', path: 'https://evil.company/x' }),
    ).rejects.toThrow('another host');
    await client.request({ method: 'GET', path: `${PUBLIC}//evil.company/x` });
    expect(server.requests).toHaveLength(2);
  });

  it('should be named where it cannot be reached', async () => {
    const client = create({ internalUrl: 'http://127.0.0.1:9' });
    await expect(client.request({ method: 'GET', path: 'x' })).rejects.toThrow(
      'the system (https://auth.company) cannot be reached at its internalUrl http://127.0.0.1:9: GET /x',
    );
  });

  it('should get the extra headers, which no message repeats', async () => {
    const secret = 'a-service-token-of-the-proxy';
    server.respond(({ headers }) => ({
      status: 403,
      headers: { location: `/${headers['cf-access-client-secret']}` },
      body: {
        detail: `no: ${headers['cf-access-client-secret']} of ${headers.host}`,
      },
    }));
    const answer = await create({
      extraHeaders: { 'CF-Access-Client-Secret': new SecretValue(secret) },
    }).request({ method: 'GET', path: 'x', headers: { accept: 'text/html' } });
    expect(server.requests[0].headers).toMatchObject({
      'cf-access-client-secret': secret,
      accept: 'text/html',
    });
    const shown = answer.formatter().quote(answer.body);
    expect(shown).toContain('withheld');
    expect(`${shown}${answer.showPlace()}`).not.toContain(secret);
    expect(JSON.stringify(answer)).not.toContain(secret);
  });

  it('should not have its public name withheld', async () => {
    server.respond(({ headers }) => ({
      status: 200,
      body: `unknown host ${headers.host}`,
    }));
    const answer = await create().request({ method: 'GET', path: 'x' });
    expect(answer.formatter().quote(answer.body)).toBe(
      '“unknown host auth.company”',
    );
  });

  it('should be given up after its own deadline', async () => {
    server.respond(() => 'hang');
    await expect(
      create({ timeoutMs: 50 }).request({ method: 'GET', path: 'x' }),
    ).rejects.toThrow('within 0.05 s');
  });

  it('should not lend a turn to a request whose token is asked for at the same host', async () => {
    server.respond(() => ({ status: 200, body: 'ok' }));
    const asking = create();
    const client = new HttpClient({
      name: 'the system',
      baseUrl: PUBLIC,
      internalUrl: server.url,
      headers: async () => {
        await asking.request({ method: 'POST', path: 'token' });
        return {};
      },
    });
    clients.push(client);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () =>
        client.request({ method: 'GET', path: 'x' }),
      ),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});

describe('a system behind TLS of its own', () => {
  const { ca, cert, key } = issueForLoopback();
  let server: Server;
  let internalUrl: string;

  beforeAll(async () => {
    server = createServer(
      { ca, cert, key, requestCert: true, rejectUnauthorized: false },
      (req, res) => {
        const socket = req.socket as TLSSocket;
        res.end(`${socket.authorized} ${socket.servername}`);
      },
    );
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    internalUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await new Promise(resolve => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });

  const ask = async (options: ConnectionOptions, baseUrl = PUBLIC) => {
    const client = new HttpClient({
      name: 'the system',
      baseUrl,
      ...connectionTo(options),
      attempts: 1,
    });
    try {
      const answer = await client.request({ method: 'GET', path: 'x' });
      return answer.body.read();
    } finally {
      await client.close();
    }
  };

  it('should be accepted by a certificate for its internal address', async () => {
    expect(await ask({ internalUrl, ca })).toBe('false auth.company');
  });

  it('should be accepted by a certificate for its public name', async () => {
    const { port } = new URL(internalUrl);
    expect(
      await ask(
        { internalUrl: `https://localhost:${port}`, ca },
        'https://127.0.0.1',
      ),
    ).toContain('false');
  });

  it('should be refused with a certificate of another authority', async () => {
    await expect(
      ask({ internalUrl, ca: issueForLoopback().ca }),
    ).rejects.toThrow('certificate');
  });

  it('should be shown the certificate of this client', async () => {
    expect(
      await ask({ internalUrl, ca, cert, key: new SecretValue(key) }),
    ).toBe('true auth.company');
  });
});
