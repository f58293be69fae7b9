import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { HttpClient } from './HttpClient';
import { issueForLoopback } from './__testUtils__/certificates';

describe('HttpClient over TLS', () => {
  const { ca, ...own } = issueForLoopback();
  let server: Server;
  let baseUrl: string;

  beforeAll(async () => {
    server = createServer(own, (_, res) => res.end('ok'));
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

  async function ask(tls?: { ca?: string; rejectUnauthorized?: boolean }) {
    const client = new HttpClient({ name: 'the system', baseUrl, tls });
    try {
      return (await client.request({ method: 'GET', path: 'x' })).status;
    } finally {
      await client.close();
    }
  }

  it('should trust the certificate authority it is given', async () => {
    await expect(ask({ ca })).resolves.toBe(200);
  });

  it('should not trust an unknown one, and say so', async () => {
    await expect(ask()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringMatching(/certificate/),
    });
    await expect(ask({ ca: issueForLoopback().ca })).rejects.toThrow(
      /certificate/,
    );
  });

  it('should check nothing where it is told not to', async () => {
    await expect(ask({ rejectUnauthorized: false })).resolves.toBe(200);
  });
});
