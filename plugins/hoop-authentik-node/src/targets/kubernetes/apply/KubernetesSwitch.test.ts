import { SecretValue } from '../../../core';
import { FakeKubernetesClient } from '../__testUtils__/FakeKubernetesClient';
import {
  CLIENT_SECRET,
  configMapOf,
  OWN_REFERENCES,
  PLAIN_DATA,
  SECRET_DATA,
  secretOf,
  SETTINGS,
} from '../__testUtils__/gatewayObjects';
import {
  OLD_SECRET,
  onFirst,
  switchedCluster,
  TargetOnCluster,
} from '../__testUtils__/TargetOnCluster';

describe('KubernetesSwitch', () => {
  let rig: TargetOnCluster;

  beforeEach(() => {
    rig = new TargetOnCluster();
  });

  it('should write the Secret, the ConfigMap, then the Deployment', async () => {
    const applied = await rig.apply();
    expect(rig.client.writes).toEqual([
      'create Secret hoopgateway-idp',
      'create ConfigMap hoopgateway-idp',
      'patch Deployment hoopgateway',
    ]);
    expect(applied.writes).toBe(3);
    expect(rig.lines).toEqual([
      'Secret hoop/hoopgateway-idp created',
      'ConfigMap hoop/hoopgateway-idp created',
      'Deployment hoop/hoopgateway now reads ConfigMap "hoopgateway-idp" and Secret "hoopgateway-idp", restarting',
      'Rollout: 1 of 1 updated, 1 ready, 1 available',
    ]);
    const { state, plan } = await rig.target().read();
    expect(state).toMatchObject({
      outcome: { method: 'oidc' },
      settingsInUse: true,
    });
    expect(plan(SETTINGS)).toMatchObject({ changes: [], restart: false });
  });

  it('should patch objects that are already referenced, the Secret first, then restart', async () => {
    rig.client = switchedCluster();
    const applied = await rig.apply();
    expect(rig.client.writes).toEqual([
      'create Secret hoopgateway-idp-previous',
      'patch Secret hoopgateway-idp',
      'patch ConfigMap hoopgateway-idp',
      'patch Deployment hoopgateway',
    ]);
    expect(applied.writes).toBe(4);
    expect(rig.lines.slice(0, 3)).toEqual([
      'Secret hoop/hoopgateway-idp changed',
      'ConfigMap hoop/hoopgateway-idp changed',
      'Deployment hoop/hoopgateway restarted',
    ]);
  });

  it('should write nothing where there is nothing to do', async () => {
    rig.client = new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
      configMapOf(PLAIN_DATA),
      secretOf(SECRET_DATA),
    ]);
    const applied = await rig.apply();
    await applied.restore({ log: rig.log });
    expect(applied.writes).toBe(0);
    expect(rig.client.writes).toEqual([]);
  });

  it('should wait until the gateway answers', async () => {
    let asked = 0;
    rig.answers = async () => ++asked > 1;
    await rig.apply();
    expect(asked).toBe(2);
    expect(rig.lines).toContain(
      'Rollout: 1 of 1 updated, 1 ready, 1 available; waiting: an answer from the gateway',
    );
  });

  it('should restore the previous settings where the gateway never answers', async () => {
    const before = rig.client.contents();
    let asked = 0;
    const whenSwitched = () => rig.client.writes.length <= 3;
    rig.answers = async () => {
      asked++;
      return !whenSwitched();
    };
    await expect(rig.apply({ rolloutTimeoutMs: 400 })).rejects.toThrow(
      'The gateway did not come up with the new settings: not complete within 0.4 s',
    );
    expect(asked).toBeGreaterThan(1);
    expect(rig.client.contents()).toEqual(before);
  });

  it('should restore on request, and restart the gateway', async () => {
    rig.client = switchedCluster();
    const before = rig.client.contents();
    const applied = await rig.apply();
    expect(rig.client.contents()).not.toEqual(before);
    rig.client.writes.length = 0;
    await applied.restore({ log: rig.log });
    expect(rig.client.writes).toEqual([
      'patch ConfigMap hoopgateway-idp',
      'patch Secret hoopgateway-idp',
      'patch Deployment hoopgateway',
      'delete Secret hoopgateway-idp-previous',
    ]);
    expect(rig.client.contents()).toEqual(before);
    expect(rig.lines.at(-1)).toBe(
      'The gateway runs with its previous settings',
    );
  });

  it('should remove the references before it deletes the objects that it created', async () => {
    const before = rig.client.contents();
    const applied = await rig.apply();
    rig.client.writes.length = 0;
    await applied.restore({ log: rig.log });
    expect(rig.client.writes).toEqual([
      'patch Deployment hoopgateway',
      'delete ConfigMap hoopgateway-idp',
      'delete Secret hoopgateway-idp',
    ]);
    expect(rig.client.contents()).toEqual(before);
  });

  it('should write the secret to the Secret and nowhere else', async () => {
    const secret = new SecretValue(CLIENT_SECRET);
    await rig.apply();
    const [created, ...others] = rig.client.bodies.map(body =>
      JSON.stringify(body),
    );
    const encoded = Buffer.from(secret.reveal()).toString('base64');
    expect(created).toContain(encoded);
    expect(others.join()).not.toContain(encoded);
    expect(others.join()).not.toContain(CLIENT_SECRET);
    expect(rig.lines.join()).not.toContain(CLIENT_SECRET);
  });

  describe('when the gateway does not come up', () => {
    it('should restore, and give the reason of the gateway without any secret', async () => {
      rig.client = switchedCluster();
      const before = rig.client.contents();
      rig.client.endsWith = () =>
        rig.client.writes.length >= 2 && rig.client.writes.length < 5
          ? `fatal: failed with ${CLIENT_SECRET} and ${OLD_SECRET}`
          : undefined;
      const failure = await rig.apply().catch(error => error);

      expect(failure).toMatchObject({ name: 'GatewayRolloutError' });
      expect(failure.message).toMatch(
        /^The gateway did not come up with the new settings: container "hoopgateway" of pod "[^"]+" ended with exit code 1 .*Previous settings restored\. Fix/s,
      );
      expect(failure.message).toContain('<secret>');
      for (const secret of [CLIENT_SECRET, OLD_SECRET]) {
        expect(failure.message).not.toContain(secret);
        expect(rig.lines.join('\n')).not.toContain(secret);
      }
      expect(rig.client.contents()).toEqual(before);
    });

    it('should say so when the previous settings do not work either', async () => {
      rig.client.endsWith = () => 'fatal: no database';
      await expect(rig.apply()).rejects.toMatchObject({
        name: 'GatewayRolloutError',
        message: expect.stringMatching(
          /Restoring the previous settings failed too: the gateway did not come up with its previous settings either: .*Check ConfigMap/s,
        ),
      });
    });

    it('should redact a secret that is kept in a ConfigMap or the container', async () => {
      rig.client = new FakeKubernetesClient(
        {
          envFrom: [OWN_REFERENCES[0]],
          env: [
            { name: 'IDP_URI', value: 'https://id:p%40ssword@idp.company' },
          ],
        },
        [configMapOf({ ...PLAIN_DATA, IDP_CLIENT_SECRET: OLD_SECRET })],
      );
      rig.client.endsWith = () => `fatal: ${OLD_SECRET} p@ssword`;
      const failure = await rig
        .target({ clientSecretIn: 'configMap' })
        .restart({ log: rig.log })
        .catch(error => error);
      expect(failure.message).toContain('fatal: <secret> <secret>');
    });
  });

  describe('when it is cancelled', () => {
    const reason = new Error('cancelled by the user');

    it.each([
      'create Secret hoopgateway-idp',
      'create ConfigMap hoopgateway-idp',
      'patch Deployment hoopgateway',
    ])('should undo everything after "%s"', async write => {
      const before = rig.client.contents();
      const controller = new AbortController();
      rig.client.after = onFirst(write, () => controller.abort(reason));
      await expect(rig.apply({}, controller.signal)).rejects.toBe(reason);
      expect(rig.client.contents()).toEqual(before);
    });

    it('should write nothing when it is cancelled before', async () => {
      await expect(rig.apply({}, AbortSignal.abort(reason))).rejects.toBe(
        reason,
      );
      expect(rig.client.writes).toEqual([]);
    });
  });
});
