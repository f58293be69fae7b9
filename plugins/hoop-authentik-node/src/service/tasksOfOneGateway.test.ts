import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigReader } from '@backstage/config';
import { DefaultHoopAuthentikService } from './DefaultHoopAuthentikService';

describe('the tasks of one gateway', () => {
  const asked: string[] = [];
  let server: Server;
  let service: DefaultHoopAuthentikService;

  beforeAll(async () => {
    server = createServer((req, res) => {
      asked.push(`${req.method} ${req.url?.split('/').at(-2)}`);
      const isRead = req.method === 'GET';
      res.writeHead(isRead ? 404 : 204, { 'content-type': 'application/json' });
      res.end(isRead ? '{"detail":"Not found."}' : undefined);
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const target = { type: 'envFile' };
    const url = 'https://hoop.company';
    service = DefaultHoopAuthentikService.create({
      config: new ConfigReader({
        hoopAuthentik: {
          authentik: [{ baseUrl: `http://127.0.0.1:${port}`, token: 't' }],
          gateways: ['main', 'other'].map(name => ({ name, url, target })),
        },
      }),
    });
  });

  afterAll(async () => {
    await service.close();
    server.close();
  });

  it('should forget what they have read when one of them writes, those of other gateways not', async () => {
    const authentikOf = (gateway: string, task: string) =>
      service.getGateway(gateway).systemsOfTask(task).authentik;
    const readAll = async () => {
      asked.length = 0;
      await authentikOf('main', 'first').getApplication('of-first');
      await authentikOf('main', 'second').getApplication('of-second');
      await authentikOf('other', 'third').getApplication('of-third');
      return asked;
    };
    expect(await readAll()).toEqual([
      'GET of-first',
      'GET of-second',
      'GET of-third',
    ]);
    expect(await readAll()).toEqual([]);
    await authentikOf('main', 'first').deleteApplication('hoop');
    expect(await readAll()).toEqual(['GET of-first', 'GET of-second']);
  });
});
