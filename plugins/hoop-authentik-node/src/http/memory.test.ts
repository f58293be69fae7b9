import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { HttpClient } from './HttpClient';

const MEGABYTE = 1024 * 1024;

/** In a process of its own, so that its memory does not count. */
const SERVER = `
  const chunk = Buffer.alloc(64 * 1024, 'x');
  require('node:http').createServer((request, response) => {
    response.on('error', () => {});
    response.writeHead(Number(request.url.slice(1)), { 'content-type': 'application/json' });
    let left = 200 * 1024 * 1024;
    const more = () => {
      while (left > 0 && !response.destroyed) {
        left -= chunk.length;
        if (!response.write(chunk)) return response.once('drain', more);
      }
      response.end();
    };
    more();
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

describe('the memory of HttpClient', () => {
  let server: ChildProcess;
  let client: HttpClient;

  beforeAll(async () => {
    server = spawn(process.execPath, ['-e', SERVER], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [port] = await once(server.stdout!, 'data');
    client = new HttpClient({
      name: 'the system',
      baseUrl: `http://127.0.0.1:${Number(port)}`,
      attempts: 1,
    });
  });

  afterAll(async () => {
    await client.close();
    server.kill();
  });

  async function mostFor(status: number) {
    const used = () => {
      const { heapUsed, external } = process.memoryUsage();
      return (heapUsed + external) / MEGABYTE;
    };
    const idle = used();
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, used() - idle);
    }, 2);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        client.request({ method: 'GET', path: `${status}` }),
      ),
    );
    clearInterval(watch);
    return { most, outcomes };
  }

  it('should stay small for eight answers of 200 MB', async () => {
    const { most, outcomes } = await mostFor(200);
    const reason = {
      name: 'ServiceUnavailableError',
      message: expect.stringContaining(
        'GET /200: answered 200 with more than 8 MB',
      ),
    };
    expect(outcomes).toMatchObject(Array(8).fill({ reason }));
    // 38 to 53 were seen: garbage of the measurement included.
    expect(most).toBeLessThan(64);
  });

  it('should hardly grow for eight errors of 200 MB', async () => {
    const { most, outcomes } = await mostFor(500);
    const value = { status: 500 };
    expect(outcomes).toMatchObject(Array(8).fill({ value }));
    expect(most).toBeLessThan(20);
  });
});
