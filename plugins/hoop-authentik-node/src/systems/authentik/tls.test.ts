import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { issueForLoopback } from '../../http/__testUtils__/certificates';
import { SecretValue } from '../../core';
import { createAuthentikClient } from './createAuthentikClient';
import { DefaultOidcProbes } from './DefaultOidcProbes';
import { TOKEN } from './__testUtils__/everyMethod';
import { recorded } from './__testUtils__/fixtures';

describe('An authentik instance with its own certificate authority', () => {
  const { ca, ...own } = issueForLoopback();
  const answers = [
    recorded('2026.8', 'version'),
    recorded('2026.8', 'discovery'),
  ];
  const server = createServer(own, (req, res) => {
    const { body } = answers[req.url === '/api/v3/admin/version/' ? 0 : 1];
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(body));
  });
  let baseUrl: string;

  beforeAll(async () => {
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await new Promise(resolve => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });

  async function readWithClient(authority: { ca?: string }) {
    const token = new SecretValue(TOKEN);
    const client = createAuthentikClient({
      name: 'main',
      baseUrl,
      token,
      ...authority,
    });
    return client.getVersion().finally(client.close);
  }

  async function readWithProbes(authority: { ca?: string }) {
    const probes = DefaultOidcProbes.create({
      name: 'main',
      baseUrl,
      ...authority,
    });
    return probes.getDiscovery('hoop').finally(() => probes.close());
  }

  it.each([
    ['client', readWithClient],
    ['probes', readWithProbes],
  ])('should be trusted by the %s only if it is given', async (_, read) => {
    await expect(read({ ca })).resolves.toBeDefined();
    await expect(read({})).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringMatching(/certificate/),
    });
  });
});
