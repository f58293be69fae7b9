import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { loadClusterConnection } from './clusterAccess';
import { everythingOf, failureOf } from '../__testUtils__/failure';

const TOKEN = 'plugin-to-plugin-token';

const plugin = {
  baseUrl: async () => 'http://127.0.0.1:7007/api/kubernetes',
  token: async () => TOKEN,
};

const load = (
  clusterLocatorMethods: JsonObject[],
  cluster: { name: string; viaProxy?: boolean } = { name: 'production' },
  kubernetesPlugin: typeof plugin | undefined = plugin,
) =>
  loadClusterConnection(cluster, {
    rootConfig: new ConfigReader({ kubernetes: { clusterLocatorMethods } }),
    kubernetesPlugin,
    env: {},
  });

const declared = (authProvider: string, more: JsonObject = {}) => ({
  type: 'config',
  clusters: [
    { name: 'production', url: 'https://one.example', authProvider, ...more },
  ],
});

describe('A cluster whose credentials only the Kubernetes plugin has is called through its proxy', () => {
  it.each<[string, JsonObject[]]>([
    [
      'EKS (aws)',
      [
        declared('aws', {
          authMetadata: {
            'kubernetes.io/aws-assume-role': 'arn:aws:iam::1:role/x',
          },
        }),
      ],
    ],
    ['GKE (googleServiceAccount)', [declared('googleServiceAccount')]],
    ['AKS (azure)', [declared('azure')]],
    ['a strategy of a module (pinniped)', [declared('pinniped')]],
    [
      'authMetadata that overrides the authProvider',
      [
        declared('serviceAccount', {
          authMetadata: { 'kubernetes.io/auth-provider': 'aws' },
        }),
      ],
    ],
    ['the catalog locator', [{ type: 'catalog' }]],
    [
      'the gke locator',
      [{ type: 'gke', projectId: 'p', authProvider: 'googleServiceAccount' }],
    ],
    [
      'a catalog locator beside declared clusters',
      [
        {
          type: 'config',
          clusters: [{ name: 'other', url: 'https://x', authProvider: 'aws' }],
        },
        { type: 'catalog' },
      ],
    ],
  ])('%s', async (_, locators) => {
    const { server, headers, tls, behindPlugin } = await load(locators);
    expect({ server, tls, behindPlugin }).toEqual({
      server: 'http://127.0.0.1:7007/api/kubernetes/proxy',
      tls: {},
      behindPlugin: 'production',
    });
    expect(await headers()).toEqual({
      'backstage-kubernetes-cluster': 'production',
      authorization: `Bearer ${TOKEN}`,
    });
  });

  it.each<[string, JsonObject[]]>([
    [
      'a cluster with a token in app-config',
      [
        declared('serviceAccount', {
          serviceAccountToken: 'own-token-of-cluster',
        }),
      ],
    ],
    ['a cluster of a supplier of a module', []],
    ['the backend’s own cluster', [declared('serviceAccount')]],
  ])('viaProxy: %s', async (_, locators) => {
    const { behindPlugin, headers } = await load(locators, {
      name: 'production',
      viaProxy: true,
    });
    expect(behindPlugin).toBe('production');
    expect(everythingOf(await headers())).not.toContain('own-token');
  });
});

describe('A cluster that needs a signed-in person is refused, with what works on a server', () => {
  it.each([
    ['google', 'the authProvider "googleServiceAccount"'],
    ['aks', 'the authProvider "azure"'],
    ['oidc', 'the authProvider "serviceAccount" with a token'],
  ])('%s', async (authProvider, alternative) => {
    const error = await failureOf(load([declared(authProvider)]));
    expect(error.name).toBe('InputError');
    expect(error.message).toBe(
      `the cluster "production" (kubernetes.clusterLocatorMethods[0].clusters[0]): the authProvider "${authProvider}" needs the token of a signed-in person, which a backend has not. Declare the cluster once more under another name with ${alternative}, or set a "kubeconfig" instead`,
    );
  });
});

describe('What cannot be called through the Kubernetes plugin says why', () => {
  it('outside a Backstage backend', async () => {
    await expect(
      loadClusterConnection(
        { name: 'production' },
        {
          rootConfig: new ConfigReader({
            kubernetes: { clusterLocatorMethods: [declared('aws')] },
          }),
        },
      ),
    ).rejects.toThrow(/expected to run in a Backstage backend, found none/);
  });

  it('a name that no header carries', async () => {
    await expect(
      load([{ type: 'catalog' }], { name: 'prod\nx-other: 1' }),
    ).rejects.toThrow(/expected a name of printable ASCII characters/);
  });
});

describe('A certificate of a declared cluster that is not verified is warned of', () => {
  it.each([
    ['skipTLSVerify: true', true, 1],
    ['skipTLSVerify: false', false, 0],
  ])('%s', async (_, skipTLSVerify, count) => {
    const { warnings } = await load([
      declared('serviceAccount', { serviceAccountToken: 'tok', skipTLSVerify }),
    ]);
    expect(warnings).toHaveLength(count);
  });
});
