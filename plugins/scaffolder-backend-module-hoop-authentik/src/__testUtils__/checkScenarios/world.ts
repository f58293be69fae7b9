import { mockServices } from '@backstage/backend-test-utils';
import type { CheckStatus } from 'backstage-plugin-hoop-authentik-common';
import {
  DefaultHoopAuthentikService,
  desiredIntegration,
  type DesiredIntegration,
  type Gateway,
  type IntegrationSystems,
} from 'backstage-plugin-hoop-authentik-node';
import type { SandboxProcess } from 'sandbox';
import { callCluster } from '../callCluster';
import { gatewayConfig, type ConfigChanges } from '../gatewayConfig';
import { callAuthentik } from '../systemState';

/** A gateway that is connected, and what can be done to it. @internal */
export interface World {
  readonly sandbox: SandboxProcess;
  readonly gateway: Gateway;
  /** A scenario may look at it in other ways, as another configuration would. */
  systems: IntegrationSystems;
  desired: DesiredIntegration;
  /** A portal with another configuration; closed with the world. */
  otherPortal(changes: ConfigChanges): Gateway;
  close(): Promise<void>;
}

/** Puts things right again. @internal */
export type Mend = () => Promise<unknown>;

/** Something that goes wrong, seen by one check. @internal */
export interface Scenario {
  /** Id of the check. */
  check: string;
  status: CheckStatus;
  /** What is wrong, as a phrase for the table. */
  when: string;
  /** What mends it, as a phrase for the table. */
  mendedBy: string;
  /** Makes it so. */
  make(world: World): Promise<Mend>;
}

/** As administrator of authentik, so that everything can be seen and done. @internal */
export function createWorld(sandbox: SandboxProcess): World {
  const services: DefaultHoopAuthentikService[] = [];
  const otherPortal = (changes: ConfigChanges) => {
    const service = DefaultHoopAuthentikService.create({
      config: mockServices.rootConfig({
        data: gatewayConfig(sandbox, {
          ...changes,
          authentik: { token: sandbox.authentik.token, ...changes.authentik },
          gateway: { allowedGroups: ['admin'], ...changes.gateway },
        }),
      }),
    });
    services.push(service);
    return service.getGateway('main');
  };
  const gateway = otherPortal({});
  return {
    sandbox,
    gateway,
    systems: gateway.systems,
    desired: desiredIntegration(gateway.config, gateway.authentik),
    otherPortal,
    async close() {
      await Promise.all(services.map(service => service.close()));
    },
  };
}

/** Looks at something else than what is there, as a wrong configuration does. @internal */
export function lookingFor(
  change: (desired: DesiredIntegration) => Partial<DesiredIntegration>,
): Scenario['make'] {
  return async world => {
    const { desired } = world;
    world.desired = { ...desired, ...change(desired) };
    return async () => {
      world.desired = desired;
    };
  };
}

/** Makes requests to a system fail. @internal */
export function faulty(
  fault: Parameters<SandboxProcess['control']['faults']>[0],
): Scenario['make'] {
  return async ({ sandbox }) => {
    await sandbox.control.faults(fault);
    return () => sandbox.control.clearFaults();
  };
}

interface ProviderFields {
  pk: number;
  [field: string]: unknown;
}

/** Changes fields of the application's provider. @internal */
export function providerWith(
  fieldsFor: (found: ProviderFields, world: World) => object | Promise<object>,
): Scenario['make'] {
  return async world => {
    const { results } = await callAuthentik(
      world.sandbox,
      'GET',
      '/providers/oauth2/',
    );
    const found: ProviderFields = results[0];
    const fields = await fieldsFor(found, world);
    const path = `/providers/oauth2/${found.pk}/`;
    await callAuthentik(world.sandbox, 'PATCH', path, fields);
    const before = Object.fromEntries(
      Object.keys(fields).map(field => [field, found[field]]),
    );
    return () => callAuthentik(world.sandbox, 'PATCH', path, before);
  };
}

/** Starts the gateway again, as `kubectl rollout restart` does. @internal */
export async function restart({ sandbox }: World): Promise<void> {
  await callCluster(
    sandbox,
    'PATCH',
    `deployments/${sandbox.kubernetes.deployment}`,
    {
      spec: {
        template: {
          metadata: { annotations: { restarted: `${Date.now()}` } },
        },
      },
    },
  );
}

/** Changes settings in the ConfigMap of the gateway. @internal */
export async function setSettings(
  { sandbox }: World,
  data: Record<string, string>,
): Promise<void> {
  await callCluster(sandbox, 'PATCH', 'configmaps/hoopgateway-idp', { data });
}
