import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { DefaultKubernetesClient } from './DefaultKubernetesClient';
import { IDP_SECRET, TOKEN } from '../__testUtils__/answers';
import { clientOf } from '../__testUtils__/clientOf';
import { everythingOf, failureOf } from '../__testUtils__/failure';
import { fixture, fixtureData } from '../__testUtils__/fixtures';
import { LoopbackServer } from '../__testUtils__/LoopbackServer';

describe('the connections of DefaultKubernetesClient', () => {
  let server: LoopbackServer;
  let client: DefaultKubernetesClient;

  beforeEach(async () => {
    server = await LoopbackServer.start();
    client = clientOf(server);
  });

  afterEach(async () => {
    await server.stop();
    await client.close();
  });

  it('should report that nothing listens', async () => {
    const { url } = server;
    await server.stop();
    const error = await failureOf(client.get('Pod', 'hoop', 'p'));
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toMatch(
      new RegExp(`Kubernetes \\(${url}\\) cannot be reached: .*ECONNREFUSED`),
    );
    expect(everythingOf(error)).not.toContain(TOKEN);
    server = await LoopbackServer.start();
  });

  it('should not trust a server that another authority signed', async () => {
    const stranger = clientOf(server, {}, { ca: fixture('client.crt') });
    await expect(stranger.get('Pod', 'hoop', 'p')).rejects.toThrow(
      /certificate/,
    );
    expect(server.requests).toHaveLength(0);
    await stranger.close();
  });

  it('should verify the given server name', async () => {
    const named = clientOf(
      server,
      {},
      { servername: 'kubernetes.default.svc' },
    );
    server.answer(200, IDP_SECRET);
    await named.get('Secret', 'hoop', 'idp');
    await named.close();
    const misnamed = clientOf(server, {}, { servername: 'other.example' });
    await expect(misnamed.get('Secret', 'hoop', 'idp')).rejects.toThrow(
      /altnames/,
    );
    await misnamed.close();
  });

  it('should present a client certificate', async () => {
    const certified = clientOf(
      server,
      {},
      { cert: fixture('client.crt'), key: fixture('client.key') },
    );
    server.answer(200, IDP_SECRET);
    await certified.get('Secret', 'hoop', 'idp');
    expect(server.last.clientName).toBe('Test client');
    await certified.close();
  });

  it('should give up on a server that does not answer', async () => {
    const hasty = clientOf(server, { timeoutMs: 100 });
    const error = await failureOf(hasty.get('Pod', 'hoop', 'p'));
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toMatch(/did not answer within/);
    server.breakOff();
    await hasty.close();
  });

  it('should end with the reason of the caller when it aborts', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    await expect(
      client.get('Pod', 'hoop', 'p', { signal: controller.signal }),
    ).rejects.toBe(reason);
  });

  it('should pass on why the credentials cannot be read', async () => {
    const broken = new DefaultKubernetesClient({
      server: server.url,
      tls: {},
      headers: async () => {
        throw new Error('the tokenFile /x cannot be read');
      },
    });
    await expect(broken.get('Pod', 'hoop', 'p')).rejects.toThrow(
      /^the tokenFile \/x cannot be read$/,
    );
    await broken.close();
  });

  it('should connect with a kubeconfig', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    const path = join(directory, 'config');
    await writeFile(
      path,
      JSON.stringify({
        'current-context': 'test',
        contexts: [
          { name: 'test', context: { cluster: 'test', user: 'test' } },
        ],
        clusters: [
          {
            name: 'test',
            cluster: {
              server: server.url,
              'certificate-authority-data': fixtureData('ca.crt'),
            },
          },
        ],
        users: [{ name: 'test', user: { token: TOKEN } }],
      }),
    );
    const configured = await DefaultKubernetesClient.create({
      cluster: { kubeconfig: path },
    });
    await rm(directory, { recursive: true });
    expect(configured.server).toBe(server.url);
    server.answer(200, IDP_SECRET);
    await configured.get('Secret', 'hoop', 'idp');
    expect(server.last.headers.authorization).toBe(`Bearer ${TOKEN}`);
    await configured.close();
  });

  it('should use the proxy of a kubeconfig, without printing its password', async () => {
    const asked: Array<string | undefined> = [];
    const proxy = createServer();
    proxy.on('connect', (req, socket) => {
      asked.push(req.url, req.headers['proxy-authorization']);
      const { port } = new URL(server.url);
      const upstream = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      socket.on('error', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
    });
    await new Promise<void>(resolve => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    const { port } = proxy.address() as AddressInfo;
    const directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    const path = join(directory, 'config');
    await writeFile(
      path,
      JSON.stringify({
        'current-context': 'test',
        contexts: [
          { name: 'test', context: { cluster: 'test', user: 'test' } },
        ],
        clusters: [
          {
            name: 'test',
            cluster: {
              server: 'https://cluster.example',
              'tls-server-name': 'kubernetes.default.svc',
              'proxy-url': `http://user:hunter2@127.0.0.1:${port}`,
              'certificate-authority-data': fixtureData('ca.crt'),
            },
          },
        ],
        users: [{ name: 'test', user: { token: TOKEN } }],
      }),
    );
    const proxied = await DefaultKubernetesClient.create({
      cluster: { kubeconfig: path },
    });
    await rm(directory, { recursive: true });
    server.answer(200, IDP_SECRET);
    await proxied.get('Secret', 'hoop', 'idp');
    expect(server.last.headers.authorization).toBe(`Bearer ${TOKEN}`);
    const basic = Buffer.from('user:hunter2').toString('base64');
    expect(asked).toEqual(['cluster.example:443', `Basic ${basic}`]);

    proxy.closeAllConnections();
    await new Promise(resolve => {
      proxy.close(resolve);
    });
    server.breakOff();
    const error = await failureOf(proxied.get('Secret', 'hoop', 'idp'));
    expect(error.message).toContain(
      `cannot be reached through the proxy http://127.0.0.1:${port}: `,
    );
    for (const printed of [error, proxied].map(everythingOf)) {
      expect(printed).not.toContain('hunter2');
      expect(printed).not.toContain(basic);
    }
    await proxied.close();
  });

  it('should reach a cluster by its name, trusting its configured authority', async () => {
    const cluster = { name: 'production', url: server.url };
    const create = (more: object) =>
      DefaultKubernetesClient.create({
        cluster: { name: 'production' },
        rootConfig: new ConfigReader({
          kubernetes: {
            clusterLocatorMethods: [
              {
                type: 'config',
                clusters: [
                  {
                    ...cluster,
                    authProvider: 'serviceAccount',
                    serviceAccountToken: TOKEN,
                    ...more,
                  },
                ],
              },
            ],
          },
        }),
      });
    for (const more of [
      { caData: fixtureData('ca.crt') },
      { skipTLSVerify: true },
    ]) {
      const named = await create(more);
      server.answer(200, IDP_SECRET);
      await named.get('Secret', 'hoop', 'idp');
      expect(server.last.headers.authorization).toBe(`Bearer ${TOKEN}`);
      await named.close();
    }
    const untrusting = await create({});
    const error = await failureOf(untrusting.get('Secret', 'hoop', 'idp'));
    expect(error.name).toBe('ServiceUnavailableError');
    expect(everythingOf(error)).not.toContain(TOKEN);
    await untrusting.close();
  });
});
