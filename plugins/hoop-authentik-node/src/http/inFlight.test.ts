import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { IN_FLIGHT_PER_HOST } from './hostLimit';
import { HttpClient } from './HttpClient';

describe('requests in flight', () => {
  let server: Server;
  let url: string;
  let inFlight: number;
  let most: number;
  let answered: number;
  const clients: HttpClient[] = [];

  beforeEach(async () => {
    inFlight = 0;
    most = 0;
    answered = 0;
    server = createServer(async (req, res) => {
      most = Math.max(most, ++inFlight);
      await sleep(10);
      inFlight--;
      answered++;
      res.end(req.url);
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map(client => client.close()));
    await new Promise(resolve => {
      server.close(resolve);
    });
  });

  it('should stay within the limit whatever number of clients asks one host', async () => {
    for (let index = 0; index < 5; index++) {
      // Room for more connections than the limit, as for watches.
      clients.push(
        new HttpClient({ name: `${index}`, baseUrl: url, connections: 32 }),
      );
    }
    await Promise.all(
      clients.flatMap(client =>
        Array.from({ length: 20 }, (_, id) =>
          client.request({ method: 'GET', path: `/${id}` }),
        ),
      ),
    );
    expect(answered).toBe(100);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(IN_FLIGHT_PER_HOST);
  });

  it('should not let anybody wait longer than the deadline for a host that does not answer', async () => {
    server.removeAllListeners('request');
    server.on('request', () => most++);
    const client = new HttpClient({
      name: 'silent',
      baseUrl: url,
      timeoutMs: 1_000,
      attempts: 1,
    });
    clients.push(client);
    const begun = Date.now();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 * IN_FLIGHT_PER_HOST }, () =>
        client.request({ method: 'GET', path: '/' }),
      ),
    );
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(
      new Set(['rejected']),
    );
    expect(most).toBeLessThanOrEqual(2 * IN_FLIGHT_PER_HOST);
    // One after the other they would take ten times the deadline.
    expect(Date.now() - begun).toBeLessThan(8_000);
  });
});
