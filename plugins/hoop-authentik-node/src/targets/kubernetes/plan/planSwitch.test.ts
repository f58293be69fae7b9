import { SecretValue } from '../../../core';
import type { KubernetesTargetConfig } from '../../../config/types';
import { missingFrom } from '../read/objects';
import { planSwitch } from './planSwitch';
import type { SwitchPlan } from './switchPlan';
import type { Snapshot } from '../read/objects';
import {
  CLIENT_SECRET,
  CONFIG,
  configMapOf,
  deploymentOf,
  madeFor,
  OWN_REFERENCES,
  PLAIN_DATA,
  podOf,
  SECRET_DATA,
  secretOf,
  SETTINGS,
  snapshotOf,
  switchedSnapshot,
} from '../__testUtils__/gatewayObjects';

const IN_CONFIG_MAP = { ...CONFIG, clientSecretIn: 'configMap' as const };

const plan = (snapshot: Snapshot, config: KubernetesTargetConfig = CONFIG) =>
  planSwitch(snapshot, config, SETTINGS);

const objectsIn = ({ steps }: SwitchPlan) =>
  steps.flatMap(step => (step.type === 'object' ? [step.change] : []));

/** The references that a plan adds. */
const addedIn = ({ steps }: SwitchPlan) =>
  steps.flatMap(step =>
    step.type === 'references' ? missingFrom(step.from, step.to) : [],
  );

/** What would be written, secrets revealed. */
function written(snapshot: Snapshot, config: KubernetesTargetConfig = CONFIG) {
  return objectsIn(plan(snapshot, config)).map(({ kind, found, data }) => ({
    kind,
    isNew: !found,
    data: Object.fromEntries(
      Object.entries(data).map(([key, value]) => [
        key,
        value instanceof SecretValue ? value.reveal() : value,
      ]),
    ),
  }));
}

