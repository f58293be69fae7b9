import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { loadClusterConnection } from './clusterAccess';
import { FIXTURES, fixture, fixtureData } from '../__testUtils__/fixtures';
import { everythingOf, failureOf } from '../__testUtils__/failure';

const TOKEN = 'tok-1234567890-secret';
const CLUSTER = {
  name: 'production',
  url: 'https://one.example:6443/',
  authProvider: 'serviceAccount',
  serviceAccountToken: TOKEN,
};

/** A root configuration whose clusters are in its second locator. */
function rootConfig(...clusters: JsonObject[]) {
  return new ConfigReader({
    kubernetes: {
      clusterLocatorMethods: [
        { type: 'config' },
        { type: 'config', clusters },
        { type: 'localKubectlProxy' },
      ],
    },
  });
}

const load = (cluster: JsonObject, name = 'production') =>
  loadClusterConnection(
    { name },
    { rootConfig: rootConfig({ ...CLUSTER, ...cluster }), env: {} },
  );

describe('a cluster of the Kubernetes plugin', () => {
  it('should use the token and the URL of the Kubernetes plugin', async () => {
    const { server, tls, headers } = await load({});
    expect(server).toBe('https://one.example:6443');
    expect(tls).toEqual({});
    expect(await headers()).toEqual({ authorization: `Bearer ${TOKEN}` });
  });

  it.each([
    ['caData', { caData: fixtureData('ca.crt') }, { ca: fixture('ca.crt') }],
    [
      'caFile, which overrides caData',
      { caFile: join(FIXTURES, 'ca.crt'), caData: 'not base64' },
      { ca: fixture('ca.crt') },
    ],
    ['skipTLSVerify', { skipTLSVerify: true }, { rejectUnauthorized: false }],
    ['skipTLSVerify: false', { skipTLSVerify: false }, {}],
  ])('should honour %s', async (_, cluster, tls) => {
    expect((await load(cluster)).tls).toEqual(tls);
  });

  it('should let authMetadata override authProvider, as in the Kubernetes plugin', async () => {
    const { headers } = await load({
      authProvider: 'oidc',
      serviceAccountToken: 'outdated',
      authMetadata: {
        'kubernetes.io/auth-provider': 'serviceAccount',
        serviceAccountToken: TOKEN,
      },
    });
    expect(await headers()).toEqual({ authorization: `Bearer ${TOKEN}` });
  });

  it.each([
    [
      'with its own URL',
      'production',
      { authProvider: 'localKubectlProxy', url: 'http://127.0.0.1:8002' },
      'http://127.0.0.1:8002',
    ],
    ['of the locator', 'local', {}, 'http://localhost:8001'],
  ])(
    'should send no credentials through the proxy %s',
    async (_, name, cluster, url) => {
      const { server, headers } = await load(cluster, name);
      expect(server).toBe(url);
      expect(await headers()).toEqual({});
    },
  );

  it("should use the backend's own cluster where there is no token", async () => {
    const directory = await mkdtemp(join(tmpdir(), 'cluster-by-name-'));
    try {
      await writeFile(join(directory, 'ca.crt'), fixture('ca.crt'));
      await writeFile(join(directory, 'token'), 'mounted');
      const { serviceAccountToken: _, ...cluster } = CLUSTER;
      const connection = await loadClusterConnection(
        { name: 'production' },
        {
          rootConfig: rootConfig(cluster),
          env: {
            KUBERNETES_SERVICE_HOST: '10.0.0.1',
            KUBERNETES_SERVICE_PORT: '443',
          },
          serviceAccountDir: directory,
        },
      );
      expect(connection.server).toBe('https://10.0.0.1:443');
      expect(await connection.headers()).toEqual({
        authorization: 'Bearer mounted',
      });
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('should say what is missing where there is neither a token nor a pod', async () => {
    await expect(load({ serviceAccountToken: undefined })).rejects.toThrow(
      /the cluster "production" \(kubernetes\.clusterLocatorMethods\[1\]\.clusters\[0\]\) has no serviceAccountToken.*does not seem to run in a cluster/,
    );
  });

  it('should require an authProvider', async () => {
    await expect(load({ authProvider: undefined })).rejects.toThrow(
      'expected an authProvider, found none',
    );
  });

  it('should list the known clusters for an unknown one', async () => {
    await expect(load({}, 'prod')).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(
        /the cluster "prod": .*kubernetes\.clusterLocatorMethods.*found "production", "local"\. .*viaProxy.*kubeconfig/,
      ),
    });
    await expect(
      loadClusterConnection(
        { name: 'prod' },
        { rootConfig: new ConfigReader({}) },
      ),
    ).rejects.toThrow('found none.');
  });

  it.each([
    ['plain HTTP', { url: 'http://one.example' }, 'never sent unencrypted'],
    ['an invalid URL', { url: 'one.example' }, 'must be an http(s) URL'],
    ['caData that is not base64', { caData: '%' }, 'caData: expected base64'],
    [
      'caData that is not a certificate',
      { caData: Buffer.from(TOKEN).toString('base64') },
      'caData: expected certificates in PEM form',
    ],
    [
      'a caFile that is missing',
      { caFile: '/missing/ca.crt' },
      'caFile /missing/ca.crt cannot be read',
    ],
    ["a person's authProvider", { authProvider: 'oidc' }, 'signed-in person'],
  ])('should refuse %s without the token', async (_, cluster, message) => {
    const error = await failureOf(load(cluster));
    expect(error).toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(message),
    });
    expect(everythingOf(error)).not.toContain(TOKEN);
  });

  it('should not show the token of a connection', async () => {
    expect(everythingOf(await load({}))).not.toContain(TOKEN);
  });
});
