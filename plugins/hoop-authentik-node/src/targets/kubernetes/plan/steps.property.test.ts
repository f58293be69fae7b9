import fc from 'fast-check';
import type { KubernetesTargetConfig } from '../../../config/types';
import type { ConfigMap, Secret } from '../../../systems/kubernetes';
import { composeEnvironment } from '../read/objects';
import { planDisconnect } from './planDisconnect';
import { planSwitch } from './planSwitch';
import type { Snapshot } from '../read/objects';
import { afterStep, surroundingsOf } from './steps';
import type { SwitchPlan } from './switchPlan';
import {
  CONFIG,
  configMapOf,
  madeFor,
  PLAIN_DATA,
  SECRET_DATA,
  secretOf,
  SETTINGS,
  snapshotOf,
} from '../__testUtils__/gatewayObjects';

const LAYOUTS: Array<Partial<KubernetesTargetConfig>> = [
  {},
  { settingsIn: 'secret' },
  { clientSecretIn: 'configMap' },
];

/** Any of the settings, matching or not, and perhaps a foreign variable. */
const data = fc.record(
  {
    AUTH_METHOD: fc.constantFrom('local', 'oidc', 'idp', ''),
    IDP_CLIENT_ID: fc.constantFrom('the-client-id', 'another', ''),
    IDP_CLIENT_SECRET: fc.constantFrom('the-client-secret', 'another', ''),
    IDP_GROUPS_CLAIM: fc.constantFrom('groups', ''),
    IDP_ISSUER: fc.constantFrom(SETTINGS.IDP_ISSUER, 'https://other/', ''),
    POSTGRES_DB_URI: fc.constant('postgres://db'),
  },
  { requiredKeys: [] },
);

const full = fc.constantFrom<Record<string, string>>(
  { ...PLAIN_DATA, ...SECRET_DATA },
  { ...PLAIN_DATA, ...SECRET_DATA, POSTGRES_DB_URI: 'postgres://db' },
  PLAIN_DATA,
  SECRET_DATA,
);

const stored = fc.option(
  fc.record({ data: fc.oneof(data, full), immutable: fc.boolean() }),
  { nil: undefined },
);

const snapshots = fc
  .record({
    configMap: stored,
    secret: stored,
    other: stored,
    envFrom: fc.shuffledSubarray([
      { configMapRef: { name: 'hoopgateway-idp' } },
      { secretRef: { name: 'hoopgateway-idp' } },
      { configMapRef: { name: 'other', optional: true } },
    ]),
    method: fc.option(fc.constantFrom('local', 'oidc'), { nil: undefined }),
  })
  .map(({ configMap, secret, other, envFrom, method }) =>
    snapshotOf({
      container: {
        envFrom,
        ...(method ? { env: [{ name: 'AUTH_METHOD', value: method }] } : {}),
      },
      configMaps: [
        ...(configMap
          ? [{ ...configMapOf(configMap.data), immutable: configMap.immutable }]
          : []),
        ...(other ? [configMapOf(other.data, 'other')] : []),
      ],
      secrets: secret
        ? [{ ...secretOf(secret.data), immutable: secret.immutable }]
        : [],
    }),
  );

/** What the gateway would do with its environment at the start and after each write. */
function outcomes(snapshot: Snapshot, { steps }: SwitchPlan) {
  let state = surroundingsOf(snapshot);
  return [undefined, ...steps].map(step => {
    state = step ? afterStep(state, step) : state;
    return composeEnvironment(state.container, state.data).outcome;
  });
}

const starts = (outcome: object) => !('fails' in outcome);

describe.each(LAYOUTS)('with the layout %p', layout => {
  const config = { ...CONFIG, ...layout };

  it.each([
    ['switch', (one: Snapshot) => planSwitch(one, config, SETTINGS), 'oidc'],
    ['disconnect', (one: Snapshot) => planDisconnect(one, config), 'local'],
  ])(
    'should be able to start after each write of a %s',
    (_, planOf, method) => {
      let planned = 0;
      fc.assert(
        fc.property(snapshots, snapshot => {
          const plan = planOf(snapshot);
          if (plan.refusals.length > 0) {
            return;
          }
          const [start, ...later] = outcomes(snapshot, plan);
          expect([start, ...later].at(-1)).toMatchObject({ method });
          const broken = starts(start) ? later.filter(one => !starts(one)) : [];
          expect(broken).toEqual([]);
          planned += later.length > 0 ? 1 : 0;
        }),
        { numRuns: 1500 },
      );
      expect(planned).toBeGreaterThan(100);
    },
  );

  it('should have nothing to do after its own writes', () => {
    fc.assert(
      fc.property(snapshots, snapshot => {
        const plan = planSwitch(snapshot, config, SETTINGS);
        if (plan.refusals.length > 0) {
          return;
        }
        const { container, data: after } = plan.steps.reduce(
          afterStep,
          surroundingsOf(snapshot),
        );
        const next = snapshotOf({
          container: { env: container.env, envFrom: container.envFrom },
          configMaps: objects(after.configMaps, configMapOf),
          secrets: objects(after.secrets, secretOf),
        });
        for (const name of ['configMaps', 'secrets'] as const) {
          for (const [key, object] of Object.entries(snapshot[name])) {
            Object.assign(next[name][key] ?? {}, {
              immutable: object?.immutable,
            });
          }
        }
        expect(planSwitch(next, config, SETTINGS)).toEqual({
          steps: [],
          restart: false,
          leftovers: [],
          changes: [],
          refusals: [],
          owners: [],
        });
      }),
    );
  });
});

function objects<T extends ConfigMap | Secret>(
  all: Record<string, Record<string, string> | undefined>,
  make: (data: Record<string, string>, name: string) => T,
): T[] {
  return Object.entries(all).flatMap(([name, one]) =>
    one ? [madeFor('hoopgateway', make(one, name))] : [],
  );
}
