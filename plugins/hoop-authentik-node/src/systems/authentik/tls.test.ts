import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { issueForLoopback } from '../../http/__testUtils__/certificates';
import { SecretValue } from '../../core';
import { DefaultAuthentikClient } from './DefaultAuthentikClient';
import { DefaultOidcProbes } from './DefaultOidcProbes';
import { TOKEN } from './__testUtils__/everyMethod';
import { recorded } from './__testUtils__/fixtures';

describe('An authentik instance with a certificate authority of its own', () => {
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

  it.each([
    ['client', DefaultAuthentikClient],
    ['probes', DefaultOidcProbes],
  ])('should be trusted by the %s only where it is given', async (_, kind) => {
    const options = { name: 'main', baseUrl, token: new SecretValue(TOKEN) };
    const trusting = kind.create({ ...options, ca });
    const wary = kind.create(options);
    const ask = (it: DefaultAuthentikClient | DefaultOidcProbes) =>
      it instanceof DefaultAuthentikClient
        ? it.getVersion()
        : it.getDiscovery('hoop');

    await expect(ask(trusting)).resolves.toBeDefined();
    await expect(ask(wary)).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringMatching(/certificate/),
    });
    await trusting.close();
    await wary.close();
  });
});
