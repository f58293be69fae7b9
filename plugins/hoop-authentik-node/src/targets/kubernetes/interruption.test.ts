import type { KubernetesTargetConfig } from '../../config/types';
import type { KubernetesClient } from '../../kubernetes';
import { KubernetesTarget } from './KubernetesTarget';
import { FakeKubernetesClient } from './testing/FakeKubernetesClient';
import {
  CONFIG,
  configMapOf,
  OWN_REFERENCES,
  PLAIN_DATA,
  SECRET_DATA,
  secretOf,
  SETTINGS,
} from './testing/gatewayObjects';

const FOREIGN = { POSTGRES_DB_URI: 'postgres://db' };
const ALL = { ...PLAIN_DATA, ...SECRET_DATA };

type Case = [
  name: string,
  config: Partial<KubernetesTargetConfig>,
  before: () => FakeKubernetesClient,
];

const cluster =
  (...parameters: ConstructorParameters<typeof FakeKubernetesClient>) =>
  () =>
    new FakeKubernetesClient(...structuredClone(parameters));

const TO_SWITCH: Case[] = [
  ['no object yet', {}, cluster()],
  ['one Secret, not there yet', { settingsIn: 'secret' }, cluster()],
  ['one ConfigMap, not there yet', { clientSecretIn: 'configMap' }, cluster()],
  [
    'both objects read already, without settings',
    {},
    cluster({ envFrom: OWN_REFERENCES }, [
      configMapOf({ LOG_LEVEL: 'info' }),
      secretOf(FOREIGN),
    ]),
  ],
  [
    'both objects with the settings of another application',
    {},
    cluster({ envFrom: OWN_REFERENCES }, [
      configMapOf({ ...PLAIN_DATA, IDP_ISSUER: 'https://old/' }),
      secretOf({ IDP_CLIENT_SECRET: 'old-secret', ...FOREIGN }),
    ]),
  ],
  [
    'the ConfigMap alone read already',
    {},
    cluster({ envFrom: [OWN_REFERENCES[0]] }, [configMapOf({})]),
  ],
  [
    'the secret still in the ConfigMap',
    {},
    cluster({ envFrom: [OWN_REFERENCES[0]] }, [configMapOf(ALL)]),
  ],
  [
    'an immutable Secret',
    {},
    cluster({ envFrom: OWN_REFERENCES }, [
      configMapOf(PLAIN_DATA),
      {
        ...secretOf({ IDP_CLIENT_SECRET: 'old-secret', ...FOREIGN }),
        immutable: true,
      },
    ]),
  ],
];

const TO_DISCONNECT: Case[] = [
  [
    'both objects of ours',
    {},
    cluster({ envFrom: OWN_REFERENCES }, [
      configMapOf(PLAIN_DATA),
      secretOf(SECRET_DATA),
    ]),
  ],
  [
    'one Secret',
    { settingsIn: 'secret' },
    cluster({ envFrom: [OWN_REFERENCES[1]] }, [secretOf(ALL)]),
  ],
  [
    'other variables in both objects',
    {},
    cluster({ envFrom: OWN_REFERENCES }, [
      configMapOf({ ...PLAIN_DATA, LOG_LEVEL: 'info' }),
      secretOf({ ...SECRET_DATA, ...FOREIGN }),
    ]),
  ],
  [
    'other variables in the Secret alone',
    {},
    cluster({ envFrom: OWN_REFERENCES }, [
      configMapOf(PLAIN_DATA),
      secretOf({ ...SECRET_DATA, ...FOREIGN }),
    ]),
  ],
];

/** The client of a process that is killed after so many writes: it does nothing more, not even undo. */
function killedAfter(
  writes: number,
  client: FakeKubernetesClient,
): KubernetesClient {
  const killed = () => {
    if (client.writes.length >= writes) {
      throw new Error('the process was killed');
    }
  };
  return new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      return typeof member !== 'function'
        ? member
        : async (...parameters: unknown[]) => {
            killed();
            const answer = await member.apply(target, parameters);
            killed();
            return answer;
          };
    },
  });
}

const log = () => {};

const targetOf = (
  client: KubernetesClient,
  config: Partial<KubernetesTargetConfig>,
) =>
  new KubernetesTarget(
    { ...CONFIG, ...config },
    async () => client,
    async () => true,
  );

const doSwitch = async (target: KubernetesTarget) => {
  const plan = (await target.read()).plan(SETTINGS);
  expect(plan.refusals).toEqual([]);
  await plan.apply({ log });
};

const doDisconnect = async (target: KubernetesTarget) => {
  const plan = (await target.read()).planDisconnect();
  expect(plan.refusals).toEqual([]);
  const applied = await plan.apply({ log });
  await applied.finish({ log });
};

const outcomeOf = async (target: KubernetesTarget) =>
  (await target.read()).state.outcome;

describe.each([
  ['switched', TO_SWITCH, doSwitch, 'oidc'],
  ['disconnected', TO_DISCONNECT, doDisconnect, 'local'],
] as const)('a gateway that is %s', (_, cases, run, method) => {
  it.each([...cases])(
    'should be able to start whenever the process is killed, and the next run should converge: %s',
    async (_name, config, before) => {
      const undisturbed = before();
      await run(targetOf(undisturbed, config));
      const writes = undisturbed.writes.length;
      expect(writes).toBeGreaterThan(0);

      for (let count = 1; count <= writes; count++) {
        const client = before();
        await run(targetOf(killedAfter(count, client), config)).catch(
          () => 'killed',
        );
        expect(client.writes).toHaveLength(count);
        const target = targetOf(client, config);
        expect(await outcomeOf(target)).toHaveProperty('method');

        await run(target);
        expect(await outcomeOf(target)).toEqual({ method });
        expect(client.contents()).toEqual(undisturbed.contents());
        const done = client.writes.length;
        await run(target);
        expect(client.writes).toHaveLength(done);
      }
    },
  );
});
