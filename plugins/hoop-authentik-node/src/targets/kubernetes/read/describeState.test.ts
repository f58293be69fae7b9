import { SecretValue } from '../../../core';
import { describeState } from './describeState';
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

  it('should tell the image and the API_URL that counts', () => {
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

  it('should name what a setting of ours loses against', () => {
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
          'Remove IDP_URI there: the gateway ignores the separate IDP_ settings while it is set.',
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
    it('should tell a missed deadline', () => {
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

    it('should tell a container that crashes', () => {
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
