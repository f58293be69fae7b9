import { createBackendPlugin } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  gatewayRunsServiceRef,
  type CreatedObject,
  type GatewayRuns,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import request from 'supertest';
import { hoopAuthentikPlugin } from '../plugin';

jest.setTimeout(60_000);

const APPLICATION: CreatedObject = {
  system: 'https://auth.company',
  kind: 'application',
  name: 'hoop',
  proof: 'key',
};
const RUN_ID = '00000000-0000-4000-8000-000000000000';

describe('runs through the backend plugin', () => {
  let backend: Awaited<ReturnType<typeof startTestBackend>>;
  let runs: GatewayRuns;
  const log: string[] = [];

  beforeAll(async () => {
    const scaffolder = createBackendPlugin({
      pluginId: 'scaffolder',
      register({ registerInit }) {
        registerInit({
          deps: { service: gatewayRunsServiceRef },
          async init({ service }) {
            runs = service;
          },
        });
      },
    });
    backend = await startTestBackend({
      features: [
        hoopAuthentikPlugin,
        scaffolder,
        catalogServiceMock.factory(),
        mockServices.rootConfig.factory({
          data: {
            hoopAuthentik: {
              authentik: [{ baseUrl: 'https://auth.company', token: 't' }],
              gateways: [
                {
                  name: 'main',
                  url: 'https://hoop.company',
                  target: { type: 'helmValues' },
                },
              ],
            },
          },
        }),
      ],
    });
  });

  afterAll(async () => {
    await backend?.stop();
  });

  beforeEach(() => {
    log.length = 0;
  });

  const begin = (taskId: string, signal?: AbortSignal) =>
    runs.begin({
      gateway: 'main',
      taskId,
      action: 'hoop:gateway:configure',
      signal,
      log: line => log.push(line),
    });

  it('should let the second run wait for the first, and say for which task', async () => {
    const first = await begin('task-1');
    const second = begin('task-2');
    await new Promise(resolve => {
      setTimeout(resolve, 300);
    });
    expect(log).toEqual([
      expect.stringMatching(
        /^Waiting for the gateway "main": task task-1 has been running hoop:gateway:configure since 20.*Z$/,
      ),
    ]);
    await first.confirm();
    await first.end();
    const run = await second;
    await run.confirm();
    await expect(first.confirm()).rejects.toThrow(
      'This run no longer holds the gateway "main"',
    );
    expect(first.signal.aborted).toBe(true);
    expect(run.signal.aborted).toBe(false);
    await run.end();
  });

  it('should stop waiting when the task is cancelled', async () => {
    const first = await begin('task-1');
    const controller = new AbortController();
    const second = begin('task-2', controller.signal);
    setTimeout(() => controller.abort(), 100);
    await expect(second).rejects.toThrow('abort');
    await first.end();
  });

  it('should tell a later run what an earlier one has created', async () => {
    const first = await begin('task-1');
    expect(first.created).toEqual([]);
    await first.record(APPLICATION);
    expect(first.created).toEqual([APPLICATION]);
    await first.end();
    const second = await begin('task-2');
    expect(second.created).toEqual([APPLICATION]);
    await second.forget(APPLICATION);
    await second.end();
    const third = await begin('task-3');
    expect(third.created).toEqual([]);
    await third.end();
  });

  it('should show a later run the switch that an earlier one has not verified', async () => {
    const record = {
      since: '2026-11-28T10:00:00.000Z',
      previousMethod: 'local',
      written: `${'A'.repeat(43)}=`,
    } as const;
    const first = await begin('task-1');
    expect(first.unverifiedSwitch).toBeUndefined();
    await first.keepSwitch(record);
    expect(first.unverifiedSwitch).toEqual(record);
    await first.end();
    const second = await begin('task-2');
    expect(second.unverifiedSwitch).toEqual(record);
    await second.clearSwitch();
    await second.end();
    const third = await begin('task-3');
    expect(third.unverifiedSwitch).toBeUndefined();
    await third.end();
  });

  it('should not keep a value of a setting where a digest belongs', async () => {
    const answer = await request(backend.server)
      .put(`/api/hoop-authentik/runs/main/${RUN_ID}/switch`)
      .set('authorization', mockCredentials.service.header())
      .send({
        since: '2026-11-28T10:00:00.000Z',
        previousMethod: 'local',
        written: 'the-client-secret',
      });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body.error)).not.toContain(
      'the-client-secret',
    );
  });

  it('should refuse a gateway that is not declared', async () => {
    await expect(
      runs.begin({
        gateway: 'nope',
        taskId: 'task-1',
        action: 'hoop:gateway:configure',
        log: () => {},
      }),
    ).rejects.toThrow('it answered 404');
  });

  it.each([
    ['user', 403, mockCredentials.user.header()],
    ['no one', 401, mockCredentials.none.header()],
  ])('should not serve %s: %s', async (_, status, authorization) => {
    const answer = await request(backend.server)
      .put(`/api/hoop-authentik/runs/main/${RUN_ID}`)
      .set('authorization', authorization)
      .send({ taskId: 'x', action: 'y' });
    expect(answer.status).toBe(status);
  });

  it.each([
    ['an id that is none', 'x', { taskId: 'x', action: 'y' }, 'UUID'],
    ['no task', RUN_ID, { action: 'y' }, '"taskId"'],
    [
      'a field that is too long',
      RUN_ID,
      { taskId: 'x'.repeat(256), action: 'y' },
      '"taskId"',
    ],
  ])('should refuse %s', async (_, runId, body, message) => {
    const answer = await request(backend.server)
      .put(`/api/hoop-authentik/runs/main/${runId}`)
      .set('authorization', mockCredentials.service.header())
      .send(body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain(message);
  });
});
