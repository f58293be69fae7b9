import type { KubernetesTargetConfig } from '../../config/types';
import { BulkReads } from '../../systems/kubernetes';
import { KubernetesTarget } from './KubernetesTarget';
import { FakeKubernetesClient } from './__testUtils__/FakeKubernetesClient';
import {
  CONFIG,
  configMapOf,
  deploymentOf,
  OWN_REFERENCES,
  PLAIN_DATA,
  podOf,
  SECRET_DATA,
  secretOf,
  SETTINGS,
} from './__testUtils__/gatewayObjects';
import {
  OLD_SECRET,
  switchedCluster,
  TargetOnCluster,
} from './__testUtils__/TargetOnCluster';

describe('KubernetesTarget', () => {
  let rig: TargetOnCluster;

  beforeEach(() => {
    rig = new TargetOnCluster();
  });

  it('should say what it is', () => {
    expect(rig.target().description).toBe(
      'ConfigMap "hoopgateway-idp" and Secret "hoopgateway-idp" of Deployment hoop/hoopgateway',
    );
    expect(rig.target({ clientSecretIn: 'configMap' }).description).toBe(
      'ConfigMap "hoopgateway-idp" of Deployment hoop/hoopgateway',
    );
  });

  describe('read', () => {
    it('should name a Deployment that does not exist', async () => {
      await expect(rig.target({ deployment: 'nope' }).read()).rejects.toThrow(
        'The Deployment "nope" does not exist in namespace "hoop" of https://cluster:6443',
      );
    });

    it('should name the containers there are', async () => {
      await expect(rig.target({ container: 'nope' }).read()).rejects.toThrow(
        'The Deployment "hoopgateway" has no container "nope"; found "hoopgateway".',
      );
    });

    it('should take the only container whatever it is called, but not guess between two', async () => {
      rig.client = new FakeKubernetesClient({ name: 'gateway' });
      const { state } = await rig.target().read();
      expect(state.rollout.done).toBe(true);

      rig.client.deployment.spec.template.spec.containers.push({
        name: 'proxy',
      });
      await expect(rig.target().read()).rejects.toThrow(
        'has no container "hoopgateway"; found "gateway", "proxy"',
      );
    });

    it('should not read a Secret that carries nothing', async () => {
      const get = jest.spyOn(rig.client, 'get');
      await rig.target({ clientSecretIn: 'configMap' }).read();
      expect(get.mock.calls.map(([kind]) => kind)).toEqual([
        'Deployment',
        'ConfigMap',
      ]);
    });

    it('should read through what a sweep has read already, but not to write', async () => {
      // Without the time of its restart in the Deployment, the pods decide.
      rig.client = switchedCluster();
      const bulk = new BulkReads();
      const list = jest.spyOn(rig.client, 'list');
      const [{ state }, { plan }] = await Promise.all([
        rig.target().read({ bulk }),
        rig.target().read({ bulk }),
      ]);
      expect(state.rollout.done).toBe(true);
      expect(
        list.mock.calls.map(([kind, , selectors]) => [kind, selectors]),
      ).toEqual([
        ['Deployment', {}],
        ['Pod', {}],
      ]);
      await plan(SETTINGS).apply({ log: rig.log });
      expect(rig.client.writes).toHaveLength(4);
    });

    it('should follow the references of the container, each object once', async () => {
      rig.client = new FakeKubernetesClient(
        {
          envFrom: [...OWN_REFERENCES, { secretRef: { name: 'a' } }],
          env: [
            {
              name: 'X',
              valueFrom: { configMapKeyRef: { name: 'b', key: 'x' } },
            },
            {
              name: 'Y',
              valueFrom: { secretKeyRef: { name: 'a', key: 'y' } },
            },
          ],
        },
        [],
      );
      const get = jest.spyOn(rig.client, 'get');
      await rig.target().read();
      expect(get.mock.calls.map(([kind, , name]) => `${kind} ${name}`)).toEqual(
        [
          'Deployment hoopgateway',
          'ConfigMap hoopgateway-idp',
          'Secret hoopgateway-idp',
          'ConfigMap b',
          'Secret a',
        ],
      );
    });

    it('should not list every pod of the namespace where the Deployment selects by expressions', async () => {
      rig.client = switchedCluster();
      rig.client.deployment.spec.selector = {
        matchExpressions: [
          { key: 'app', operator: 'In', values: ['hoopgateway'] },
        ],
      };
      const list = jest.spyOn(rig.client, 'list');
      await rig.target().read();
      expect(list).toHaveBeenCalledWith(
        'Pod',
        'hoop',
        { labelSelector: 'app in (hoopgateway)' },
        undefined,
      );
    });

    it('should see no pods where the Deployment selects none', async () => {
      rig.client = switchedCluster();
      rig.client.deployment.spec.selector = {};
      const { state } = await rig.target().read();
      expect(state.settingsInUse).toBeUndefined();
    });
  });

  describe('followRollout', () => {
    const follow = async (config: Partial<KubernetesTargetConfig> = {}) => {
      const { followRollout } = await rig.target(config).read();
      await followRollout?.({ log: rig.log });
    };

    it('should wait until the gateway answers, and write nothing', async () => {
      let asked = 0;
      rig.answers = async () => ++asked > 1;
      await follow();
      expect(asked).toBe(2);
      expect(rig.client.writes).toEqual([]);
    });

    it('should say why a gateway that was already crashing does not come up', async () => {
      rig.client = switchedCluster();
      rig.client.endsWith = () => `fatal: no issuer, secret ${OLD_SECRET}`;
      const [pod] = rig.client.pods;
      Object.assign(pod.status!.containerStatuses![0], {
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 1 } },
      });
      await expect(follow({ rolloutTimeoutMs: 400 })).rejects.toMatchObject({
        name: 'GatewayRolloutError',
        message: expect.stringMatching(
          /^The gateway does not come up with its current settings: not complete within 0\.4 s: container "hoopgateway" of pod .*CrashLoopBackOff.*: fatal: no issuer, secret <secret>\.$/,
        ),
      });
      expect(rig.client.writes).toEqual([]);
    });
  });

  describe('restart', () => {
    it('should make the gateway read what is stored', async () => {
      rig.client = new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
        configMapOf(PLAIN_DATA),
        secretOf(SECRET_DATA),
      ]);
      rig.client.pods = [podOf(deploymentOf(), '2026-05-01T11:00:00Z')];
      expect((await rig.target().read()).state.settingsInUse).toBe(false);
      await rig.target().restart({ log: rig.log });
      expect(rig.client.writes).toEqual(['patch Deployment hoopgateway']);
      expect((await rig.target().read()).state.settingsInUse).toBe(true);
    });

    it('should change no settings when the gateway does not come up', async () => {
      rig.client = switchedCluster();
      const before = rig.client.contents();
      rig.client.endsWith = () => `fatal: ${OLD_SECRET}`;
      await expect(
        rig.target().restart({ log: rig.log }),
      ).rejects.toMatchObject({
        name: 'GatewayRolloutError',
        message: expect.stringMatching(
          /^The gateway did not come up after its restart: .*<secret>.*The restart did not change its settings/s,
        ),
      });
      expect(rig.client.contents()).toEqual(before);
    });
  });

  it('should get the client at each use, so that a cluster can become reachable', async () => {
    const outOfReach = new Error('out of reach');
    let reachable = false;
    const target = new KubernetesTarget(
      CONFIG,
      async () => {
        if (!reachable) {
          throw outOfReach;
        }
        return rig.client;
      },
      rig.answers,
    );
    await expect(target.read()).rejects.toBe(outOfReach);
    reachable = true;
    await expect(target.read()).resolves.toBeDefined();
  });
});
