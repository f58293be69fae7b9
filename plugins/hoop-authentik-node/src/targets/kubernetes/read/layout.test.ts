import { layoutOf, readsAll } from './layout';
import { foundIn } from './objects';
import {
  CONFIG,
  configMapOf,
  madeFor,
  OWN_REFERENCES,
  PLAIN_DATA,
  SECRET_DATA,
  secretOf,
  snapshotOf,
} from '../__testUtils__/gatewayObjects';

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

  it('should not take one that has the method alone, which can be switched in one go with objects of ours', () => {
    const snapshot = snapshotOf({
      container: CHART,
      configMaps: [configMapOf({ AUTH_METHOD: 'local' }, 'hoop-settings')],
    });
    expect(namesOf(snapshot, FOUND)[0]).toBe('ConfigMap hoopgateway-idp');
  });

  it('should take the existingSecret of the Helm chart, whatever is in it', () => {
    const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
    const rendered = secretOf({ IDP_CLIENT_SECRET: '' }, 'hoop-config');
    rendered.metadata.labels = labels;
    const snapshot = snapshotOf({
      container: {
        envFrom: ['hoop-config', 'existing'].map(name => ({
          secretRef: { name },
        })),
      },
      secrets: [rendered, secretOf({ POSTGRES: 'x' }, 'existing')],
    });
    const config = { ...FOUND, settingsIn: 'secret' as const };
    expect(namesOf(snapshot, config)).toEqual(['Secret hoopgateway-idp']);
    // Only there a reference of ours would not stay.
    snapshot.deployment.metadata.labels = labels;
    expect(namesOf(snapshot, config)).toEqual(['Secret existing']);
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
        'Name the right one as "secret" of the gateway\'s target in app-config.',
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

describe('readsAll', () => {
  const [secret] = layoutOf(snapshotOf(), CONFIG).objects.slice(-1);
  const entry = (name: string, key: string, from = 'hoopgateway-idp') => ({
    env: [{ name, valueFrom: { secretKeyRef: { name: from, key } } }],
  });

  it.each([
    ['the whole object', { envFrom: OWN_REFERENCES }, true],
    ['its keys', entry('IDP_CLIENT_SECRET', 'IDP_CLIENT_SECRET'), true],
    ['another key', entry('IDP_CLIENT_SECRET', 'secret'), false],
    ['another variable', entry('SECRET', 'IDP_CLIENT_SECRET'), false],
    [
      'another object',
      entry('IDP_CLIENT_SECRET', 'IDP_CLIENT_SECRET', 'other'),
      false,
    ],
    ['nothing', {}, false],
  ])('should recognise a container that reads %s', (_, container, expected) => {
    expect(readsAll(container, secret)).toBe(expected);
  });
});

describe('an immutable object that was replaced', () => {
  const immutable = {
    ...secretOf({ IDP_CLIENT_SECRET: 'old' }),
    immutable: true,
  };
  const made = (name: string, deployment = 'hoopgateway') =>
    madeFor(deployment, secretOf(SECRET_DATA, name));
  const reading = (...names: string[]) =>
    names.map(name => ({ secretRef: { name } }));

  it.each([
    ['it is read', 'hoopgateway-idp-2', [made('hoopgateway-idp-2')], [2]],
    ['it is not read', 'hoopgateway-idp', [made('hoopgateway-idp-2')], []],
    [
      'another number is taken',
      'hoopgateway-idp-3',
      [secretOf({}, 'hoopgateway-idp-2'), made('hoopgateway-idp-3')],
      [2, 3],
    ],
    [
      'another process created it',
      'hoopgateway-idp',
      [secretOf(SECRET_DATA, 'hoopgateway-idp-2')],
      [2],
    ],
    [
      'it was made for another gateway',
      'hoopgateway-idp',
      [made('hoopgateway-idp-2', 'another')],
      [2],
    ],
  ])('should find its replacement where %s', (_, name, secrets, read) => {
    const snapshot = snapshotOf({
      container: {
        envFrom: reading(...read.map(number => `hoopgateway-idp-${number}`)),
      },
      secrets: [immutable, ...secrets],
    });
    expect(namesOf(snapshot, CONFIG)[1]).toBe(`Secret ${name}`);
  });
});

describe('foundIn', () => {
  it('should distinguish a ConfigMap from a Secret of the same name', () => {
    const snapshot = snapshotOf({ configMaps: [configMapOf({})] });
    const name = 'hoopgateway-idp';
    expect(foundIn(snapshot, { kind: 'ConfigMap', name })?.kind).toBe(
      'ConfigMap',
    );
    expect(foundIn(snapshot, { kind: 'Secret', name })).toBeUndefined();
  });
});
