import type { KubernetesTargetConfig } from '../../../config/types';
import type { Secret } from '../../../systems/kubernetes';
import { planDisconnect } from './planDisconnect';
import type { Snapshot } from '../read/objects';
import {
  CLIENT_SECRET,
  CONFIG,
  configMapOf,
  deploymentOf,
  OWN_REFERENCES,
  PLAIN_DATA,
  podOf,
  SECRET_DATA,
  secretOf,
  snapshotOf,
  switchedSnapshot,
} from '../__testUtils__/gatewayObjects';

const OTHER = { configMapRef: { name: 'other' } };

const plan = (snapshot: Snapshot, config: KubernetesTargetConfig = CONFIG) =>
  planDisconnect(snapshot, config);

/** Kind and keys of the objects that are changed before the restart, in their order. */
const changedIn = ({ steps }: ReturnType<typeof plan>) =>
  steps.map(step =>
    step.type === 'object'
      ? [step.change.kind, step.change.data]
      : ['references', step.to],
  );

const removed = (...keys: string[]) =>
  Object.fromEntries(keys.map(key => [key, null]));

const PLAIN_REMOVED = removed(...Object.keys(PLAIN_DATA));

describe('planDisconnect', () => {
  it('should find nothing to do for a gateway that was never switched', () => {
    expect(plan(snapshotOf())).toEqual({
      steps: [],
      restart: false,
      leftovers: [],
      changes: [],
      refusals: [],
      owners: [],
    });
  });

  it('should remove the references in one step, and clean up what nothing reads any more', () => {
    const found = plan(
      switchedSnapshot({
        container: { envFrom: [OTHER, ...OWN_REFERENCES] },
        configMaps: [configMapOf(PLAIN_DATA), configMapOf({ A: '1' }, 'other')],
      }),
    );
    expect(changedIn(found)).toEqual([['references', [OTHER]]]);
    expect(found).toMatchObject({
      // The new template restarts the gateway.
      restart: false,
      refusals: [],
      leftovers: [
        { kind: 'ConfigMap', data: PLAIN_REMOVED },
        { kind: 'Secret', data: removed('IDP_CLIENT_SECRET') },
      ],
    });
    expect(found.changes).toEqual([
      {
        object: 'Deployment hoop/hoopgateway',
        field: 'envFrom',
        from: 'ConfigMap "hoopgateway-idp"',
        to: '(no reference)',
      },
      {
        object: 'Deployment hoop/hoopgateway',
        field: 'envFrom',
        from: 'Secret "hoopgateway-idp"',
        to: '(no reference)',
      },
      ...Object.entries(PLAIN_DATA).map(([field, value]) => ({
        object: 'ConfigMap hoop/hoopgateway-idp',
        field,
        // The client id of the tests is not as authentik makes one.
        from:
          field === 'IDP_CLIENT_ID'
            ? 'another value (13 characters)'
            : `"${value}"`,
        to: '(removed)',
      })),
      {
        object: 'Secret hoop/hoopgateway-idp',
        field: 'IDP_CLIENT_SECRET',
        from: '<changed>',
        to: '(removed)',
      },
    ]);
  });

  it('should never show the secret, whichever key it sits under', () => {
    const { changes } = plan(
      switchedSnapshot({
        configMaps: [
          configMapOf({ ...PLAIN_DATA, IDP_CLIENT_ID: CLIENT_SECRET }),
        ],
      }),
    );
    expect(JSON.stringify(changes)).not.toContain(CLIENT_SECRET);
  });

  it('should say local until the secret is gone where both objects stay', () => {
    const found = plan(
      switchedSnapshot({
        configMaps: [configMapOf({ ...PLAIN_DATA, LOG_LEVEL: 'info' })],
        secrets: [secretOf({ ...SECRET_DATA, POSTGRES_DB_URI: 'x' })],
      }),
    );
    const { AUTH_METHOD, ...others } = PLAIN_REMOVED;
    expect(changedIn(found)).toEqual([
      ['ConfigMap', { ...others, AUTH_METHOD: 'local' }],
      ['Secret', removed('IDP_CLIENT_SECRET')],
      ['ConfigMap', { AUTH_METHOD }],
    ]);
    expect(found).toMatchObject({ restart: true, leftovers: [], refusals: [] });
  });

  it('should say local in the object to remove until the secret is gone from the one that stays', () => {
    const found = plan(
      switchedSnapshot({
        secrets: [secretOf({ ...SECRET_DATA, POSTGRES_DB_URI: 'x' })],
      }),
    );
    expect(changedIn(found)).toEqual([
      ['ConfigMap', { AUTH_METHOD: 'local' }],
      ['Secret', removed('IDP_CLIENT_SECRET')],
      ['references', [OWN_REFERENCES[1]]],
    ]);
    expect(found).toMatchObject({
      restart: false,
      refusals: [],
      leftovers: [{ kind: 'ConfigMap', data: PLAIN_REMOVED }],
    });
  });

  it.each([
    ['ConfigMap', { clientSecretIn: 'configMap' as const }],
    ['Secret', { settingsIn: 'secret' as const }],
  ])('should empty the one %s with other variables in it', (kind, layout) => {
    const data = { ...PLAIN_DATA, ...SECRET_DATA, POSTGRES_DB_URI: 'x' };
    const found = plan(
      switchedSnapshot({
        container: {
          envFrom: [OWN_REFERENCES[kind === 'Secret' ? 1 : 0]],
        },
        configMaps: kind === 'ConfigMap' ? [configMapOf(data)] : [],
        secrets: kind === 'Secret' ? [secretOf(data)] : [],
      }),
      { ...CONFIG, ...layout },
    );
    expect(changedIn(found)).toEqual([
      [kind, { ...PLAIN_REMOVED, ...removed('IDP_CLIENT_SECRET') }],
    ]);
    expect(found.restart).toBe(true);
  });

  it('should keep the keys that the container reads one by one, with values without effect', () => {
    const ref = { name: 'hoopgateway-idp' };
    const container = {
      env: [
        ...Object.keys(PLAIN_DATA).map(key => ({
          name: key,
          valueFrom: { configMapKeyRef: { ...ref, key } },
        })),
        {
          name: 'IDP_CLIENT_SECRET',
          valueFrom: { secretKeyRef: { ...ref, key: 'IDP_CLIENT_SECRET' } },
        },
      ],
      envFrom: [],
    };
    const found = plan(switchedSnapshot({ container }));
    const local = {
      AUTH_METHOD: 'local',
      IDP_CLIENT_ID: '',
      IDP_GROUPS_CLAIM: '',
      IDP_ISSUER: '',
    };
    expect(changedIn(found)).toEqual([
      ['ConfigMap', local],
      ['Secret', { IDP_CLIENT_SECRET: '' }],
    ]);
    expect(found).toMatchObject({ restart: true, leftovers: [], refusals: [] });
    expect(
      plan(
        switchedSnapshot({
          container,
          configMaps: [configMapOf(local)],
          secrets: [secretOf({ IDP_CLIENT_SECRET: '' })],
        }),
      ),
    ).toMatchObject({ steps: [], leftovers: [], restart: false });
  });

  it('should empty an object that only its reference leads to before the reference is removed', () => {
    const snapshot = snapshotOf({
      container: {
        envFrom: [
          { configMapRef: { name: 'hoop-env' } },
          { secretRef: { name: 'hoop-secrets' } },
        ],
      },
      configMaps: [configMapOf(PLAIN_DATA, 'hoop-env')],
      secrets: [secretOf(SECRET_DATA, 'hoop-secrets')],
    });
    const config = { ...CONFIG, configMap: undefined, secret: undefined };
    const found = plan(snapshot, config);
    expect(changedIn(found)).toEqual([
      [
        'ConfigMap',
        {
          AUTH_METHOD: 'local',
          IDP_CLIENT_ID: '',
          IDP_GROUPS_CLAIM: '',
          IDP_ISSUER: '',
        },
      ],
      ['Secret', { IDP_CLIENT_SECRET: '' }],
      ['references', []],
    ]);
    expect(found).toMatchObject({
      restart: false,
      refusals: [],
      leftovers: [
        { kind: 'ConfigMap', data: PLAIN_REMOVED },
        { kind: 'Secret', data: removed('IDP_CLIENT_SECRET') },
      ],
    });
    // Where app-config names them, the next run finds them without the references.
    const named = { configMap: 'hoop-env', secret: 'hoop-secrets' };
    expect(changedIn(plan(snapshot, { ...CONFIG, ...named }))).toEqual([
      ['references', []],
    ]);
  });

  describe('a Deployment that a tool manages', () => {
    const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
    const CHART = {
      ...CONFIG,
      configMap: undefined,
      secret: undefined,
      settingsIn: 'secret' as const,
    };
    const chart = (secret: Partial<Secret> = {}) => {
      const snapshot = snapshotOf({
        container: {
          envFrom: [
            { secretRef: { name: 'hoop-config' } },
            { secretRef: { name: 'hoop-idp' } },
          ],
        },
        secrets: [
          secretOf({ AUTH_METHOD: '' }, 'hoop-config'),
          {
            ...secretOf({ ...PLAIN_DATA, ...SECRET_DATA }, 'hoop-idp'),
            ...secret,
          },
        ],
      });
      snapshot.deployment.metadata.labels = labels;
      snapshot.secrets['hoop-config']!.metadata.labels = labels;
      return snapshot;
    };

    it('should keep its reference to a Secret that holds nothing but settings', () => {
      const found = plan(chart(), CHART);
      expect(changedIn(found)).toEqual([
        ['Secret', { ...PLAIN_REMOVED, ...removed('IDP_CLIENT_SECRET') }],
      ]);
      expect(found).toMatchObject({
        restart: true,
        leftovers: [],
        owners: [],
        refusals: [],
      });
      expect(plan(chart({ data: {} }), CHART)).toMatchObject({
        steps: [],
        leftovers: [],
      });
    });

    it('should empty both objects in an order in which the gateway can start', () => {
      const snapshot = switchedSnapshot();
      snapshot.deployment.metadata.labels = labels;
      const { AUTH_METHOD, ...others } = PLAIN_REMOVED;
      expect(changedIn(plan(snapshot))).toEqual([
        ['ConfigMap', { ...others, AUTH_METHOD: 'local' }],
        ['Secret', removed('IDP_CLIENT_SECRET')],
        ['ConfigMap', { AUTH_METHOD }],
      ]);
    });

    it('should be included where its references have to be removed', () => {
      const found = plan(chart({ immutable: true }), CHART);
      expect(changedIn(found)).toEqual([
        ['references', [{ secretRef: { name: 'hoop-config' } }]],
      ]);
      expect(found.owners).toMatchObject([
        { tool: 'Helm', object: 'Deployment "hoopgateway"' },
      ]);
    });

    it('should not hide that an object is managed too', () => {
      const snapshot = switchedSnapshot();
      snapshot.secrets['hoopgateway-idp']!.metadata.labels = labels;
      expect(plan(snapshot).owners).toMatchObject([
        { tool: 'Helm', object: 'Secret "hoopgateway-idp"' },
      ]);
    });
  });

  it('should clean up after a run that was interrupted', () => {
    const found = plan(switchedSnapshot({ container: { envFrom: [] } }));
    expect(found).toMatchObject({
      steps: [],
      restart: false,
      leftovers: [{ kind: 'ConfigMap' }, { kind: 'Secret' }],
    });
  });

  it('should restart a gateway that started before its settings were removed', () => {
    const pods = [podOf(deploymentOf(), '2026-05-01T11:59:59Z')];
    expect(
      plan(
        switchedSnapshot({
          configMaps: [configMapOf({ LOG_LEVEL: 'info' })],
          secrets: [secretOf({ POSTGRES_DB_URI: 'x' })],
          pods,
        }),
      ),
    ).toMatchObject({ steps: [], changes: [], restart: true });
  });

  it.each([
    [
      'another object still sets the method',
      switchedSnapshot({
        container: { envFrom: [OTHER, ...OWN_REFERENCES] },
        configMaps: [
          configMapOf(PLAIN_DATA),
          configMapOf({ AUTH_METHOD: 'oidc' }, 'other'),
        ],
      }),
      [
        'AUTH_METHOD would still be set by key "AUTH_METHOD" of ConfigMap "other" (envFrom[0]). Remove it there.',
      ],
    ],
    [
      'IDP_URI is set',
      switchedSnapshot({
        container: {
          env: [{ name: 'IDP_URI', value: 'https://id:pw@idp.company' }],
          envFrom: OWN_REFERENCES,
        },
      }),
      [
        'IDP_URI would still be set by a value in the container itself (env[0]). Remove it there.',
      ],
    ],
    [
      'another object is missing',
      switchedSnapshot({
        container: { envFrom: [OTHER, ...OWN_REFERENCES] },
      }),
      [
        'The gateway would not start with its environment: ConfigMap "other" does not exist (envFrom[0])',
      ],
    ],
    [
      'an object with other variables is immutable',
      switchedSnapshot({
        secrets: [
          { ...secretOf({ ...SECRET_DATA, OTHER: 'x' }), immutable: true },
        ],
      }),
      [
        'The Secret "hoopgateway-idp" is immutable and holds other variables of the gateway beside its settings. Replace it with one without AUTH_METHOD and the IDP_ settings.',
      ],
    ],
    [
      'the Deployment is paused',
      switchedSnapshot({ deployment: { paused: true } }),
      [expect.stringContaining('is paused, so the gateway would not restart')],
    ],
  ])('should refuse where %s', (_, snapshot, refusals) => {
    expect(plan(snapshot).refusals).toEqual(refusals);
  });
});
