import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mockServices } from '@backstage/backend-test-utils';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import express from 'express';
import type { IntegrationService } from '../services/IntegrationService';
import { integrationRoutes } from './integrationRoutes';

const PATH = '/by-entity/resource/default/hoop';

describe('integrationRoutes', () => {
  let server: Server;
  const errors: unknown[] = [];
  const getByEntity = jest.fn<
    ReturnType<IntegrationService['getByEntity']>,
    Parameters<IntegrationService['getByEntity']>
  >();

  beforeEach(async () => {
    errors.length = 0;
    getByEntity.mockReset();
    const app = express();
    app.use(
      integrationRoutes({
        access: { getByEntity: jest.fn() },
        auditor: mockServices.auditor.mock(),
        httpAuth: mockServices.httpAuth(),
        integrations: {
          getByEntity,
          list: jest.fn(),
          refresh: jest.fn(),
          getRefresh: jest.fn(),
          getHistory: jest.fn(),
        },
        requests: { options: jest.fn() },
      }),
    );
    app.use(
      (
        error: unknown,
        _req: express.Request,
        res: express.Response,
        _next: express.NextFunction,
      ) => {
        errors.push(error);
        res.status(500).end();
      },
    );
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => {
      server.close(resolve);
    });
  });

  const url = () =>
    `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`;

  it('should abandon what no caller waits for, and report no failure', async () => {
    const aborted = new Promise<void>(resolve => {
      getByEntity.mockImplementation(
        (_, { signal }) =>
          new Promise((__, reject) => {
            signal?.addEventListener('abort', () => {
              reject(signal.reason);
              resolve();
            });
          }),
      );
    });
    const visitor = new AbortController();
    const answer = fetch(url(), { signal: visitor.signal });
    while (getByEntity.mock.calls.length === 0) {
      await new Promise(setImmediate);
    }
    visitor.abort();
    await expect(answer).rejects.toThrow();
    await aborted;
    await new Promise(setImmediate);
    expect(errors).toEqual([]);
  });

  it('should say when to ask again where too many ask', async () => {
    getByEntity.mockRejectedValue(
      Object.assign(new ServiceUnavailableError('busy'), { retryAfter: 5 }),
    );
    const { headers } = await fetch(url());
    expect(headers.get('retry-after')).toBe('5');
    expect(errors).toMatchObject([{ name: 'ServiceUnavailableError' }]);
  });

  it('should report a failure to whoever waits', async () => {
    const failure = new NotFoundError('no such entity');
    getByEntity.mockRejectedValue(failure);
    expect((await fetch(url())).status).toBe(500);
    expect(errors).toEqual([failure]);
  });
});
