import { setTimeout as sleep } from 'node:timers/promises';
import {
  configureGateway,
  restartGateway,
} from 'backstage-plugin-hoop-authentik-node';
import { callCluster } from '../callCluster';
import {
  faulty,
  restart,
  setSettings,
  type Scenario,
  type World,
} from './world';

interface Deployment {
  spec: {
    template: { spec: { containers: Array<Record<string, unknown>> } };
  };
}

/** The cluster tells times in seconds: what happens in one second cannot be put in order. */
const NEXT_SECOND_MS = 1_200;

const log = () => {};

const configure = (world: World) =>
  configureGateway(world.systems, world.desired, { log });

/** What goes wrong in the cluster. @internal */
export const KUBERNETES_SCENARIOS: Scenario[] = [
  {
    check: 'kubernetes.reachable',
    status: 'unknown',
    when: 'the cluster cuts every connection',
    mendedBy: 'the connection back',
    make: faulty({ system: 'kubernetes', unreachable: true }),
  },
  {
    check: 'kubernetes.settings',
    status: 'fail',
    when: 'a setting is edited by hand',
    mendedBy: 'the software template',
    async make(world) {
      await setSettings(world, { IDP_GROUPS_CLAIM: 'roles' });
      return () => configure(world);
    },
  },
  {
    check: 'kubernetes.shadowing',
    status: 'fail',
    when: 'the container sets a variable of its own',
    mendedBy: 'the variable removed',
    async make({ sandbox }) {
      const path = `deployments/${sandbox.kubernetes.deployment}`;
      const { spec } = await callCluster<Deployment>(sandbox, 'GET', path);
      const { containers } = spec.template.spec;
      const replace = (next: object[]) =>
        callCluster(sandbox, 'PATCH', path, {
          spec: { template: { spec: { containers: next } } },
        });
      await replace(
        containers.map(one => ({
          ...one,
          env: [{ name: 'IDP_GROUPS_CLAIM', value: 'roles' }],
        })),
      );
      return () => replace(containers);
    },
  },
  {
    check: 'kubernetes.rollout',
    status: 'fail',
    when: 'the container does not come up after a restart',
    mendedBy: 'what keeps it from starting removed, and a restart',
    async make(world) {
      await world.sandbox.control.rollout('crash');
      await restart(world);
      return () => restart(world);
    },
  },
  {
    check: 'kubernetes.restarted',
    status: 'fail',
    when: 'a setting is changed to and fro without a restart',
    mendedBy: 'the action hoop:gateway:restart',
    async make(world) {
      await sleep(NEXT_SECOND_MS);
      await setSettings(world, { IDP_GROUPS_CLAIM: 'roles' });
      await setSettings(world, { IDP_GROUPS_CLAIM: 'groups' });
      return async () => {
        await sleep(NEXT_SECOND_MS);
        await restartGateway(world.systems, { log });
      };
    },
  },
];
