import { SecretValue } from '../../../core';
import { settingsInUse, startedSinceLastChange } from './inUse';
import { describeState } from './state';
import { RESTARTED_AT } from './switchRecord';
import {
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
import { layoutOf } from './layout';

describe('describeState', () => {
  it('should describe a gateway that uses its settings', () => {
    const state = describeState(switchedSnapshot(), CONFIG);
    expect(state).toMatchObject({
      outcome: { method: 'oidc' },
      overrides: [],
      rollout: {
        done: true,
        line: '1 of 1 updated, 1 ready, 1 available',
        problems: [],
      },
      settingsInUse: true,
    });
    expect(state.settings.IDP_ISSUER).toEqual({
      value: PLAIN_DATA.IDP_ISSUER,
      object: 'ConfigMap "hoopgateway-idp"',
      source: 'key "IDP_ISSUER" of ConfigMap "hoopgateway-idp" (envFrom[0])',
      shadowedBy: undefined,
    });
    expect(state.settings.IDP_CLIENT_SECRET.value).toEqual(
      new SecretValue(SECRET_DATA.IDP_CLIENT_SECRET),
    );
  });

  it('should describe a gateway that has none', () => {
    const state = describeState(snapshotOf(), CONFIG);
    expect(state.outcome).toEqual({ method: 'local' });
    expect(state.settings.AUTH_METHOD).toEqual({
      value: undefined,
      object: undefined,
      source: undefined,
      shadowedBy: undefined,
    });
    expect(state.settingsInUse).toBe(true);
  });

  it('should show the image and the effective API_URL', () => {
    const { image, apiUrl } = describeState(
      switchedSnapshot({
        container: {
          image: 'hoophq/hoop:1.148.0',
          env: [],
          envFrom: [{ configMapRef: { name: 'other' } }],
        },
        configMaps: [configMapOf({ API_URL: 'https://hoop.company' }, 'other')],
      }),
      CONFIG,
    );
    expect(image).toBe('hoophq/hoop:1.148.0');
    expect(apiUrl).toEqual({
      value: 'https://hoop.company',
      source: 'key "API_URL" of ConfigMap "other" (envFrom[0])',
    });
    const unset = snapshotOf({ container: { env: [] } });
    expect(describeState(unset, CONFIG).apiUrl).toEqual({
      value: undefined,
      source: undefined,
    });
  });

  it('should name the source that overrides a setting of ours', () => {
    const { settings } = describeState(
      switchedSnapshot({
        container: {
          envFrom: [...OWN_REFERENCES, { configMapRef: { name: 'other' } }],
          env: [{ name: 'AUTH_METHOD', value: 'local' }],
        },
        configMaps: [
          configMapOf(PLAIN_DATA),
          configMapOf({ IDP_ISSUER: 'https://other/' }, 'other'),
        ],
      }),
      CONFIG,
    );
    expect(settings.AUTH_METHOD).toMatchObject({
      object: 'the container itself',
      shadowedBy: 'a value in the container itself (env[0])',
    });
    expect(settings.IDP_ISSUER.shadowedBy).toBe(
      'key "IDP_ISSUER" of ConfigMap "other" (envFrom[2])',
    );
    expect(settings.IDP_CLIENT_ID.shadowedBy).toBeUndefined();
  });

  it('should not call a setting shadowed that our objects do not have', () => {
    const { settings } = describeState(
      snapshotOf({
        container: { env: [{ name: 'AUTH_METHOD', value: 'saml' }] },
      }),
      CONFIG,
    );
    expect(settings.AUTH_METHOD).toMatchObject({
      value: 'saml',
      shadowedBy: undefined,
    });
  });

  it('should name IDP_URI as an override, not its value', () => {
    const { overrides } = describeState(
      switchedSnapshot({
        container: {
          envFrom: [...OWN_REFERENCES, { secretRef: { name: 'other' } }],
        },
        secrets: [
          secretOf(SECRET_DATA),
          secretOf({ IDP_URI: 'https://id:pw@idp.company' }, 'other'),
        ],
      }),
      CONFIG,
    );
    expect(overrides).toEqual([
      {
        key: 'IDP_URI',
        source: 'key "IDP_URI" of Secret "other" (envFrom[2])',
        remedy:
          'Remove IDP_URI there: while it is set, the gateway ignores the separate IDP_ settings.',
      },
    ]);
  });

  it('should not count an empty IDP_URI, plain or secret', () => {
    const state = describeState(
      snapshotOf({
        container: { envFrom: [{ secretRef: { name: 'other' } }] },
        secrets: [secretOf({ IDP_URI: '' }, 'other')],
      }),
      CONFIG,
    );
    expect(state.overrides).toEqual([]);
  });

  it('should say why the gateway would not start', () => {
    const { outcome } = describeState(
      switchedSnapshot({ secrets: [] }),
      CONFIG,
    );
    expect(outcome).toEqual({
      fails: 'Secret "hoopgateway-idp" does not exist (envFrom[1])',
    });
  });

  describe('rollout', () => {
    it('should show a missed deadline', () => {
      const snapshot = switchedSnapshot();
      snapshot.deployment.status = {
        observedGeneration: 1,
        replicas: 2,
        updatedReplicas: 1,
        conditions: [
          {
            type: 'Progressing',
            status: 'False',
            reason: 'ProgressDeadlineExceeded',
          },
        ],
      };
      expect(describeState(snapshot, CONFIG).rollout).toMatchObject({
        done: false,
        line: expect.stringMatching(/old still there; no progress within/),
      });
    });

    const crashed = (waiting: boolean) => {
      const pod = podOf(deploymentOf());
      Object.assign(pod.status!.containerStatuses![0], {
        restartCount: 1,
        lastState: { terminated: { exitCode: 1 } },
        ...(waiting && { state: { waiting: { reason: 'CrashLoopBackOff' } } }),
      });
      return pod;
    };

    it('should show a container that crashes', () => {
      const { rollout } = describeState(
        switchedSnapshot({ pods: [crashed(true)] }),
        CONFIG,
      );
      expect(rollout.problems).toEqual([
        'container "hoopgateway" of pod "hoopgateway-1" ended with exit code 1 (CrashLoopBackOff, 1 restart)',
      ]);
    });

    it('should not count a crash that is over, or of a pod that goes', () => {
      const leaving = crashed(true);
      leaving.metadata.deletionTimestamp = '2026-05-01T12:01:00Z';
      const { rollout } = describeState(
        switchedSnapshot({ pods: [crashed(false), leaving] }),
        CONFIG,
      );
      expect(rollout.problems).toEqual([]);
    });
  });

  describe('settingsInUse', () => {
    const inUse = (startedAt: string, parts = {}) =>
      describeState(
        switchedSnapshot({
          pods: [podOf(deploymentOf(), startedAt)],
          ...parts,
        }),
        CONFIG,
      ).settingsInUse;

    it.each([
      ['2026-05-01T11:59:59Z', false],
      ['2026-05-01T12:00:00Z', true],
      ['2026-05-01T12:00:01Z', true],
    ])('should compare a start at %s with the last change', (at, expected) => {
      expect(inUse(at)).toBe(expected);
    });

    it('should ask the oldest of several pods', () => {
      const pods = [
        podOf(deploymentOf(), '2026-05-01T12:30:00Z'),
        podOf(deploymentOf(), '2026-05-01T11:30:00Z'),
      ];
      expect(inUse('', { pods })).toBe(false);
    });

    it('should not count a change of an object that is not read', () => {
      expect(
        inUse('2026-05-01T11:59:59Z', { container: { envFrom: [] } }),
      ).toBe(true);
    });

    it('should not count a change of the status', () => {
      const configMap = configMapOf(PLAIN_DATA);
      configMap.metadata.managedFields!.push({
        time: '2026-06-01T00:00:00Z',
        subresource: 'status',
      });
      expect(inUse('2026-05-01T12:00:00Z', { configMaps: [configMap] })).toBe(
        true,
      );
    });

    it('should not know where nothing runs', () => {
      expect(inUse('', { pods: [] })).toBeUndefined();
    });
  });
});

/** Objects were written at 12:00:00, the container started at 12:00:30. */
function restarted(at: string | undefined, change: object = {}) {
  const snapshot = switchedSnapshot({ deployment: change });
  Object.assign(snapshot.deployment.spec.template.metadata!, {
    annotations: at === undefined ? {} : { [RESTARTED_AT]: at },
  });
  return snapshot;
}

describe('startedSinceLastChange', () => {
  it.each([
    ['after the last change', '2026-05-01T12:00:10.5Z', true],
    ['in the same second', '2026-05-01T12:00:00Z', true],
    ['before the last change', '2026-05-01T11:59:59Z', false],
    ['never', undefined, false],
    ['at a time that is none', 'yesterday', false],
  ])(
    'should recognise a Deployment that was restarted %s',
    (_, at, expected) => {
      const snapshot = restarted(at);
      expect(startedSinceLastChange(snapshot, layoutOf(snapshot, CONFIG))).toBe(
        expected,
      );
    },
  );

  it('should need no restart of a Deployment that reads none of our objects', () => {
    const snapshot = switchedSnapshot({ container: { envFrom: [] } });
    expect(startedSinceLastChange(snapshot, layoutOf(snapshot, CONFIG))).toBe(
      true,
    );
  });

  it('should need no restart of a Deployment that was made after what it reads', () => {
    const snapshot = restarted(undefined);
    snapshot.deployment.metadata.creationTimestamp = '2026-05-01T12:00:00Z';
    expect(startedSinceLastChange(snapshot, layoutOf(snapshot, CONFIG))).toBe(
      true,
    );
  });

  it('should include the foreign object that currently sets a setting', () => {
    const chart = secretOf({ ...PLAIN_DATA, ...SECRET_DATA }, 'hoop-config');
    chart.metadata.managedFields = [
      { manager: 'helm', time: '2026-05-02T12:00:00Z' },
    ];
    const snapshot = snapshotOf({
      container: { envFrom: [{ secretRef: { name: 'hoop-config' } }] },
      secrets: [chart],
    });
    snapshot.deployment.metadata.creationTimestamp = '2026-05-01T12:00:00Z';
    const layout = layoutOf(snapshot, CONFIG);
    expect(startedSinceLastChange(snapshot, layout)).toBe(false);
    const pods = [podOf(snapshot.deployment, '2026-05-01T12:00:05Z')];
    expect(settingsInUse({ ...snapshot, pods }, layout)).toBe(false);
  });

  it('should leave out a foreign object that sets no setting', () => {
    const snapshot = restarted('2026-05-01T12:00:10Z');
    const other = configMapOf({ LOG_LEVEL: 'info' }, 'other');
    other.metadata.managedFields = [
      { manager: 'kubectl-edit', time: '2026-05-02T12:00:00Z' },
    ];
    snapshot.configMaps.other = other;
    snapshot.container.envFrom?.unshift({ configMapRef: { name: 'other' } });
    expect(startedSinceLastChange(snapshot, layoutOf(snapshot, CONFIG))).toBe(
      true,
    );
  });

  it('should not trust a clock that is fast', () => {
    const snapshot = restarted('2026-05-01T12:09:00Z');
    snapshot.deployment.metadata.managedFields = [
      { manager: 'kubectl-rollout', time: '2026-05-01T11:59:00Z' },
    ];
    expect(startedSinceLastChange(snapshot, layoutOf(snapshot, CONFIG))).toBe(
      false,
    );
  });

  it('should not trust a rollout that is under way, or a Deployment without pods', () => {
    const underWay = restarted('2026-05-01T12:00:10Z');
    underWay.deployment.status!.availableReplicas = 0;
    const scaledDown = restarted('2026-05-01T12:00:10Z', { replicas: 0 });
    for (const snapshot of [underWay, scaledDown]) {
      const layout = layoutOf(snapshot, CONFIG);
      expect(startedSinceLastChange(snapshot, layout)).toBe(false);
    }
  });
});

describe('settingsInUse', () => {
  it('should need no pods where the Deployment shows it, and ask them otherwise', () => {
    const shown = restarted('2026-05-01T12:00:10Z');
    const layout = layoutOf(shown, CONFIG);
    expect(settingsInUse({ ...shown, pods: [] }, layout)).toBe(true);
    const asked = restarted(undefined);
    expect(settingsInUse(asked, layout)).toBe(true);
    expect(settingsInUse({ ...asked, pods: [] }, layout)).toBeUndefined();
  });
});
