import { ConfigReader } from '@backstage/config';
import {
  configureGateway,
  desiredIntegration,
  disconnectGateway,
  ensureApplication,
  ensureBindings,
  rotateClientSecret,
} from 'backstage-plugin-hoop-authentik-node';
import {
  DefaultHoopAuthentikService,
  removeApplication,
  type CreatedObject,
  type CreationRecords,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { SandboxProcess } from 'sandbox';

/** What runs have created, as the backend plugin keeps it: it outlasts the process of a run. */
export class KeptRecords implements CreationRecords {
  created: CreatedObject[] = [];

  async record(object: CreatedObject): Promise<void> {
    await this.forget(object);
    this.created.push(object);
  }

  async forget({ kind, name }: CreatedObject): Promise<void> {
    this.created = this.created.filter(
      one => one.kind !== kind || one.name !== name,
    );
  }
}

/** Short, so that a cell takes seconds; each is longer than any answer of the sandbox. */
const VERIFY = { timeoutMs: 2_000 };
const INSTANCE = { writeTimeout: 'PT5S' };
const TARGET = { rolloutTimeout: 'PT8S', restoreTimeout: 'PT5S' };

/** A portal's process: everything it has read is gone with it. */
export function startPortal(
  { authentik, gateway, kubernetes }: SandboxProcess,
  records: KeptRecords,
  log: (line: string) => void,
  signal?: AbortSignal,
) {
  const service = DefaultHoopAuthentikService.create({
    config: new ConfigReader({
      hoopAuthentik: {
        authentik: [
          {
            baseUrl: authentik.url,
            token: authentik.tokens.leastPrivilege,
            ...INSTANCE,
          },
        ],
        gateways: [
          {
            name: 'main',
            url: gateway.url,
            application: 'hoop',
            target: {
              type: 'kubernetes',
              cluster: { kubeconfig: kubernetes.kubeconfigPath },
              namespace: kubernetes.namespace,
              deployment: kubernetes.deployment,
              ...TARGET,
            },
          },
        ],
      },
    }),
  });
  const {
    config,
    authentik: instance,
    systems,
    applicationContext,
  } = service.getGateway('main');
  const desired = desiredIntegration(config, instance);
  const { redirectUri } = desired;
  const claim = { slug: 'hoop', claimedApplication: 'hoop', redirectUri };
  const options = { log, signal, verify: VERIFY, run: records };
  const remembered = new Map<string, number | null>();
  return {
    close: () => service.close(),
    restart: () => systems.target.restart({ log }),
    async connect() {
      const { authentik: client } = systems;
      const spec = {
        slug: 'hoop',
        name: 'Hoop.dev',
        bindings: [{ group: 'admin' }, { group: 'engineering' }],
      };
      return [
        await ensureApplication(client, spec, applicationContext(), {
          run: records,
          signal,
        }),
        await configureGateway(systems, desired, options),
      ];
    },
    rotate: () => rotateClientSecret(systems, desired, { ...options, claim }),
    access: () =>
      ensureBindings(
        systems.authentik,
        claim,
        {
          bindings: ['admin', 'engineering', 'finance'].map(group => ({
            group,
          })),
        },
        { run: records, signal },
      ),
    async disconnect() {
      return [
        await disconnectGateway(systems, desired, {
          ...options,
          // Without an API key the gateway's accounts are not known.
          allowLockout: true,
        }),
        await removeApplication(systems.authentik, claim, {
          run: records,
          signal,
          remember: async (key, read) => {
            const known = remembered.get(key) ?? (await read());
            remembered.set(key, known);
            return known;
          },
        }),
      ];
    },
  };
}

export type Operation = 'connect' | 'rotate' | 'access' | 'disconnect';

export const OPERATIONS: readonly Operation[] = [
  'connect',
  'rotate',
  'access',
  'disconnect',
];
