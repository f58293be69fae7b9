import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { SecretValue } from '../core';
import { issueForLoopback } from './__testUtils__/certificates';
import { HttpClient } from './HttpClient';
import type { HttpClientOptions } from './types';

const USER = 'proxy-user';
const PASSWORD = 'p@ss:word-of-the-proxy';

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
};

const stop = (server: Server) =>
  new Promise(resolve => {
    server.close(resolve);
    server.closeAllConnections();
  });

describe('HttpClient behind a forward proxy', () => {
  const { ca, ...own } = issueForLoopback('system.example');
  /** What the proxy was asked for: `GET http://…` or `CONNECT host:port`. */
  const asked: string[] = [];
  const authorizations: Array<string | undefined> = [];
  let proxy: Server;
  let plain: Server;
  let secure: Server;
  let ports: Record<'proxy' | 'plain' | 'secure', number>;
  let refusal: number | undefined;
  const clients: HttpClient[] = [];
  const earlier = { ...process.env };

  beforeAll(async () => {
    plain = createHttpServer((req, res) => res.end(`plain ${req.url}`));
    secure = createHttpsServer(own, (req, res) => res.end(`secure ${req.url}`));
    proxy = createHttpServer((req, res) => {
      asked.push(`${req.method} ${req.url}`);
      authorizations.push(req.headers['proxy-authorization']);
      if (refusal) {
        res.writeHead(refusal).end('no');
        return;
      }
      // Any name leads to the plain server: only a proxy can resolve it.
      const { pathname, search } = new URL(req.url!);
      res.end(`proxied ${pathname}${search}`);
    });
    proxy.on('connect', (req, socket) => {
      asked.push(`CONNECT ${req.url}`);
      authorizations.push(req.headers['proxy-authorization']);
      if (refusal) {
        socket.end(`HTTP/1.1 ${refusal} No\r\n\r\n`);
        return;
      }
      const upstream = connect(ports.secure, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket);
        socket.pipe(upstream);
      });
      const end = () => upstream.destroy();
      socket.on('error', end).on('close', end);
      upstream.on('error', () => socket.destroy());
    });
    ports = {
      proxy: await listen(proxy),
      plain: await listen(plain),
      secure: await listen(secure),
    };
  });

  afterAll(async () => {
    await Promise.all([proxy, plain, secure].map(stop));
  });

  beforeEach(() => {
    asked.length = 0;
    authorizations.length = 0;
    refusal = undefined;
  });

  afterEach(async () => {
    process.env = { ...earlier };
    await Promise.all(clients.splice(0).map(client => client.close()));
  });

  const proxyUrl = () =>
    `http://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${ports.proxy}`;

  async function ask(options: Partial<HttpClientOptions>): Promise<string> {
    const client = new HttpClient({
      name: 'the system',
      baseUrl: 'http://system.example',
      attempts: 1,
      ...options,
    });
    clients.push(client);
    const answer = await client.request({ method: 'GET', path: 'x?y=z' });
    return `${answer.status} ${answer.body.read()}`;
  }

  const basic = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString(
    'base64',
  )}`;

  it('should send plain requests to the proxy of HTTP_PROXY', async () => {
    process.env.HTTP_PROXY = proxyUrl();
    expect(await ask({})).toBe('200 proxied /x?y=z');
    expect(asked).toEqual(['GET http://system.example/x?y=z']);
    expect(authorizations).toEqual([basic]);
  });

  it('should tunnel through the proxy of HTTPS_PROXY, and verify the certificate behind it', async () => {
    process.env.HTTPS_PROXY = proxyUrl();
    const baseUrl = 'https://system.example:6443';
    expect(await ask({ baseUrl, tls: { ca } })).toBe('200 secure /x?y=z');
    expect(asked).toEqual(['CONNECT system.example:6443']);
    expect(authorizations).toEqual([basic]);
    await expect(ask({ baseUrl })).rejects.toThrow(/certificate/);
    await expect(
      ask({ baseUrl: 'https://other.example', tls: { ca } }),
    ).rejects.toThrow(/altnames/);
    expect(
      await ask({
        baseUrl: 'https://other.example',
        tls: { ca, servername: 'system.example' },
      }),
    ).toBe('200 secure /x?y=z');
  });

  it('should use the proxy that is given, even for a loopback address', async () => {
    const proxied = { proxy: new SecretValue(proxyUrl()) };
    expect(
      await ask({
        ...proxied,
        baseUrl: `https://127.0.0.1:${ports.secure}`,
        tls: { ca },
      }),
    ).toBe('200 secure /x?y=z');
    expect(asked).toEqual([`CONNECT 127.0.0.1:${ports.secure}`]);
  });

  it('should reach directly what NO_PROXY names, and loopback addresses', async () => {
    process.env.HTTP_PROXY = proxyUrl();
    process.env.HTTPS_PROXY = proxyUrl();
    const baseUrl = `http://127.0.0.1:${ports.plain}`;
    expect(await ask({ baseUrl })).toBe('200 plain /x?y=z');
    process.env.NO_PROXY = 'other,.example';
    await expect(ask({})).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
    expect(asked).toEqual([]);
  });

  it('should stream through a proxy', async () => {
    const client = new HttpClient({
      name: 'the system',
      baseUrl: `https://127.0.0.1:${ports.secure}`,
      tls: { ca },
      proxy: new SecretValue(proxyUrl()),
    });
    clients.push(client);
    const stream = await client.stream({ path: 'watch' });
    expect('chunks' in stream).toBe(true);
    for await (const chunk of 'chunks' in stream ? stream.chunks : []) {
      expect(Buffer.from(chunk).toString()).toBe('secure /watch');
    }
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['http://system.example', 407],
    ['https://system.example', 403],
    ['https://system.example', 407],
  ])(
    'should not print the credentials of a proxy that refuses %s with %d',
    async (baseUrl, status) => {
      process.env.HTTP_PROXY = proxyUrl();
      process.env.HTTPS_PROXY = proxyUrl();
      refusal = status;
      const error = await ask({ baseUrl }).then(
        answer => new Error(`answered ${answer}`),
        caught => caught,
      );
      expect(error.message).toContain(`${status}`);
      const printed = `${error.stack} ${JSON.stringify(error)} ${error.cause}`;
      for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), basic]) {
        expect(printed).not.toContain(secret);
      }
    },
  );

  it('should name the proxy that does not tunnel', async () => {
    process.env.HTTPS_PROXY = proxyUrl();
    refusal = 403;
    await expect(ask({ baseUrl: 'https://system.example' })).rejects.toThrow(
      `cannot be reached through the proxy http://127.0.0.1:${ports.proxy}: GET /x: `,
    );
  });

  it('should not print a proxy that is no URL', async () => {
    process.env.HTTP_PROXY = `ftp://${USER}:hunter2@proxy`;
    await expect(ask({})).rejects.toThrow(
      /^HTTP_PROXY: expected the http or https URL of a proxy, found one with ftp:$/,
    );
    process.env.HTTP_PROXY = 'http://user:hunter2@:x';
    await expect(ask({})).rejects.toThrow(/found something else$/);
  });
});
