import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer } from '../http/server';
import { gatewayOriginHeader } from '../gateway/provider';
import { Faults } from './faults';
import type { FaultKind } from './faultKinds';

const BODY = JSON.stringify({ name: 'hoop', padding: 'x'.repeat(100) });

describe('what becomes of an answer', () => {
  const faults = new Faults();
  let server: Server;
  let carriedOut = 0;

  beforeAll(async () => {
    server = createServer(async (req, res) => {
      if (!(await faults.strike('authentik', req, res))) {
        carriedOut += 1;
        res.writeHead(200, { 'content-type': 'application/json' });
        res.write(BODY.slice(0, 10));
        res.end(BODY.slice(10));
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(() => closeServer(server));

  beforeEach(() => {
    faults.clear();
    carriedOut = 0;
  });

  const ask = async (headers: Record<string, string> = {}) => {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/api`, {
      method: 'POST',
      body: 'the body',
      headers: { authorization: 'Bearer the-token', ...headers },
      signal: AbortSignal.timeout(1_000),
    });
    return { status: answer.status, text: await answer.text() };
  };

  const strike = (kind: FaultKind) =>
    faults.add({ system: 'authentik', kind, times: 1 });

  it.each<[FaultKind, number, RegExp]>([
    ['busy', 429, /Too many/],
    ['busy-with-time', 429, /Too many/],
    ['echo-400', 400, /the-token.*the body/],
    ['echo-403', 403, /the-token.*the body/],
    ['echo-500', 500, /the-token.*the body/],
    ['html-502', 502, /<html>/],
    ['login-page', 200, /<form/],
    ['invalid-json', 200, /\[,\]/],
    ['truncated-json', 200, /"na$/],
  ])('should answer %s and carry nothing out', async (kind, status, text) => {
    strike(kind);
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(text);
    expect(carriedOut).toBe(0);
    expect(await ask()).toEqual({ status: 200, text: BODY });
  });

  it.each<[FaultKind, number]>([
    ['refused', 0],
    ['hang', 0],
    ['reset-mid-body', 1],
    ['slow-drip', 1],
    ['lost-answer', 1],
  ])('should give no whole answer with %s', async (kind, times) => {
    strike(kind);
    await expect(ask()).rejects.toThrow();
    expect(carriedOut).toBe(times);
    expect(await ask()).toEqual({ status: 200, text: BODY });
  });

  it('should let nothing of a process through that was killed, but what the gateway asks', async () => {
    strike('killed');
    await expect(ask()).rejects.toThrow();
    expect(carriedOut).toBe(1);
    await expect(ask()).rejects.toThrow();
    expect(carriedOut).toBe(1);
    expect(await ask({ [gatewayOriginHeader]: 'gateway' })).toMatchObject({
      status: 200,
    });
    faults.clear();
    expect(await ask()).toEqual({ status: 200, text: BODY });
  });
});
