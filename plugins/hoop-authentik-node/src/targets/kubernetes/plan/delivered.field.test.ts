import type {
  ConfigMap,
  Container,
  ObjectMeta,
  Secret,
} from '../../../systems/kubernetes';
import { SecretValue } from '../../../core';
import {
  CLIENT_SECRET,
  CONFIG,
  configMapOf,
  PLAIN_DATA,
  SECRET_DATA,
  secretOf,
  SETTINGS,
  snapshotOf,
} from '../__testUtils__/gatewayObjects';
import { planSwitch } from './planSwitch';

/** Where app-config names no object. */
const UNNAMED = { ...CONFIG, configMap: undefined, secret: undefined };

const ESO: Partial<ObjectMeta> = {
  ownerReferences: [{ kind: 'ExternalSecret', name: 'idp', uid: 'u' }],
};
const CSI: Partial<ObjectMeta> = {
  labels: { 'secrets-store.csi.k8s.io/managed': 'true' },
};
const HELM: Partial<ObjectMeta> = {
  annotations: { 'meta.helm.sh/release-name': 'hoop' },
};

function delivered(
  metadata: Partial<ObjectMeta>,
  data: Record<string, string> = SECRET_DATA,
): Secret {
  const secret = secretOf(data, 'from-store');
  return { ...secret, metadata: { ...secret.metadata, ...metadata } };
}

/** A gateway that reads its client secret from a store, and nothing else of the provider yet. */
const planWith = (
  secret: Secret,
  config: typeof CONFIG = UNNAMED,
  container: Partial<Container> = {
    envFrom: [{ secretRef: { name: 'from-store' } }],
  },
  configMaps: ConfigMap[] = [],
) =>
  planSwitch(
    snapshotOf({ container, secrets: [secret], configMaps }),
    config,
    SETTINGS,
  );

const objectsIn = (plan: ReturnType<typeof planWith>) =>
  plan.steps.flatMap(step =>
    step.type === 'object' ? `${step.change.kind} ${step.change.name}` : [],
  );

describe('A secret that a tool delivers and that is right is not copied', () => {
  it.each([
    ['External Secrets through envFrom', ESO],
    ['the Secrets Store CSI driver through envFrom', CSI],
    ['Helm through envFrom', HELM],
  ])('%s', (_, metadata) => {
    const plan = planWith(delivered(metadata));
    expect(plan.refusals).toEqual([]);
    expect(objectsIn(plan)).toEqual(['ConfigMap hoopgateway-idp']);
    expect(plan.owners).toEqual([]);
  });

  it('External Secrets through valueFrom, under another key', () => {
    const plan = planWith(
      delivered(ESO, { clientSecret: CLIENT_SECRET }),
      UNNAMED,
      {
        env: [
          {
            name: 'IDP_CLIENT_SECRET',
            valueFrom: {
              secretKeyRef: { name: 'from-store', key: 'clientSecret' },
            },
          },
        ],
      },
    );
    expect(plan.refusals).toEqual([]);
    expect(objectsIn(plan)).toEqual(['ConfigMap hoopgateway-idp']);
  });

  it('everything is there already', () => {
    const plan = planWith(
      delivered(ESO),
      UNNAMED,
      {
        envFrom: [
          { configMapRef: { name: 'hoopgateway-idp' } },
          { secretRef: { name: 'from-store' } },
        ],
      },
      [configMapOf(PLAIN_DATA)],
    );
    expect(plan.steps).toEqual([]);
    expect(plan.changes).toEqual([]);
  });
});

describe('A delivered secret that is not right names its tool', () => {
  it.each([
    ['External Secrets', ESO, /store that the ExternalSecret "idp" reads/],
    ['the Secrets Store CSI driver', CSI, /SecretProviderClass/],
  ])('%s', (tool, metadata, advice) => {
    const { owners } = planWith(
      delivered(metadata, { IDP_CLIENT_SECRET: 'a-former-secret' }),
    );
    expect(owners).toEqual([
      expect.objectContaining({
        tool,
        object: 'Secret "from-store"',
        delivers: true,
        advice: expect.stringMatching(advice),
      }),
    ]);
  });

  it('Helm: ours is read after it, as before', () => {
    const plan = planWith(
      delivered(HELM, { IDP_CLIENT_SECRET: 'a-former-secret' }),
    );
    expect(plan.owners).toEqual([]);
    expect(objectsIn(plan)).toEqual([
      'Secret hoopgateway-idp',
      'ConfigMap hoopgateway-idp',
    ]);
  });
});

describe('A secret is written where nothing delivers it', () => {
  it.each<[string, Secret, typeof CONFIG]>([
    ['app-config names an object', delivered(ESO), CONFIG],
    ['a Secret of unknown origin', delivered({}, { OTHER: 'x' }), UNNAMED],
  ])('%s', (_, secret, config) => {
    const plan = planWith(secret, config);
    expect(objectsIn(plan)).toEqual([
      'Secret hoopgateway-idp',
      'ConfigMap hoopgateway-idp',
    ]);
    expect(
      plan.steps.some(
        step =>
          step.type === 'object' &&
          step.change.data.IDP_CLIENT_SECRET instanceof SecretValue,
      ),
    ).toBe(true);
  });
});

describe('Keys of other names, read by valueFrom', () => {
  const keyNames = { IDP_CLIENT_SECRET: 'clientSecret' };
  const byKey = (key: string): Partial<Container> => ({
    envFrom: [{ configMapRef: { name: 'hoopgateway-idp' } }],
    env: [
      {
        name: 'IDP_CLIENT_SECRET',
        valueFrom: { secretKeyRef: { name: 'from-store', key } },
      },
    ],
  });
  const config = { ...CONFIG, secret: 'from-store', keyNames };

  it('are written as app-config names them, without a trace of the secret', () => {
    const plan = planWith(
      delivered({}, { clientSecret: 'a-former-secret' }),
      config,
      byKey('clientSecret'),
      [configMapOf(PLAIN_DATA)],
    );
    expect(plan.refusals).toEqual([]);
    expect(plan.steps).toEqual([
      expect.objectContaining({
        type: 'object',
        change: expect.objectContaining({
          kind: 'Secret',
          name: 'from-store',
          data: { clientSecret: SETTINGS.IDP_CLIENT_SECRET },
        }),
      }),
    ]);
    expect(plan.restart).toBe(true);
    expect(plan.changes).toEqual([
      {
        object: 'Secret hoop/from-store',
        field: 'clientSecret',
        from: '<changed>',
        to: '<changed>',
      },
    ]);
    expect(JSON.stringify(plan.changes)).not.toContain('secret"');
  });

  it('are right already', () => {
    const plan = planWith(
      delivered({}, { clientSecret: CLIENT_SECRET }),
      config,
      byKey('clientSecret'),
      [configMapOf(PLAIN_DATA)],
    );
    expect(plan.steps).toEqual([]);
  });

  it('are refused where the container reads another key', () => {
    const plan = planWith(
      delivered({}, { oidcSecret: 'a-former-secret' }),
      config,
      byKey('oidcSecret'),
      [configMapOf(PLAIN_DATA)],
    );
    expect(plan.refusals.join()).toContain(
      'IDP_CLIENT_SECRET would still be set by',
    );
  });
});
