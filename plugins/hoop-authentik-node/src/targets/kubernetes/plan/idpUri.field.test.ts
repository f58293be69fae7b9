import { inspect } from 'node:util';
import { SecretValue } from '../../../core';
import type { Snapshot } from '../read/objects';
import { composeEnvironment } from '../read/objects';
import {
  CLIENT_SECRET,
  CONFIG,
  configMapOf,
  OWN_REFERENCES,
  PLAIN_DATA,
  SECRET_DATA,
  secretOf,
  SETTINGS,
  snapshotOf,
  switchedSnapshot,
} from '../__testUtils__/gatewayObjects';
import { planSwitch } from './planSwitch';
import { afterStep, canStart, surroundingsOf } from './steps';

const SECRET = 'former-secret-of-the-provider';
const URI = `https://id:${SECRET}@former.company/realms/main?groupsclaim=groups`;
const OTHER = { secretRef: { name: 'former' } };

/** What the gateway makes of its environment, before and after each request. */
function outcomes(snapshot: Snapshot, config = CONFIG) {
  const plan = planSwitch(snapshot, config, SETTINGS);
  let state = surroundingsOf(snapshot);
  const states = [state];
  for (const step of plan.steps) {
    state = afterStep(state, step);
    states.push(state);
  }
  return {
    plan,
    bootable: states.every(canStart),
    from: states.map(({ container, data }) => {
      const { outcome } = composeEnvironment(container, data);
      return 'from' in outcome ? outcome.from : outcome;
    }),
    last: composeEnvironment(state.container, state.data).outcome,
  };
}

const CASES = (
  [
    [
      'a Secret that another process keeps',
      snapshotOf({
        container: { envFrom: [OTHER] },
        secrets: [secretOf({ IDP_URI: URI, AUTH_METHOD: 'oidc' }, 'former')],
      }),
    ],
    [
      'a ConfigMap that another process keeps',
      snapshotOf({
        container: { envFrom: [{ configMapRef: { name: 'former' } }] },
        configMaps: [configMapOf({ IDP_URI: URI }, 'former')],
      }),
    ],
    [
      'the Secret of the settings',
      switchedSnapshot({
        configMaps: [configMapOf({ ...PLAIN_DATA, IDP_CLIENT_ID: 'former' })],
        secrets: [secretOf({ ...SECRET_DATA, IDP_URI: URI })],
      }),
    ],
    [
      'the ConfigMap of the settings',
      switchedSnapshot({
        configMaps: [configMapOf({ AUTH_METHOD: 'oidc', IDP_URI: URI })],
        secrets: [secretOf({ OTHER: 'x' })],
      }),
    ],
    [
      'a Secret that is read before settings that are right',
      switchedSnapshot({
        container: { envFrom: [OTHER, ...OWN_REFERENCES] },
        secrets: [secretOf(SECRET_DATA), secretOf({ IDP_URI: URI }, 'former')],
      }),
    ],
    [
      'two sources, one of them ours',
      switchedSnapshot({
        container: { envFrom: [OTHER, ...OWN_REFERENCES] },
        configMaps: [configMapOf({ ...PLAIN_DATA, IDP_URI: URI })],
        secrets: [secretOf(SECRET_DATA), secretOf({ IDP_URI: URI }, 'former')],
      }),
    ],
    [
      'a Secret that carries everything',
      switchedSnapshot({
        container: { envFrom: [OTHER] },
        secrets: [secretOf({ IDP_URI: URI }, 'former')],
      }),
      { ...CONFIG, settingsIn: 'secret', secret: 'former' },
    ],
  ] as Array<[string, Snapshot, typeof CONFIG?]>
).map(([name, snapshot, config = CONFIG]) => [name, snapshot, config] as const);

describe('a way off IDP_URI in a cluster', () => {
  it.each(CASES)('should be gone from %s', (_, snapshot, config) => {
    const { plan, bootable, from, last } = outcomes(snapshot, config);
    expect(plan.refusals).toEqual([]);
    expect(bootable).toBe(true);
    // The settings are ignored until the last request.
    expect(from).toEqual([
      ...Array.from({ length: from.length - 1 }, () => 'IDP_URI'),
      'IDP_*',
    ]);
    expect(last).toMatchObject({ issuer: SETTINGS.IDP_ISSUER });
  });

  it.each(CASES)('should show no secret of %s', (_, snapshot, config) => {
    const { plan } = outcomes(snapshot, config);
    expect(JSON.stringify(plan.changes)).toContain('IDP_URI');
    expect(inspect(plan.changes, { depth: 9 })).not.toContain(SECRET);
    for (const step of plan.steps) {
      const before = step.type === 'object' ? step.change.before : {};
      expect(inspect(before)).not.toContain(SECRET);
      expect(inspect(before)).not.toContain(CLIENT_SECRET);
    }
  });

  it('should keep the previous value for the way back', () => {
    const { plan } = outcomes(CASES[3][1]);
    const values = plan.steps.flatMap(step =>
      step.type === 'object' &&
      step.change.before.IDP_URI instanceof SecretValue
        ? [step.change.before.IDP_URI.reveal()]
        : [],
    );
    expect(values).toEqual([URI]);
  });

  it('should leave nothing to do afterwards', () => {
    const snapshot = switchedSnapshot({
      container: { envFrom: [OTHER, ...OWN_REFERENCES] },
      configMaps: [configMapOf({ ...PLAIN_DATA, IDP_URI: '' })],
      secrets: [secretOf(SECRET_DATA), secretOf({ IDP_URI: URI }, 'former')],
    });
    expect(planSwitch(snapshot, CONFIG, SETTINGS)).toMatchObject({
      steps: [],
      refusals: [],
    });
  });

  it.each([
    [
      'the container itself',
      snapshotOf({ container: { env: [{ name: 'IDP_URI', value: URI }] } }),
    ],
    [
      'a reference in env',
      snapshotOf({
        container: {
          env: [
            {
              name: 'IDP_URI',
              valueFrom: { secretKeyRef: { name: 'former', key: 'IDP_URI' } },
            },
          ],
        },
        secrets: [secretOf({ IDP_URI: URI }, 'former')],
      }),
    ],
  ])('should be refused where %s sets it', (_, snapshot) => {
    const { refusals } = planSwitch(snapshot, CONFIG, SETTINGS);
    expect(refusals.join()).toContain('Remove IDP_URI there');
    expect(refusals.join()).not.toContain(SECRET);
  });
});
