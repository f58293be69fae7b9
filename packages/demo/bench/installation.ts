import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import {
  configureGateway,
  desiredIntegration,
  ensureApplication,
} from 'backstage-plugin-hoop-authentik-node';
import {
  DefaultHoopAuthentikService,
  redirectUriOf,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { SandboxProcess } from 'sandbox';

const SEEDED_AT_ONCE = 8;

/** How a portal sees many gateways: each with a host of its own, in one of several clusters. */
export interface Addresses {
  gateways: string[];
  /** URLs of API servers. */
  clusters: string[];
}

/** Where the sandbox's own systems are. */
export function ownAddresses(sandbox: SandboxProcess): Addresses {
  return {
    gateways: [sandbox.gateway.url],
    clusters: [sandbox.kubernetes.url],
  };
}

/** The service that a backend would have, for gateways `0`, `1`, … with an application each. */
export async function serviceFor(
  sandbox: SandboxProcess,
  addresses: Addresses,
  directory: string,
): Promise<DefaultHoopAuthentikService> {
  return serviceOf(await configFor(sandbox, addresses, directory));
}

/** The service that a backend with this app-config has. */
export function serviceOf(
  config: Awaited<ReturnType<typeof configFor>>,
): DefaultHoopAuthentikService {
  return DefaultHoopAuthentikService.create({
    config: new ConfigReader(config),
  });
}

/** app-config of a portal with these gateways. */
export async function configFor(
  sandbox: SandboxProcess,
  { gateways, clusters }: Addresses,
  directory: string,
) {
  const kubeconfig = await readFile(sandbox.kubernetes.kubeconfigPath, 'utf8');
  const files = await Promise.all(
    clusters.map(async (url, index) => {
      const file = join(directory, `kubeconfig-${index}`);
      await writeFile(file, kubeconfig.replaceAll(sandbox.kubernetes.url, url));
      return file;
    }),
  );
  return {
    hoopAuthentik: {
      authentik: [
        {
          baseUrl: sandbox.authentik.url,
          // May do what the documented role may, previewing users included.
          token: sandbox.authentik.token,
        },
      ],
      gateways: gateways.map((url, index) => ({
        name: `${index}`,
        url,
        application: `gateway-${index}`,
        target: {
          type: 'kubernetes',
          cluster: { kubeconfig: files[index % files.length] },
          namespace: sandbox.kubernetes.namespace,
          deployment: sandbox.kubernetes.deployment,
        },
      })),
    },
  };
}

/** Connects the first gateway, as the software template does. */
export async function connectFirst(
  service: DefaultHoopAuthentikService,
): Promise<void> {
  const { config, authentik, systems, applicationContext } =
    service.getGateway('0');
  await ensureApplication(
    systems.authentik,
    { slug: config.application, bindings: [{ group: 'engineering' }] },
    applicationContext(),
  );
  await configureGateway(systems, desiredIntegration(config, authentik), {
    log: () => {},
  });
}

/** Gives every further gateway an application with a binding, like that of the first. */
export async function addApplications(
  service: DefaultHoopAuthentikService,
): Promise<void> {
  const { authentik: client } = service.getGateway('0').systems;
  const [model] = await client.listProviders();
  const group = await client.findGroup('engineering');
  const left = service.gatewayNames().slice(1);
  const work = async () => {
    for (let name = left.shift(); name; name = left.shift()) {
      const { config } = service.getGateway(name);
      const { application: slug } = config;
      const { applied } = await client.createApplicationWithProvider({
        application: { name: slug, slug },
        provider: {
          name: slug,
          clientType: 'confidential',
          authorizationFlow: model.authorizationFlow,
          invalidationFlow: model.invalidationFlow,
          propertyMappings: model.propertyMappings,
          redirectUris: model.redirectUris.map(uri => ({
            ...uri,
            url: redirectUriOf(config.url),
          })),
          signingKey: model.signingKey,
          grantTypes: model.grantTypes,
        },
        bindings: [{ group: group?.pk ?? '', order: 0 }],
      });
      if (!applied) {
        throw new Error(`The application ${slug} was not created`);
      }
    }
  };
  await Promise.all(Array.from({ length: SEEDED_AT_ONCE }, work));
}
