import {
  CHECK_IDS,
  type BuiltInCheckId,
  type CheckStatus,
  type CheckSystem,
} from 'backstage-plugin-hoop-authentik-common';
import {
  configureGateway,
  ensureApplication,
  desiredIntegration,
  type DesiredIntegration,
  type Gateway,
  type IntegrationSystems,
} from 'backstage-plugin-hoop-authentik-node';
import { DefaultHoopAuthentikService } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { SandboxProcess } from 'sandbox';
import { callCluster } from '../callCluster';
import { rootConfigOf } from '../portal';
import { gatewayConfig, type ConfigChanges } from '../gatewayConfig';
import { callAuthentik } from '../systemState';

/** A gateway that is connected, and what can be done to it. @internal */
export interface World {
  readonly sandbox: SandboxProcess;
  readonly gateway: Gateway;
  /** A scenario may look at it in other ways, as another configuration would. */
  systems: IntegrationSystems;
  desired: DesiredIntegration;
  /** Runs the step of the software template that makes the application, and puts it right; with a named certificate. */
  ensure(signingKey?: string): Promise<void>;
  /** Makes it a connected gateway, from the beginning. */
  connect(): Promise<void>;
  /** A portal with another configuration; closed with the world. */
  otherPortal(changes: ConfigChanges): Gateway;
  close(): Promise<void>;
}

/** Puts things right again. @internal */
export type Fix = () => Promise<unknown>;

/** Something that goes wrong, seen by one check. @internal */
export interface Scenario {
  /** Id of the check. */
  check: BuiltInCheckId;
  status: CheckStatus;
  /** The other checks that fail, warn or cannot be decided then. */
  follows?: readonly BuiltInCheckId[];
  /** What is wrong, as a phrase for the table. */
  when: string;
  /** What fixes it, as a phrase for the table. */
  fixedBy: string;
  /** Makes it so. */
  make(world: World): Promise<Fix>;
}

/** The other checks of one system. @internal */
export function othersOf(
  system: CheckSystem,
  check: BuiltInCheckId,
): BuiltInCheckId[] {
  return CHECK_IDS.filter(id => id.startsWith(`${system}.`) && id !== check);
}

/** What cannot be decided for a gateway that does not answer. @internal */
export const GATEWAY_DOWN: readonly BuiltInCheckId[] = [
  'gateway.reachable',
  'gateway.version',
  'gateway.stored-configuration',
  'gateway.auth-method',
  'gateway.oidc-loaded',
  'sign-in.first-user',
  'sign-in.login-url',
];

/** A person of the sandbox, to sign in with. @internal */
export function accountOf({ users }: SandboxProcess, wanted: string) {
  const found = users.find(({ username }) => username === wanted);
  if (!found) {
    throw new Error(`the sandbox has no user "${wanted}"`);
  }
  return { username: found.username, password: found.password };
}

/** As administrator of both authentik and gateway, so that everything can be seen and done. @internal */
export function createWorld(sandbox: SandboxProcess): World {
  const services: DefaultHoopAuthentikService[] = [];
  const otherPortal = (changes: ConfigChanges) => {
    const service = DefaultHoopAuthentikService.create({
      config: rootConfigOf(
        gatewayConfig(sandbox, {
          ...changes,
          authentik: { token: sandbox.authentik.token, ...changes.authentik },
          apiKey: 'apiKey' in changes ? changes.apiKey : sandbox.gateway.apiKey,
          gateway: {
            allowedGroups: ['admin'],
            testAccount: accountOf(sandbox, 'jane'),
            ...changes.gateway,
          },
        }),
      ),
    });
    services.push(service);
    return service.getGateway('main');
  };
  const gateway = otherPortal({});
  const desired = desiredIntegration(gateway.config, gateway.authentik);
  const { slug } = desired.application;
  const ensure = async (signingKey?: string) => {
    await ensureApplication(
      gateway.systems.authentik,
      { slug, name: 'Hoop.dev', bindings: [{ group: 'admin' }], signingKey },
      gateway.applicationContext(),
    );
  };
  return {
    sandbox,
    gateway,
    systems: gateway.systems,
    desired,
    otherPortal,
    ensure,
    async connect() {
      this.systems = gateway.systems;
      this.desired = desired;
      await ensure();
      await configure(this);
    },
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

interface Deployment {
  spec: { template: { spec: { containers: Array<Record<string, unknown>> } } };
}

/** Changes the container of the gateway, which starts another one. @internal */
export function containerWith(
  fieldsFor: (world: World) => Record<string, unknown>,
): Scenario['make'] {
  return async world => {
    const { sandbox } = world;
    const path = `deployments/${sandbox.kubernetes.deployment}`;
    const { spec } = await callCluster<Deployment>(sandbox, 'GET', path);
    const { containers } = spec.template.spec;
    const replace = (next: object[]) =>
      callCluster(sandbox, 'PATCH', path, {
        spec: { template: { spec: { containers: next } } },
      });
    const fields = fieldsFor(world);
    await replace(containers.map(one => ({ ...one, ...fields })));
    return () => replace(containers);
  };
}

/** Runs the step of the software template that writes the settings. @internal */
export function configure({ systems, desired }: World): Promise<unknown> {
  return configureGateway(systems, desired, { log: () => {} });
}

interface GatewayDeployment {
  spec: {
    template: {
      spec: {
        containers: Array<{
          envFrom?: Array<{ configMapRef?: { name: string } }>;
        }>;
      };
    };
  };
}

/** Changes settings in the ConfigMap that the gateway reads: one of two, which alternate. @internal */
export async function setSettings(
  { sandbox }: World,
  data: Record<string, string>,
): Promise<void> {
  const { spec } = await callCluster<GatewayDeployment>(
    sandbox,
    'GET',
    'deployments/hoopgateway',
  );
  const name = spec.template.spec.containers
    .flatMap(({ envFrom = [] }) => envFrom)
    .map(({ configMapRef }) => configMapRef?.name)
    .find(one => one?.startsWith('hoopgateway-idp'));
  await callCluster(sandbox, 'PATCH', `configmaps/${name}`, { data });
}
