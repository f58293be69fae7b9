import { setTimeout as sleep } from 'node:timers/promises';
import { restartGateway } from 'backstage-plugin-hoop-authentik-node';
import {
  configure,
  containerWith,
  faulty,
  GATEWAY_DOWN,
  othersOf,
  restart,
  setSettings,
  type Scenario,
} from './world';

/** The cluster keeps times in seconds: the order of what happens in one second is unknown. */
const NEXT_SECOND_MS = 1_200;

const log = () => {};

/** What goes wrong in the cluster. @internal */
export const KUBERNETES_SCENARIOS: Scenario[] = [
  {
    check: 'kubernetes.reachable',
    status: 'unknown',
    follows: [
      ...othersOf('kubernetes', 'kubernetes.reachable'),
      'gateway.api-url',
    ],
    when: 'the cluster cuts every connection',
    fixedBy: 'the connection back',
    make: faulty({ system: 'kubernetes', unreachable: true }),
  },
  {
    check: 'kubernetes.settings',
    status: 'fail',
    follows: ['kubernetes.restarted'],
    when: 'a setting is edited by hand',
    fixedBy: 'the software template',
    async make(world) {
      await setSettings(world, { IDP_GROUPS_CLAIM: 'roles' });
      return () => configure(world);
    },
  },
  {
    check: 'kubernetes.shadowing',
    status: 'fail',
    follows: ['kubernetes.settings'],
    when: 'the container sets a variable of its own',
    fixedBy: 'the variable removed',
    make: containerWith(() => ({
      env: [{ name: 'IDP_GROUPS_CLAIM', value: 'roles' }],
    })),
  },
  {
    check: 'kubernetes.rollout',
    status: 'fail',
    follows: GATEWAY_DOWN,
    when: 'the image cannot be pulled when the gateway is restarted',
    fixedBy: 'what keeps it from starting removed, and a restart',
    async make(world) {
      await world.sandbox.control.rollout('image-pull');
      await restart(world);
      return () => restart(world);
    },
  },
  {
    check: 'kubernetes.restarted',
    status: 'fail',
    when: 'a setting is changed to and fro without a restart',
    fixedBy: 'the action hoop:gateway:restart',
    async make(world) {
      await sleep(NEXT_SECOND_MS);
      await setSettings(world, { IDP_GROUPS_CLAIM: 'roles' });
      await setSettings(world, { IDP_GROUPS_CLAIM: 'groups' });
      return async () => {
        await sleep(NEXT_SECOND_MS);
        await restartGateway(world.systems, world.desired, { log });
      };
    },
  },
  {
    check: 'kubernetes.image',
    status: 'warn',
    when: 'the image has no tag',
    fixedBy: 'the tag of one version',
    make: containerWith(() => ({ image: 'hoophq/hoop' })),
  },
];
