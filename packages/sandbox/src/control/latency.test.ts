import { IncomingMessage } from 'node:http';
import { AuthentikLatency } from './latency';

const request = (method: string, url: string) =>
  ({ method, url } as IncomingMessage);

async function held(
  latency: AuthentikLatency,
  ...requests: IncomingMessage[]
): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(requests.map(one => latency.hold(one)));
  return performance.now() - startedAt;
}

const read = request('GET', '/api/v3/core/groups/?page_size=1');
const write = request('POST', '/api/v3/policies/bindings/');
const transaction = request('PUT', '/api/v3/core/transactional/applications/');

describe('AuthentikLatency', () => {
  it('should be off until it is switched on', async () => {
    expect(await held(new AuthentikLatency(), transaction)).toBeLessThan(50);
  });

  it('should let reads go side by side and writes two at a time', async () => {
    const latency = new AuthentikLatency();
    latency.set(0.1);
    expect(await held(latency, read, read, read)).toBeLessThan(90);
    expect(await held(latency, write, write)).toBeLessThan(75);
    expect(await held(latency, write, write, write, write)).toBeGreaterThan(75);
    expect(await held(latency, transaction)).toBeGreaterThan(250);
  });

  it('should hold up nothing but the API', async () => {
    const latency = new AuthentikLatency();
    latency.set(1);
    expect(
      await held(latency, request('POST', '/application/o/token/')),
    ).toBeLessThan(50);
  });
});
