import { ConfigReader } from '@backstage/config';
import {
  configureGateway,
  desiredIntegration,
  ensureApplication,
} from 'backstage-plugin-hoop-authentik-node';
import { DefaultHoopAuthentikService } from 'backstage-plugin-hoop-authentik-node/alpha';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { setRedirectUris } from '../src/authentikAdministrator';

/** Beside the gateway of app-config.yaml, so that the portal has something to compare it with. */
const FURTHER = ['production', 'staging'] as const;

/** A gateway with systems of its own. @internal */
export interface FurtherGateway {
  name: (typeof FURTHER)[number];
  sandbox: SandboxProcess;
}

/** Starts one that is connected, and one on which an administrator of authentik has made a mistake since. @internal */
export async function startFurtherGateways(): Promise<FurtherGateway[]> {
  const started = await Promise.allSettled(
    FURTHER.map(async name => ({
      name,
      sandbox: await startSandboxProcess({ ports: {}, rolloutDelayMs: 200 }),
    })),
  );
  const gateways = started.flatMap(one =>
    one.status === 'fulfilled' ? [one.value] : [],
  );
  try {
    const failed = started.find(one => one.status === 'rejected');
    if (failed) {
      throw failed.reason;
    }
    await Promise.all(gateways.map(connect));
    const [, staging] = gateways;
    await setRedirectUris(staging.sandbox, [
      `${staging.sandbox.gateway.url}/wrong/callback`,
    ]);
    return gateways;
  } catch (error) {
    await stopAll(gateways);
    throw error;
  }
}

/** @internal */
export async function stopAll(gateways: FurtherGateway[]): Promise<void> {
  await Promise.all(gateways.map(({ sandbox }) => sandbox.stop()));
}

/** The instances and gateways for app-config, without the one that is there already. @internal */
export function configOf(gateways: readonly FurtherGateway[]) {
  return {
    authentik: gateways.map(({ name, sandbox }) => ({
      name,
      baseUrl: sandbox.authentik.url,
      token: sandbox.authentik.tokens.leastPrivilege,
    })),
    gateways: gateways.map(({ name, sandbox }) => ({
      name,
      title: `${name[0].toLocaleUpperCase('en-US')}${name.slice(1)} gateway`,
      url: sandbox.gateway.url,
      authentik: name,
      application: 'hoop',
      allowedGroups: ['engineering'],
      target: {
        type: 'kubernetes',
        cluster: { kubeconfig: sandbox.kubernetes.kubeconfigPath },
        namespace: sandbox.kubernetes.namespace,
        deployment: sandbox.kubernetes.deployment,
      },
    })),
  };
}

/** As the software template does. */
async function connect(gateway: FurtherGateway): Promise<void> {
  const service = DefaultHoopAuthentikService.create({
    config: new ConfigReader({ hoopAuthentik: configOf([gateway]) }),
  });
  try {
    const { config, authentik, systems, applicationContext } =
      service.getGateway(gateway.name);
    await ensureApplication(
      systems.authentik,
      {
        slug: config.application,
        name: 'Hoop.dev',
        bindings: [{ group: 'engineering' }],
      },
      applicationContext(),
    );
    await configureGateway(systems, desiredIntegration(config, authentik), {
      log: () => {},
    });
  } finally {
    await service.close();
  }
}
