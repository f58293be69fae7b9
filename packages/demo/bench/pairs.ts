import { ConfigReader } from '@backstage/config';
import {
  ensureApplication,
  type ApplicationSpec,
} from 'backstage-plugin-hoop-authentik-node';
import {
  DefaultHoopAuthentikService,
  deleteApplication,
  planDeletion,
  type CreationRecords,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { SandboxProcess } from 'sandbox';
import { requestsDuring, writesOf } from '../contract/control';
import { sequentialDepth } from './sequentialDepth';
import { records } from './template';
import type { Phase } from './terraform';

/** What one phase cost. */
export interface Cost {
  requests: number;
  writes: number;
  depth: number;
  ms: number;
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

type Costs = Partial<Record<Phase, Cost>>;

function phasesOn(sandbox: SandboxProcess) {
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
  const destroy = (names: string[]) =>
    phase(names, async (name, gateway) => {
      const { authentik } = gateway.systemsOfTask(name);
      const { redirectUri } = gateway.applicationContext();
      const run = runOf(name);
      const claim = { slug: name, claimedApplication: name, redirectUri };
      const pair = await planDeletion(authentik, claim, undefined, { run });
      await deleteApplication(authentik, pair, { run });
    });
  return { ensure, destroy };
}

const fleetOf = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${prefix}-${at}`);

const BEFORE = ['engineering', 'finance'];
const AFTER = ['engineering', 'admin'];

/** Measures each phase with tasks that run at the same time, one for each gateway. */
export async function measurePairs(
  sandbox: SandboxProcess,
  prefix: string,
): Promise<Costs> {
  const { ensure, destroy } = phasesOn(sandbox);
  const one = [`${prefix}-one`];
  const fleet = fleetOf(prefix, 20);
  return {
    'create, two bindings': await ensure(one, BEFORE),
    again: await ensure(one, BEFORE),
    'one group changed': await ensure(one, AFTER),
    destroy: await destroy(one),
    '20 created': await ensure(fleet, BEFORE),
    '20 again': await ensure(fleet, BEFORE),
    '20 changed': await ensure(fleet, AFTER),
  };
}

/** The same for a fleet whose certificates and providers fill more than one page. */
export async function measureLargeFleet(
  sandbox: SandboxProcess,
): Promise<Costs> {
  const { ensure } = phasesOn(sandbox);
  const fleet = fleetOf('large', 100);
  await ensure(fleet, BEFORE);
  return { '100 again': await ensure(fleet, BEFORE) };
}
