import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { IN_FLIGHT_PER_HOST, withinHostLimit } from './hostLimit';
import { HttpClient } from './HttpClient';

const ORIGIN = 'https://auth.company';

/** Requests that run until the test ends them. */
function openRequests() {
  const started: number[] = [];
  const ends: Array<() => void> = [];
  const run = (id: number) => () =>
    new Promise<void>(resolve => {
      started.push(id);
      ends.push(resolve);
    });
  return { started, ends, run };
}

const settle = () => new Promise(resolve => setImmediate(resolve));

describe('withinHostLimit', () => {
  it('should run no more than the limit concurrently, in order', async () => {
    const { started, ends, run } = openRequests();
    const all = Array.from({ length: IN_FLIGHT_PER_HOST + 2 }, (_, id) =>
      withinHostLimit(ORIGIN, {}, run(id)),
    );
    await settle();
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    ends[3]();
    await settle();
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    ends[0]();
    await settle();
    ends.forEach(end => end());
    await Promise.all(all);
    expect(started).toHaveLength(IN_FLIGHT_PER_HOST + 2);
  });

  it('should count each host separately', async () => {
    const { started, ends, run } = openRequests();
    const all = [ORIGIN, 'https://hoop.company'].flatMap(origin =>
      Array.from({ length: IN_FLIGHT_PER_HOST }, (_, id) =>
        withinHostLimit(origin, {}, run(id)),
      ),
    );
    await settle();
    expect(started).toHaveLength(2 * IN_FLIGHT_PER_HOST);
    ends.forEach(end => end());
    await Promise.all(all);
  });

  it('should start the next one after a failure', async () => {
    const failures = Array.from({ length: 3 * IN_FLIGHT_PER_HOST }, () =>
      withinHostLimit(ORIGIN, {}, async () => {
        throw new Error('no');
      }).catch(error => error.message),
    );
    expect(new Set(await Promise.all(failures))).toEqual(new Set(['no']));
    await expect(withinHostLimit(ORIGIN, {}, async () => 'done')).resolves.toBe(
      'done',
    );
  });

  it('should drop a waiting request that is aborted', async () => {
    const { started, ends, run } = openRequests();
    const controller = new AbortController();
    const all = Array.from({ length: IN_FLIGHT_PER_HOST }, (_, id) =>
      withinHostLimit(ORIGIN, {}, run(id)),
    );
    const gone = withinHostLimit(
      ORIGIN,
      { signal: controller.signal },
      run(100),
    );
    const last = withinHostLimit(ORIGIN, {}, run(200));
    controller.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    ends[0]();
    await settle();
    expect(started.at(-1)).toBe(200);
    expect(started).not.toContain(100);
    ends.forEach(end => end());
    await Promise.all([...all, last]);

    await expect(
      withinHostLimit(ORIGIN, { signal: controller.signal }, run(300)),
    ).rejects.toThrow('gone');
    expect(started).not.toContain(300);
  });
});

describe('concurrent requests of HttpClient', () => {
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

  it('should stay within the limit for any number of clients of one host', async () => {
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

  it('should fail all requests of readers by the deadline where a host does not answer', async () => {
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
        client.request({ method: 'GET', path: '/', lane: 'reader' }),
      ),
    );
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(
      new Set(['rejected']),
    );
    expect(most).toBeLessThanOrEqual(2 * IN_FLIGHT_PER_HOST);
    // One after the other they would take ten times the deadline.
    expect(Date.now() - begun).toBeLessThan(8_000);
  });

  it('should begin the deadline of a task when its request is sent', async () => {
    server.removeAllListeners('request');
    server.on('request', async (_, res) => {
      await sleep(100);
      res.end();
    });
    const client = new HttpClient({
      name: 'slow',
      baseUrl: url,
      timeoutMs: 300,
    });
    clients.push(client);
    const answers = await Promise.all(
      Array.from({ length: 6 * IN_FLIGHT_PER_HOST }, () =>
        client.request({ method: 'GET', path: '/' }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([200]),
    );
  });

  it('should send few writes at a time, and reads beside them', async () => {
    const client = new HttpClient({
      name: 'serial',
      baseUrl: url,
      writesInFlight: 2,
      writeTimeoutMs: 60_000,
    });
    clients.push(client);
    let writing = 0;
    let mostWriting = 0;
    server.prependListener('request', (req, res) => {
      writing += req.method === 'POST' ? 1 : 0;
      mostWriting = Math.max(mostWriting, writing);
      res.on('finish', () => {
        writing -= req.method === 'POST' ? 1 : 0;
      });
    });
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        client.request({ method: index % 2 ? 'GET' : 'POST', path: '/' }),
      ),
    );
    expect(mostWriting).toBe(2);
    expect(most).toBeGreaterThan(2);
  });
});