describe('planSwitch', () => {
  it('should find nothing to do where every setting matches', () => {
    expect(plan(switchedSnapshot())).toEqual({
      steps: [],
      restart: false,
      leftovers: [],
      changes: [],
      refusals: [],
      owners: [],
    });
  });

  it('should create both objects, the Secret first, and refer to them', () => {
    const snapshot = snapshotOf();
    const { steps, restart, refusals, changes } = plan(snapshot);
    expect(written(snapshot)).toEqual([
      { kind: 'Secret', isNew: true, data: SECRET_DATA },
      { kind: 'ConfigMap', isNew: true, data: PLAIN_DATA },
    ]);
    expect(steps.at(-1)).toEqual({
      type: 'references',
      from: [],
      to: OWN_REFERENCES,
    });
    // The new template restarts the gateway.
    expect({ restart, refusals }).toEqual({ restart: false, refusals: [] });
    expect(changes).toEqual([
      {
        object: 'Secret hoop/hoopgateway-idp (new)',
        field: 'IDP_CLIENT_SECRET',
        from: '(unset)',
        to: '<changed>',
      },
      ...Object.entries(PLAIN_DATA).map(([field, value]) => ({
        object: 'ConfigMap hoop/hoopgateway-idp (new)',
        field,
        from: '(unset)',
        to: `"${value}"`,
      })),
      {
        object: 'Deployment hoop/hoopgateway',
        field: 'envFrom',
        from: '(no reference)',
        to: 'ConfigMap "hoopgateway-idp"',
      },
      {
        object: 'Deployment hoop/hoopgateway',
        field: 'envFrom',
        from: '(no reference)',
        to: 'Secret "hoopgateway-idp"',
      },
    ]);
  });

  it('should only refer to objects whose settings match', () => {
    const { steps } = plan(switchedSnapshot({ container: { envFrom: [] } }));
    expect(steps).toEqual([
      { type: 'references', from: [], to: OWN_REFERENCES },
    ]);
  });

  it('should refer to the Secret alone where the ConfigMap is read already', () => {
    const snapshot = snapshotOf({
      container: { envFrom: [OWN_REFERENCES[0]] },
      configMaps: [configMapOf({ AUTH_METHOD: 'local', POSTGRES: 'kept' })],
    });
    expect(written(snapshot)).toEqual([
      { kind: 'Secret', isNew: true, data: SECRET_DATA },
      { kind: 'ConfigMap', isNew: false, data: PLAIN_DATA },
    ]);
    expect(addedIn(plan(snapshot))).toEqual([OWN_REFERENCES[1]]);
    expect(objectsIn(plan(snapshot))[1].before).toEqual({
      AUTH_METHOD: 'local',
      IDP_CLIENT_ID: null,
      IDP_GROUPS_CLAIM: null,
      IDP_ISSUER: null,
    });
  });

  it('should write all keys of the one object in which one differs', () => {
    const snapshot = switchedSnapshot({
      configMaps: [configMapOf({ ...PLAIN_DATA, IDP_ISSUER: 'https://old/' })],
    });
    expect(written(snapshot)).toEqual([
      { kind: 'ConfigMap', isNew: false, data: PLAIN_DATA },
    ]);
    expect(plan(snapshot)).toMatchObject({
      steps: [{ type: 'object' }],
      restart: true,
      changes: [{ field: 'IDP_ISSUER', from: '"https://old/"' }],
    });
  });

  it('should not show a secret, neither the old nor the new', () => {
    const { changes } = plan(
      switchedSnapshot({
        configMaps: [
          configMapOf({ ...PLAIN_DATA, IDP_CLIENT_ID: CLIENT_SECRET }),
        ],
        secrets: [secretOf({ IDP_CLIENT_SECRET: 'old-secret' })],
      }),
    );
    expect(changes).toMatchObject([
      { field: 'IDP_CLIENT_SECRET', from: '<changed>', to: '<changed>' },
      { field: 'IDP_CLIENT_ID', from: '<changed>', to: '"the-client-id"' },
    ]);
    expect(JSON.stringify(changes)).not.toContain(CLIENT_SECRET);
    expect(JSON.stringify(changes)).not.toContain('old-secret');
  });

  it('should remove a secret that an earlier layout left in the ConfigMap', () => {
    const snapshot = switchedSnapshot({
      configMaps: [configMapOf({ ...PLAIN_DATA, IDP_CLIENT_SECRET: 'left' })],
    });
    expect(written(snapshot)).toEqual([
      {
        kind: 'ConfigMap',
        isNew: false,
        data: { ...PLAIN_DATA, IDP_CLIENT_SECRET: null },
      },
    ]);
    expect(plan(snapshot).changes).toEqual([
      {
        object: 'ConfigMap hoop/hoopgateway-idp',
        field: 'IDP_CLIENT_SECRET',
        from: '<changed>',
        to: '(removed)',
      },
    ]);
  });

  describe('with the secret in the ConfigMap', () => {
    it('should write one object and refer to it', () => {
      const snapshot = snapshotOf();
      expect(written(snapshot, IN_CONFIG_MAP)).toEqual([
        {
          kind: 'ConfigMap',
          isNew: true,
          data: { ...PLAIN_DATA, ...SECRET_DATA },
        },
      ]);
      expect(addedIn(plan(snapshot, IN_CONFIG_MAP))).toEqual([
        OWN_REFERENCES[0],
      ]);
    });

    it('should find nothing to do where it matches, and not touch a Secret', () => {
      const snapshot = snapshotOf({
        container: { envFrom: [OWN_REFERENCES[0]] },
        configMaps: [configMapOf({ ...PLAIN_DATA, ...SECRET_DATA })],
        secrets: [secretOf({ IDP_CLIENT_SECRET: 'other' })],
      });
      expect(plan(snapshot, IN_CONFIG_MAP)).toMatchObject({
        steps: [],
        restart: false,
        refusals: [],
      });
    });
  });

  it('should restart a gateway that started before the settings changed', () => {
    const pods = [podOf(deploymentOf(), '2026-05-01T11:59:59Z')];
    expect(plan(switchedSnapshot({ pods }))).toMatchObject({
      steps: [],
      changes: [],
      restart: true,
    });
  });

  it('should ignore a reference with a prefix', () => {
    const added = addedIn(
      plan(
        switchedSnapshot({
          container: {
            envFrom: OWN_REFERENCES.map(one => ({ ...one, prefix: 'X_' })),
          },
        }),
      ),
    );
    expect(added).toEqual(OWN_REFERENCES);
  });

  it('should say local until the secret is in place where both objects are read already', () => {
    const { steps, restart } = plan(
      switchedSnapshot({
        configMaps: [configMapOf({})],
        secrets: [secretOf({})],
      }),
    );
    expect(steps).toMatchObject([
      { change: { kind: 'ConfigMap', data: { AUTH_METHOD: 'local' } } },
      { change: { kind: 'Secret' } },
      { change: { kind: 'ConfigMap', data: { AUTH_METHOD: 'oidc' } } },
    ]);
    expect(restart).toBe(true);
  });

  it('should read the Secret before the ConfigMap loses the secret', () => {
    const { steps, restart } = plan(
      snapshotOf({
        container: { envFrom: [OWN_REFERENCES[0]] },
        configMaps: [configMapOf({ ...PLAIN_DATA, ...SECRET_DATA })],
      }),
    );
    expect(steps).toMatchObject([
      { change: { kind: 'Secret' } },
      { type: 'references' },
      { change: { kind: 'ConfigMap', data: { IDP_CLIENT_SECRET: null } } },
    ]);
    expect(restart).toBe(true);
  });

  it('should replace an immutable object by the next one, with its other variables', () => {
    const old = {
      ...secretOf({ IDP_CLIENT_SECRET: 'old', OTHER: 'kept' }),
      immutable: true,
    };
    const snapshot = switchedSnapshot({ secrets: [old] });
    const { steps, changes, refusals } = plan(snapshot);
    expect(steps).toMatchObject([
      {
        change: {
          kind: 'Secret',
          name: 'hoopgateway-idp-2',
          found: undefined,
          replaces: old,
        },
      },
      {
        type: 'references',
        to: [OWN_REFERENCES[0], { secretRef: { name: 'hoopgateway-idp-2' } }],
      },
    ]);
    expect(refusals).toEqual([]);
    expect(changes.map(({ object, to }) => `${object}: ${to}`)).toEqual([
      'Secret hoop/hoopgateway-idp-2 (new): <changed>',
      'Deployment hoop/hoopgateway: (no reference)',
      'Deployment hoop/hoopgateway: Secret "hoopgateway-idp-2"',
    ]);
  });

  it('should continue with the replacement that an interrupted run created', () => {
    const immutable = {
      ...secretOf({ IDP_CLIENT_SECRET: 'old' }),
      immutable: true,
    };
    const snapshot = switchedSnapshot({
      secrets: [
        immutable,
        madeFor('hoopgateway', secretOf(SECRET_DATA, 'hoopgateway-idp-2')),
      ],
    });
    expect(plan(snapshot).steps).toMatchObject([
      { change: { name: 'hoopgateway-idp-2', found: { kind: 'Secret' } } },
      { type: 'references' },
    ]);
  });

  it.each([
    ['another process', secretOf(SECRET_DATA, 'hoopgateway-idp-2')],
    [
      'another gateway',
      madeFor('another', secretOf(SECRET_DATA, 'hoopgateway-idp-2')),
    ],
  ])(
    'should not write to an object of %s that has the next name',
    (_, taken) => {
      const immutable = {
        ...secretOf({ IDP_CLIENT_SECRET: 'old' }),
        immutable: true,
      };
      const snapshot = switchedSnapshot({ secrets: [immutable, taken] });
      expect(plan(snapshot).steps).toMatchObject([
        { change: { name: 'hoopgateway-idp-3', found: undefined } },
        {
          type: 'references',
          to: [OWN_REFERENCES[0], { secretRef: { name: 'hoopgateway-idp-3' } }],
        },
      ]);
    },
  );

  describe('owners', () => {
    const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
    const objectsOf = (snapshot: Snapshot, config = CONFIG) =>
      plan(snapshot, config).owners.map(({ object }) => object);

    it('should be those of the Deployment and of the objects that change', () => {
      const snapshot = snapshotOf({
        configMaps: [configMapOf(PLAIN_DATA)],
        secrets: [secretOf({})],
      });
      for (const object of [
        snapshot.deployment,
        snapshot.configMaps['hoopgateway-idp']!,
        snapshot.secrets['hoopgateway-idp']!,
      ]) {
        object.metadata.labels = labels;
      }
      expect(objectsOf(snapshot)).toEqual([
        'Secret "hoopgateway-idp"',
        'Deployment "hoopgateway"',
      ]);
    });

    it('should not include a Deployment that only has to restart', () => {
      const snapshot = switchedSnapshot({ secrets: [secretOf({})] });
      snapshot.deployment.metadata.labels = labels;
      expect(plan(snapshot).restart).toBe(true);
      expect(objectsOf(snapshot)).toEqual([]);

      snapshot.secrets['hoopgateway-idp']!.immutable = true;
      expect(objectsOf(snapshot)).toEqual(['Deployment "hoopgateway"']);
    });
  });
});
