import { foundIn, layoutOf, nextName } from './layout';
import {
  CONFIG,
  configMapOf,
  OWN_REFERENCES,
  PLAIN_DATA,
  SECRET_DATA,
  secretOf,
  snapshotOf,
} from './testing/gatewayObjects';

const FOUND = { ...CONFIG, configMap: undefined, secret: undefined };

const CHART = {
  envFrom: [
    { configMapRef: { name: 'hoop-settings' } },
    { secretRef: { name: 'hoopgateway' } },
  ],
};

/** Kind and name of each object, in their order. */
const namesOf = (...parameters: Parameters<typeof layoutOf>) =>
  layoutOf(...parameters).objects.map(({ kind, name }) => `${kind} ${name}`);

describe('layoutOf', () => {
  it('should put the client secret apart from the other settings', () => {
    expect(layoutOf(snapshotOf(), CONFIG).objects).toEqual([
      {
        kind: 'ConfigMap',
        name: 'hoopgateway-idp',
        keys: [
          'AUTH_METHOD',
          'IDP_CLIENT_ID',
          'IDP_GROUPS_CLAIM',
          'IDP_ISSUER',
        ],
      },
      { kind: 'Secret', name: 'hoopgateway-idp', keys: ['IDP_CLIENT_SECRET'] },
    ]);
  });

  it.each([
    ['ConfigMap', { clientSecretIn: 'configMap' as const }],
    ['Secret', { settingsIn: 'secret' as const }],
  ])('should put all settings into one %s', (kind, config) => {
    const { objects } = layoutOf(snapshotOf(), { ...CONFIG, ...config });
    expect(objects).toMatchObject([{ kind, name: 'hoopgateway-idp' }]);
    expect(objects[0].keys).toHaveLength(5);
  });

  it('should take the objects that carry settings already', () => {
    const snapshot = snapshotOf({
      container: CHART,
      configMaps: [configMapOf({ IDP_ISSUER: '' }, 'hoop-settings')],
      secrets: [
        secretOf({ IDP_CLIENT_SECRET: '', POSTGRES: 'x' }, 'hoopgateway'),
      ],
    });
    expect(namesOf(snapshot, FOUND)).toEqual([
      'ConfigMap hoop-settings',
      'Secret hoopgateway',
    ]);
    expect(namesOf(snapshot, CONFIG)).toEqual([
      'ConfigMap hoopgateway-idp',
      'Secret hoopgateway-idp',
    ]);
  });

  it.each([
    ['carry none', { labels: {} }, { POSTGRES: 'x' }],
    ['only say how to sign in', { labels: {} }, { AUTH_METHOD: 'local' }],
    [
      'are managed by Helm',
      { labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
      { IDP_CLIENT_SECRET: '' },
    ],
  ])('should take ones of ours where those there %s', (_, metadata, data) => {
    const secret = secretOf(data, 'hoopgateway');
    Object.assign(secret.metadata, metadata);
    const snapshot = snapshotOf({ container: CHART, secrets: [secret] });
    expect(namesOf(snapshot, FOUND)).toEqual([
      'ConfigMap hoopgateway-idp',
      'Secret hoopgateway-idp',
    ]);
  });

  it('should not take one that is read with a prefix', () => {
    const [{ configMapRef }] = CHART.envFrom;
    const snapshot = snapshotOf({
      container: { envFrom: [{ configMapRef, prefix: 'OTHER_' }] },
      configMaps: [configMapOf(PLAIN_DATA, 'hoop-settings')],
    });
    expect(namesOf(snapshot, FOUND)[0]).toBe('ConfigMap hoopgateway-idp');
  });

  it('should ask which one counts where several carry settings', () => {
    const snapshot = snapshotOf({
      container: {
        envFrom: ['a', 'b'].map(name => ({ secretRef: { name } })),
      },
      secrets: ['a', 'b'].map(name => secretOf(SECRET_DATA, name)),
    });
    expect(() => layoutOf(snapshot, FOUND)).toThrow(
      'Several Secrets of Deployment "hoopgateway" in namespace "hoop" carry settings of the gateway: "a", "b"; expected one. ' +
        'Name the one that counts as "secret" of the gateway\'s target in app-config.',
    );
    expect(namesOf(snapshot, { ...FOUND, secret: 'b' })[1]).toBe('Secret b');
  });

  it('should prefer ours to others that carry settings as well', () => {
    const snapshot = snapshotOf({
      container: {
        envFrom: [{ secretRef: { name: 'a' } }, OWN_REFERENCES[1]],
      },
      secrets: [secretOf(SECRET_DATA, 'a'), secretOf(SECRET_DATA)],
    });
    expect(namesOf(snapshot, FOUND)[1]).toBe('Secret hoopgateway-idp');
  });
});

describe('an immutable object that was replaced', () => {
  const immutable = {
    ...secretOf({ IDP_CLIENT_SECRET: 'old' }),
    immutable: true,
  };
  const next = secretOf(SECRET_DATA, 'hoopgateway-idp-2');

  it.each([
    ['hoopgateway-idp-2', [{ secretRef: { name: 'hoopgateway-idp-2' } }]],
    ['hoopgateway-idp', OWN_REFERENCES],
  ])(
    'should give way to %s where the container reads that',
    (name, envFrom) => {
      const snapshot = snapshotOf({
        container: { envFrom },
        secrets: [immutable, next],
      });
      expect(namesOf(snapshot, CONFIG)[1]).toBe(`Secret ${name}`);
    },
  );
});

describe('nextName', () => {
  it.each([
    ['hoopgateway-idp', 'hoopgateway-idp-2'],
    ['hoopgateway-idp-2', 'hoopgateway-idp-3'],
    ['hoopgateway-idp-9', 'hoopgateway-idp-10'],
    ['7', '7-2'],
  ])('should follow %s by %s', (name, next) => {
    expect(nextName(name)).toBe(next);
  });
});

describe('foundIn', () => {
  it('should tell a ConfigMap from a Secret of the same name', () => {
    const snapshot = snapshotOf({ configMaps: [configMapOf({})] });
    const name = 'hoopgateway-idp';
    expect(foundIn(snapshot, { kind: 'ConfigMap', name })?.kind).toBe(
      'ConfigMap',
    );
    expect(foundIn(snapshot, { kind: 'Secret', name })).toBeUndefined();
  });
});
