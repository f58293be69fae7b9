import { ConfigReader } from '@backstage/config';
import {
  desiredIntegration,
  ensureApplication,
  type DesiredIntegration,
  type Gateway,
} from 'backstage-plugin-hoop-authentik-node';
import { DefaultHoopAuthentikService } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { SandboxProcess } from 'sandbox';

/** Keys of a gateway's target in app-config that are not the sandbox's. */
export type TargetChanges = Record<string, string>;

/** The sandbox's gateway as a portal with this target knows it, with an application that is ready for it. */
export interface BenchGateway {
  gateway: Gateway;
  desired: DesiredIntegration;
  close(): Promise<void>;
}

/** Gateways as a backend has them, from app-config. */
export function serviceFor(
  { authentik, gateway, kubernetes }: SandboxProcess,
  targets: Record<string, TargetChanges>,
): DefaultHoopAuthentikService {
  return DefaultHoopAuthentikService.create({
    config: new ConfigReader({
      hoopAuthentik: {
        authentik: [
          { baseUrl: authentik.url, token: authentik.tokens.leastPrivilege },
        ],
        gateways: Object.entries(targets).map(([name, target]) => ({
          name,
          url: gateway.url,
          application: 'hoop',
          target: {
            type: 'kubernetes',
            cluster: { kubeconfig: kubernetes.kubeconfigPath },
            namespace: kubernetes.namespace,
            deployment: kubernetes.deployment,
            ...target,
          },
        })),
      },
    }),
  });
}

/** Puts everything back to its beginnings, and makes the application. */
export async function startOver(
  sandbox: SandboxProcess,
  target: TargetChanges,
): Promise<BenchGateway> {
  await sandbox.control.reset();
  const service = serviceFor(sandbox, { main: target });
  const gateway = service.getGateway('main');
  await ensureApplication(
    gateway.systems.authentik,
    { slug: 'hoop', bindings: [{ group: 'admin' }] },
    gateway.applicationContext(),
  );
  return {
    gateway,
    desired: desiredIntegration(gateway.config, gateway.authentik),
    close: () => service.close(),
  };
}
