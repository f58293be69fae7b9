import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { HttpGatewayRuns } from './HttpGatewayRuns';
import { RUN_LEASE_MS } from './types';

const HOLDER = {
  runId: 'another-run',
  taskId: 'task-7',
  action: 'hoop:gateway:rotateSecret',
  since: '2026-11-28T10:00:00.000Z',
};

describe('HttpGatewayRuns', () => {
  let server: Server;
  let answer: (
    method: string,
    path: string,
  ) => { status?: number; body: unknown };
  const asked: string[] = [];
  const log: string[] = [];

  beforeAll(async () => {
    server = createServer((req, res) => {
      asked.push(`${req.method} ${req.url}`);
      const { status = 200, body } = answer(req.method!, req.url!);
      res.writeHead(status, { 'content-type': 'application/json' });
      res.end(typeof body === 'string' ? body : JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise(resolve => {
      server.close(resolve);
    });
  });

  beforeEach(() => {
    asked.length = 0;
    log.length = 0;
  });

  const runs = (patienceMs = 0) =>
    new HttpGatewayRuns({
      auth: {
        getOwnServiceCredentials: async () => ({}),
        getPluginRequestToken: async () => ({ token: 'token-of-the-plugin' }),
      } as unknown as AuthService,
      discovery: {
        getBaseUrl: async () =>
          `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      } as Partial<DiscoveryService> as DiscoveryService,
      patienceMs,
    });

  const begin = (patienceMs?: number) =>
    runs(patienceMs).begin({
      gateway: 'main',
      taskId: 'task-1',
      action: 'hoop:gateway:configure',
      log: line => log.push(line),
    });

  /** Gives the lease to whoever asks. */
  const give = (path: string) => ({
    holder: { ...HOLDER, runId: path.split('/')[3] },
    created: [],
    grants: [],
  });

  it('should refuse once its patience has ended, and name the task that holds the gateway', async () => {
    answer = () => ({ body: { holder: HOLDER, created: [], grants: [] } });
    await expect(begin()).rejects.toMatchObject({
      name: 'ConflictError',
      message:
        'The gateway "main" is in use: task task-7 has been running hoop:gateway:rotateSecret since 2026-11-28T10:00:00.000Z. Nothing was changed. Run the task again once that task has ended.',
    });
  });

  it('should stop writing when another run has taken the gateway over', async () => {
    let held = true;
    answer = (method, path) => ({
      body: method === 'PUT' ? give(path) : { held },
    });
    const run = await begin();
    await run.confirm();
    held = false;
    await expect(run.confirm()).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('another run may write now'),
    });
    expect(run.signal.aborted).toBe(true);
    const { length } = asked;
    await expect(
      run.record({ system: 's', kind: 'application', name: 'hoop' }),
    ).rejects.toMatchObject({ name: 'ConflictError' });
    expect(asked).toHaveLength(length);
    await run.end();
  });

  it('should let a way back go on while the backend plugin is away and its lease lasts, and nothing else', async () => {
    let away = false;
    answer = (method, path) =>
      away
        ? { status: 503, body: {} }
        : { body: method === 'PUT' ? give(path) : { held: true } };
    const run = await begin();
    away = true;
    const started = performance.now();
    const now = jest.spyOn(performance, 'now');
    const wayBack = () => run.confirm({ lane: 'wayBack' });
    const unavailable = { name: 'ServiceUnavailableError' };
    await expect(run.confirm()).rejects.toMatchObject(unavailable);
    await wayBack();
    // A write that begins a moment before still ends within the lease.
    now.mockReturnValue(started + RUN_LEASE_MS / 2 - 1_000);
    await wayBack();
    now.mockReturnValue(started + RUN_LEASE_MS / 2 + 1_000);
    await expect(wayBack()).rejects.toMatchObject(unavailable);
    away = false;
    await wayBack();
    away = true;
    await wayBack();
    now.mockRestore();
    await run.end();
  });

  it('should not let a way back go on after another run has taken the gateway over', async () => {
    let held = true;
    answer = (method, path) => ({
      body: method === 'PUT' ? give(path) : { held },
    });
    const run = await begin();
    held = false;
    const wayBack = () => run.confirm({ lane: 'wayBack' });
    await expect(wayBack()).rejects.toMatchObject({ name: 'ConflictError' });
    await expect(wayBack()).rejects.toMatchObject({ name: 'ConflictError' });
    await run.end();
  });

  it.each([
    ['an error', { status: 500, body: {} }, 'it answered 500'],
    ['a page', { body: '<html>' }, 'cannot be asked'],
    ['something else', { body: { held: 'yes' } }, 'something unexpected'],
  ])(
    'should not take %s for a confirmation, nor for a loss',
    async (_, bad, message) => {
      let answers: { status?: number; body: unknown } | undefined;
      answer = (method, path) =>
        answers ?? { body: method === 'PUT' ? give(path) : { held: true } };
      const run = await begin();
      answers = bad;
      await expect(run.confirm()).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message: expect.stringContaining(message),
      });
      expect(run.signal.aborted).toBe(false);
      answers = undefined;
      await run.confirm();
      await run.end();
    },
  );
});
