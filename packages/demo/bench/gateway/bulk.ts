import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import {
  BulkReads,
  DefaultKubernetesClient,
  type Deployment,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { SandboxProcess } from 'sandbox';
import { requestsDuring } from '../../contract/control';
import { serviceFor } from './portal';

export const GATEWAYS = 500;
export const NAMESPACES = 20;

/** Few, since the stand-in starts a pod for each, and a request must not wait for its turn until its deadline. */
const AT_ONCE = 4;

export interface BulkCost {
  /** Of the namespace with the most. */
  listsPerNamespace: number;
  /** ConfigMaps and Secrets, by their names. */
  gets: number;
  writes: number;
  ms: number;
}

interface Place {
  namespace: string;
  name: string;
}

const PLACES: Place[] = Array.from({ length: GATEWAYS }, (_, index) => ({
  namespace: `bulk-${index % NAMESPACES}`,
  name: `gateway-${index}`,
}));

/** The client of the plugins has no business with namespaces. */
async function createNamespace(
  { url, token, kubeconfigPath }: SandboxProcess['kubernetes'],
  name: string,
): Promise<void> {
  const kubeconfig = await readFile(kubeconfigPath, 'utf8');
  const [, authority = ''] =
    /certificate-authority-data: (?:>-\s+)?(\S+)/.exec(kubeconfig) ?? [];
  const status = await new Promise((resolve, reject) => {
    request(
      `${url}/api/v1/namespaces`,
      {
        method: 'POST',
        ca: Buffer.from(authority, 'base64'),
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
        },
      },
      response => {
        response.resume().on('end', () => resolve(response.statusCode));
      },
    )
      .on('error', reject)
      .end(
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name },
        }),
      );
  });
  assert.equal(status, 201, `the namespace ${name} could not be made`);
}

/** A connected gateway, as far as the cluster can tell: its image does nothing. */
async function createGateway(
  client: DefaultKubernetesClient,
  { namespace, name }: Place,
): Promise<void> {
  const metadata = { name, namespace };
  const labels = { app: name };
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'hoopgateway',
              image: 'sandbox/idle:1',
              envFrom: [{ configMapRef: { name } }, { secretRef: { name } }],
            },
          ],
        },
      },
    },
  };
  await Promise.all([
    client.create('ConfigMap', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: {
        AUTH_METHOD: 'oidc',
        IDP_CLIENT_ID: name,
        IDP_GROUPS_CLAIM: 'groups',
        IDP_ISSUER: 'https://authentik.company/application/o/hoop/',
      },
    }),
    client.create('Secret', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: 'Opaque',
      data: { IDP_CLIENT_SECRET: Buffer.from(name).toString('base64') },
    }),
  ]);
  await client.create('Deployment', deployment);
}

async function inPortions<T>(
  items: T[],
  run: (item: T) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE) {
    await Promise.all(items.slice(start, start + AT_ONCE).map(run));
  }
}

/** Reads what the state of many gateways is told from, as a scheduled refresh does. */
export async function measureBulk(sandbox: SandboxProcess): Promise<BulkCost> {
  await sandbox.control.reset();
  const { kubernetes, control } = sandbox;
  const client = await DefaultKubernetesClient.create({
    cluster: { kubeconfig: kubernetes.kubeconfigPath },
  });
  const service = serviceFor(
    sandbox,
    Object.fromEntries(
      PLACES.map(({ namespace, name }) => [
        name,
        { namespace, deployment: name, configMap: name, secret: name },
      ]),
    ),
  );
  try {
    const namespaces = new Set(PLACES.map(({ namespace }) => namespace));
    await inPortions([...namespaces], name =>
      createNamespace(kubernetes, name),
    );
    await inPortions(PLACES, place => createGateway(client, place));
    let ms = NaN;
    const requests = await requestsDuring(
      control.url,
      async () => {
        const start = performance.now();
        const bulk = new BulkReads();
        await inPortions(service.gatewayNames(), async name => {
          const { systems } = service.getGateway(name);
          const { state } = await systems.target.read({ bulk });
          assert.equal(state.settings.IDP_CLIENT_ID.value, name);
        });
        ms = performance.now() - start;
      },
      'kubernetes',
    );
    const lists = [...namespaces].map(
      namespace =>
        requests.filter(({ path }) =>
          new RegExp(`/namespaces/${namespace}/[a-z]+(\\?|$)`).test(path),
        ).length,
    );
    return {
      listsPerNamespace: Math.max(...lists),
      gets: requests.filter(({ path }) =>
        /\/(configmaps|secrets)\/[^/]+$/.test(path),
      ).length,
      writes: requests.filter(({ method }) => method !== 'GET').length,
      ms,
    };
  } finally {
    await service.close();
    await client.close();
    await control.reset();
  }
}
