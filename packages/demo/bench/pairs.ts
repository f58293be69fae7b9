import { ConfigReader } from '@backstage/config';
import {
  ensureApplication,
  type ApplicationSpec,
} from 'backstage-plugin-hoop-authentik-node';
import {
  DefaultHoopAuthentikService,
  deleteApplication,
  planDeletion,
  type CreatedObject,
  type CreationRecords,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { SandboxProcess } from 'sandbox';
import { requestsDuring, writesOf } from '../contract/control';
import { sequentialDepth } from './sequentialDepth';
import type { Phase } from './terraform';

/** What one phase cost. */
export interface Cost {
  requests: number;
  writes: number;
  depth: number;
  ms: number;
}

const FLEET = 20;

/** The records of a run, as the backend keeps them for a gateway. */
function records(): CreationRecords {
  let created: CreatedObject[] = [];
  const without = (object: CreatedObject) =>
    created.filter(
      ({ kind, name }) => kind !== object.kind || name !== object.name,
    );
  return {
    get created() {
      return created;
    },
    record: async object => {
      created = [...without(object), object];
    },
    forget: async object => {
      created = without(object);
    },
  };
}

/** A portal that has read nothing yet, so that no phase profits from the one before. */
function portal({ authentik }: SandboxProcess, names: string[]) {
  return DefaultHoopAuthentikService.create({
    config: new ConfigReader({
      hoopAuthentik: {
        authentik: [
          { baseUrl: authentik.url, token: authentik.tokens.leastPrivilege },
        ],
        gateways: names.map(name => ({
          name,
          url: `https://${name}.bench.invalid`,
          application: name,
          target: {
            type: 'kubernetes',
            cluster: { inCluster: true },
            namespace: 'bench',
          },
        })),
      },
    }),
  });
}

/** Measures each phase with tasks that run at the same time, one for each gateway. */
export async function measurePairs(
  sandbox: SandboxProcess,
  prefix: string,
): Promise<Record<Phase, Cost>> {
  const kept = new Map<string, CreationRecords>();
  const runOf = (name: string) => {
    const run = kept.get(name) ?? records();
    kept.set(name, run);
    return run;
  };
  const phase = async (
    names: string[],
    task: (
      name: string,
      gateway: ReturnType<DefaultHoopAuthentikService['getGateway']>,
    ) => Promise<unknown>,
  ): Promise<Cost> => {
    const service = portal(sandbox, names);
    let ms = NaN;
    const requests = await requestsDuring(sandbox.control.url, async () => {
      const start = performance.now();
      await Promise.all(
        names.map(name => task(name, service.getGateway(name))),
      );
      ms = performance.now() - start;
    });
    await service.close();
    return {
      requests: requests.length,
      writes: writesOf(requests).length,
      depth: sequentialDepth(requests),
      ms,
    };
  };
  const ensure = (names: string[], groups: string[]) =>
    phase(names, async (name, gateway) => {
      const spec: ApplicationSpec = {
        slug: name,
        bindings: groups.map(group => ({ group })),
        bindingsMode: 'authoritative',
      };
      await ensureApplication(
        gateway.systemsOfTask(name).authentik,
        spec,
        gateway.applicationContext(),
        { run: runOf(name) },
      );
    });
  const one = [`${prefix}-one`];
  const fleet = Array.from({ length: FLEET }, (_, at) => `${prefix}-${at}`);
  const before = ['engineering', 'finance'];
  const after = ['engineering', 'admin'];
  return {
    'create, two bindings': await ensure(one, before),
    again: await ensure(one, before),
    'one group changed': await ensure(one, after),
    destroy: await phase(one, async (name, gateway) => {
      const { authentik } = gateway.systemsOfTask(name);
      const { redirectUri } = gateway.applicationContext();
      const run = runOf(name);
      const claim = { slug: name, claimedApplication: name, redirectUri };
      const pair = await planDeletion(authentik, claim, undefined, { run });
      await deleteApplication(authentik, pair, { run });
    }),
    '20 created': await ensure(fleet, before),
    '20 again': await ensure(fleet, before),
    '20 changed': await ensure(fleet, after),
  };
}
