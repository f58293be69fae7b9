import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { ForeignText } from '../core';
import { HttpClient } from './HttpClient';

const MEGABYTE = 1024 * 1024;
const TOKEN = 'bearer-token-of-the-cluster-9f8e7d';

describe('HttpClient and a hostile server', () => {
  let server: Server;
  let client: HttpClient;
  let serve: (response: ServerResponse, path: string) => void;

  beforeEach(async () => {
    server = createServer((request, response) => {
      response.on('error', () => {});
      request.resume();
      serve(response, request.url ?? '');
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    client = new HttpClient({
      name: 'the system',
      baseUrl: `http://127.0.0.1:${port}`,
      headers: () => ({ authorization: `Bearer ${TOKEN}` }),
      attempts: 1,
    });
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => {
      server.close(resolve);
    });
    await client.close();
  });

  const get = (options: { expect?: number[]; timeoutMs?: number } = {}) =>
    client.request({ method: 'GET', path: 'x', ...options });

  /** Sends without end; the same chunk, so that the server needs no memory. */
  function endless(response: ServerResponse, most = Infinity): void {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    const more = () => {
      while (sent < most && !response.destroyed) {
        sent += chunk.length;
        if (!response.write(chunk)) {
          response.once('drain', more);
          return;
        }
      }
      response.end();
    };
    more();
  }

  it('should not read an answer that announces too much', async () => {
    serve = response => {
      response.writeHead(200, { 'content-length': 200 * MEGABYTE });
      response.write('x');
    };
    await expect(get()).rejects.toThrow('more than 8 MB');
  });

  it('should read an answer of some megabytes', async () => {
    serve = response => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      endless(response, 3 * MEGABYTE);
    };
    const answers = await Promise.all([get(), get(), get(), get()]);
    expect(answers.map(({ body }) => body.length)).toEqual(
      Array(4).fill(3 * MEGABYTE),
    );
  });

  it('should not read the body of an error beyond 64 KB', async () => {
    serve = response => {
      response.writeHead(500, { 'content-type': 'application/json' });
      endless(response);
    };
    const answer = await get();
    expect(answer.status).toBe(500);
    expect(answer.body).toHaveLength(0);
  });

  it('should not wait longer than its deadline for a slow drip', async () => {
    serve = response => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    };
    const begun = performance.now();
    await expect(get({ timeoutMs: 300 })).rejects.toThrow(
      'did not answer within 0.3 s: GET ',
    );
    expect(performance.now() - begun).toBeLessThan(1_500);
    await expect(
      client.request({ method: 'DELETE', path: 'x', timeoutMs: 100 }),
    ).rejects.toThrow(
      'did not answer within 0.1 s: DELETE /x, which it may still carry out.',
    );
  });

  it('should not parse what nests too deep', async () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    let body = deep(1_000_000);
    serve = response => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(body);
    };
    expect((await get()).json()).toBeUndefined();
    body = deep(60);
    expect((await get()).json()).toBeDefined();
    body = JSON.stringify({ text: '[{"\\'.repeat(1_000) });
    expect((await get()).json()).toEqual(JSON.parse(body));
  });

  it('should report where a redirect leads, without its query', async () => {
    serve = response => {
      response.writeHead(302, {
        location: `https://user:${TOKEN}@login.company/sso?token=${TOKEN}#${TOKEN}`,
      });
      response.end();
    };
    expect((await get()).describe()).toBe(
      '302, a redirect to https://login.company/sso',
    );
  });

  it('should not show the credentials and values that an answer echoes', async () => {
    const value = 'value-of-a-setting-0815';
    const said = [
      `headers: {"authorization":"Bearer ${TOKEN}"}`,
      `body: ${value} and ${TOKEN.slice(0, 20)}`,
      `found ${value} in ${Buffer.from(value).toString('base64')}`,
      'nothing',
    ];
    serve = response => response.end(said[0]);
    const answer = await client.request({
      method: 'PATCH',
      path: 'x',
      query: { fieldManager: 'our-field-manager' },
      body: JSON.stringify({ data: { key: [value] }, kind: 'ConfigMap' }),
      plain: ['ConfigMap'],
    });
    const shown = said.map(text =>
      answer.formatter().quote(new ForeignText(text)),
    );
    expect(shown).toEqual([
      '(message withheld: it quotes a secret)',
      '(message withheld: it quotes a secret)',
      '“found <value> in <value>=”',
      '“nothing”',
    ]);
    const names = new ForeignText('ConfigMap of our-field-manager');
    expect(answer.formatter().quote(names)).toBe('“ConfigMap of <value>”');
  });

  it('should not print an answer by accident', async () => {
    serve = response => {
      response.setHeader('x-echo', TOKEN);
      response.end(TOKEN);
    };
    const answer = await get();
    const printed = `${answer.body} ${answer.header('x-echo')} ${JSON.stringify(
      answer,
    )}`;
    expect(printed).not.toContain(TOKEN);
    expect(answer.header('x-echo')?.read()).toBe(TOKEN);
  });

  it('should read no more of the refusal of a stream than of an error', async () => {
    serve = response => {
      response.writeHead(403, { 'content-type': 'text/plain' });
      endless(response);
    };
    const stream = await client.stream({ path: 'watch' });
    expect('refusal' in stream && stream.refusal.describe()).toBe(
      '403 with text/plain',
    );
  });
});
