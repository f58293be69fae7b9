import { getEventListeners } from 'node:events';
import { createServer as createHttpsServer, type Server } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import { serializeError } from '@backstage/errors';
import { startServer, type TestServer } from './__testUtils__/startServer';
import { type HttpClientOptions } from './types';
import { HttpClient } from './HttpClient';
import { issueForLoopback } from './__testUtils__/certificates';

describe('HttpClient', () => {
  let server: TestServer;
  const clients: HttpClient[] = [];

  function create(options: Partial<HttpClientOptions> = {}): HttpClient {
    const client = new HttpClient({
      name: 'the system',
      baseUrl: server.url,
      ...options,
    });
    clients.push(client);
    return client;
  }

  beforeEach(async () => {
    server = await startServer();
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map(client => client.close()));
    await server.close();
  });

  it('should send requests below the base URL with query, headers and body', async () => {
    server.respond(() => ({ status: 201, body: { ok: true } }));
    const client = create({
      baseUrl: `${server.url}/below`,
      headers: async () => ({ authorization: 'Bearer x', 'x-own': 'no' }),
    });
    const answer = await client.request({
      method: 'POST',
      path: '/there/',
      query: { one: 'a b', many: ['1', '2'], none: undefined },
      headers: { 'x-own': 'yes' },
      body: 'text',
    });
    expect(answer.status).toBe(201);
    expect(answer.body.read()).toBe('{"ok":true}');
    expect(answer.mediaType).toBe('application/json');
    const [received] = server.requests;
    expect(received).toMatchObject({
      method: 'POST',
      path: '/below/there/',
      text: 'text',
      headers: { authorization: 'Bearer x', 'x-own': 'yes' },
    });
    expect(`${received.query}`).toBe('one=a+b&many=1&many=2');
  });

  it('should return every status and follow no redirect', async () => {
    server.respond(() => ({ status: 302, headers: { location: '/else' } }));
    const answer = await create().request({ method: 'GET', path: 'x' });
    expect(answer.status).toBe(302);
    expect(answer.header('location')?.read()).toBe('/else');
    expect(answer.describe()).toBe('302, a redirect to /else');
    expect(server.requests).toHaveLength(1);
  });

  it('should keep one connection for consecutive requests', async () => {
    server.respond(() => ({ status: 200, body: 'ok' }));
    const client = create();
    for (let n = 0; n < 50; n++) {
      await client.request({ method: 'GET', path: `${n}` });
    }
    expect(server.requests).toHaveLength(50);
    expect(server.sockets()).toBe(1);
  });

  it('should open no more connections than allowed', async () => {
    server.respond(() => ({ status: 200, body: 'ok' }));
    const client = create({ connections: 3 });
    await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        client.request({ method: 'GET', path: `${n}` }),
      ),
    );
    expect(server.requests).toHaveLength(30);
    expect(server.sockets()).toBeLessThanOrEqual(3);
  });

  it('should retry a read after a temporary refusal', async () => {
    server.respond((_, count) =>
      count < 3
        ? { status: 503, headers: { 'retry-after': '0' } }
        : { status: 200, body: 'ok' },
    );
    const answer = await create().request({ method: 'GET', path: 'x' });
    expect(answer.status).toBe(200);
    expect(server.requests).toHaveLength(3);
  });

  it('should wait as long as Retry-After asks', async () => {
    server.respond((_, count) =>
      count === 1
        ? { status: 429, headers: { 'retry-after': '1' } }
        : { status: 200 },
    );
    const start = Date.now();
    await create().request({ method: 'GET', path: 'x' });
    expect(Date.now() - start).toBeGreaterThanOrEqual(950);
    expect(server.requests).toHaveLength(2);
  });

  it('should not retry a read where the server asks to wait long', async () => {
    server.respond(() => ({ status: 503, headers: { 'retry-after': '60' } }));
    const answer = await create().request({ method: 'GET', path: 'x' });
    expect(answer.status).toBe(503);
    expect(server.requests).toHaveLength(1);
  });

  it('should return the last answer when the attempts are used up', async () => {
    server.respond(() => ({ status: 502, headers: { 'retry-after': '0' } }));
    const answer = await create().request({ method: 'GET', path: 'x' });
    expect(answer.status).toBe(502);
    expect(server.requests).toHaveLength(3);
  });

  it('should retry a read after the connection broke', async () => {
    server.respond((_, count) => (count === 1 ? 'reset' : { status: 200 }));
    const answer = await create().request({ method: 'GET', path: 'x' });
    expect(answer.status).toBe(200);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    'should never retry a %s',
    async method => {
      server.respond(() => ({ status: 503, headers: { 'retry-after': '0' } }));
      const client = create();
      const answer = await client.request({ method, path: 'x' });
      expect(answer.status).toBe(503);
      expect(server.requests).toHaveLength(1);

      server.respond(() => 'reset');
      await expect(client.request({ method, path: 'x' })).rejects.toThrow(
        'cannot be reached',
      );
      expect(server.requests).toHaveLength(1);
    },
  );

  it('should end at the deadline', async () => {
    server.respond(() => 'hang');
    const client = create({ timeoutMs: 50 });
    await expect(
      client.request({ method: 'GET', path: 'slow', query: { q: 'secret' } }),
    ).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message:
        'the system did not answer within 0.05 s: GET /slow. Check whether it is overloaded, then try again.',
      cause: { name: 'TimeoutError' },
    });
    expect(server.requests).toHaveLength(1);
    await expect(
      create().request({ method: 'POST', path: 'slow', timeoutMs: 50 }),
    ).rejects.toThrow(
      'did not answer within 0.05 s: POST /slow, which it may still carry out.',
    );
  });

  it('should throw the reason of the abort', async () => {
    const client = create();
    const reason = new Error('changed my mind');

    server.respond(() => 'hang');
    const during = new AbortController();
    const running = client.request({
      method: 'GET',
      path: 'x',
      signal: during.signal,
    });
    setTimeout(() => during.abort(reason), 50);
    await expect(running).rejects.toBe(reason);

    server.respond(() => ({ status: 503, headers: { 'retry-after': '5' } }));
    const between = new AbortController();
    const waiting = client.request({
      method: 'GET',
      path: 'x',
      signal: between.signal,
    });
    setTimeout(() => between.abort(reason), 50);
    await expect(waiting).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);

    server.respond(() => ({ status: 200 }));
    const signal = AbortSignal.abort(reason);
    await expect(
      client.request({ method: 'GET', path: 'x', signal }),
    ).rejects.toBe(reason);
    expect(server.requests).toHaveLength(0);
  });

  it('should leave no listener on the signal of the caller', async () => {
    server.respond(() => ({ status: 200 }));
    const { signal } = new AbortController();
    const client = create();
    for (let n = 0; n < 5; n++) {
      await client.request({ method: 'GET', path: 'x', signal });
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('should say why the system cannot be reached', async () => {
    const closed = createServer();
    await new Promise<void>(done => {
      closed.listen(0, '127.0.0.1', done);
    });
    const { port } = closed.address() as AddressInfo;
    await new Promise(done => {
      closed.close(done);
    });
    const client = create({ baseUrl: `http://127.0.0.1:${port}` });
    await expect(
      client.request({ method: 'GET', path: 'x' }),
    ).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringMatching(/GET \/x: connect ECONNREFUSED/),
      cause: { code: 'ECONNREFUSED' },
    });
  });

  it('should keep received data out of the error for an answer that is not valid HTTP', async () => {
    const broken = createServer(socket => {
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n' +
            'zz{"client_secret":"secret-of-the-answer"}\r\n0\r\n\r\n',
        ),
      );
      socket.on('error', () => {});
    });
    await new Promise<void>(done => {
      broken.listen(0, '127.0.0.1', done);
    });
    const { port } = broken.address() as AddressInfo;
    const client = create({ baseUrl: `http://127.0.0.1:${port}` });
    const error = await client
      .request({ method: 'GET', path: 'x' })
      .catch(caught => caught);
    expect(error.message).toMatch(/cannot be reached: GET \/x: .*HTTP/);
    // As the scaffolder stores it with the task, and as the backend sends it to a browser.
    expect(JSON.stringify(serializeError(error))).not.toContain('secret');
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(
      'secret-of',
    );
    broken.close();
  });

  it('should refuse a path to another host', async () => {
    const client = create({ headers: () => ({ authorization: 'Bearer x' }) });
    await expect(
      client.request({ method: 'GET', path: 'http://else.example/x' }),
    ).rejects.toThrow('refused to send a request to another host');
    await expect(
      client.stream({ path: 'http://else.example/x' }),
    ).rejects.toThrow('refused to send a request to another host');
  });

  it('should stream', async () => {
    server.respond(() => ({ status: 200, body: 'a line\n' }));
    const answer = await create().stream({ path: 'watch' });
    const chunks: Uint8Array[] = [];
    for await (const chunk of 'chunks' in answer ? answer.chunks : []) {
      chunks.push(chunk);
    }
    expect(Buffer.concat(chunks).toString()).toBe('a line\n');
  });

  it('should end an aborted stream, and say why one cannot be opened', async () => {
    server.respond(() => 'hang');
    const reason = new Error('enough');
    const controller = new AbortController();
    const opening = create().stream({
      path: 'watch',
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(reason), 50);
    await expect(opening).rejects.toBe(reason);

    server.respond(() => 'reset');
    await expect(create().stream({ path: 'watch' })).rejects.toThrow(
      'the system cannot be reached: GET /watch',
    );
  });
});

describe('HttpClient over TLS', () => {
  const { ca, ...own } = issueForLoopback();
  let server: Server;
  let baseUrl: string;

  beforeAll(async () => {
    server = createHttpsServer(own, (_, res) => res.end('ok'));
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await new Promise(resolve => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });

  async function ask(tls?: { ca?: string; rejectUnauthorized?: boolean }) {
    const client = new HttpClient({ name: 'the system', baseUrl, tls });
    try {
      return (await client.request({ method: 'GET', path: 'x' })).status;
    } finally {
      await client.close();
    }
  }

  it('should trust the certificate authority it is given', async () => {
    await expect(ask({ ca })).resolves.toBe(200);
  });

  it('should refuse an unknown authority and name the certificate', async () => {
    await expect(ask()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringMatching(/certificate/),
    });
    await expect(ask({ ca: issueForLoopback().ca })).rejects.toThrow(
      /certificate/,
    );
  });

  it('should skip the verification on request', async () => {
    await expect(ask({ rejectUnauthorized: false })).resolves.toBe(200);
  });
});
