import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadClusterConnection } from 'backstage-plugin-hoop-authentik-node/alpha';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { startBackend } from '../../src/backendProcess';
import type { ContractPart, Stoppable } from '../runParts';
import { handOver, type ClusterTarget } from './target';

/**
 * States what the plugins rely on from Kubernetes: on the sandbox, or in the namespace CONTRACT_NAMESPACE of the cluster
 * that KUBECONFIG leads to; each once directly, and once through the Kubernetes plugin of a portal.
 */
export const kubernetesPart: ContractPart<ClusterTarget> = {
  name: 'kubernetes',
  suite: join(__dirname, 'suite.ts'),
  chooseTargets,
  handOver,
};

async function chooseTargets(started: Stoppable[]): Promise<ClusterTarget[]> {
  const { KUBECONFIG: kubeconfig, CONTRACT_NAMESPACE: namespace } = process.env;
  // A KUBECONFIG alone is in many a shell, and no wish to have objects made there.
  if (namespace && !kubeconfig) {
    throw new Error(
      'Set KUBECONFIG as well as CONTRACT_NAMESPACE, or neither to run on the sandbox.',
    );
  }
  const sandbox = await startSandboxProcess({ rolloutDelayMs: 100 });
  started.push(sandbox);
  const { kubernetes, control } = sandbox;
  const direct: ClusterTarget =
    namespace && kubeconfig
      ? {
          name: `the cluster of ${kubeconfig}, namespace ${namespace}`,
          kubeconfig,
          namespace,
        }
      : {
          name: 'sandbox cluster',
          kubeconfig: kubernetes.kubeconfigPath,
          namespace: kubernetes.namespace,
          sandbox: { controlUrl: control.url },
        };
  return [direct, ...(await throughPortal(direct, sandbox, started))];
}

/** The same cluster, by name through the real Kubernetes plugin of the portal; it has no client certificates. */
async function throughPortal(
  direct: ClusterTarget,
  sandbox: SandboxProcess,
  started: Stoppable[],
): Promise<ClusterTarget[]> {
  const { server, tls, headers } = await loadClusterConnection({
    kubeconfig: direct.kubeconfig,
  });
  const [, bearer] =
    /^Bearer (.+)$/.exec((await headers()).authorization) ?? [];
  if (!bearer) {
    return [];
  }
  const cluster = 'contract';
  const token = randomBytes(24).toString('hex');
  const dir = await mkdtemp(join(tmpdir(), 'hoop-authentik-contract-'));
  started.push({ stop: () => rm(dir, { recursive: true, force: true }) });
  const portal = await startBackend(sandbox, dir, {
    backend: {
      auth: {
        externalAccess: [
          { type: 'static', options: { token, subject: 'contract' } },
        ],
      },
    },
    kubernetes: {
      serviceLocatorMethod: { type: 'multiTenant' },
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: [
            {
              name: cluster,
              url: server,
              authProvider: 'serviceAccount',
              serviceAccountToken: bearer,
              ...(tls.ca
                ? { caData: Buffer.from(tls.ca).toString('base64') }
                : {}),
              skipTLSVerify: tls.rejectUnauthorized === false,
            },
          ],
        },
      ],
    },
    hoopAuthentik: {
      gateways: [
        {
          name: 'main',
          url: sandbox.gateway.url,
          application: 'hoop',
          target: {
            type: 'kubernetes',
            cluster: { name: cluster, viaProxy: true },
            namespace: sandbox.kubernetes.namespace,
          },
        },
      ],
    },
  });
  started.unshift(portal);
  return [
    {
      ...direct,
      name: `${direct.name}, through the Kubernetes plugin of a portal`,
      portal: { url: portal.url, token, cluster },
    },
  ];
}
