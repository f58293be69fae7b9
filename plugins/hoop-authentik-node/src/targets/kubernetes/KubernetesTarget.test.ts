import { isDeepStrictEqual } from 'node:util';
import { ServiceUnavailableError } from '@backstage/errors';
import type { KubernetesTargetConfig } from '../../config/types';
import { BulkReads, KubernetesForbiddenError } from '../../kubernetes';
import { SecretValue } from '../../support';
import { KubernetesTarget } from './KubernetesTarget';
import {
  FakeKubernetesClient,
  type Contents,
} from './testing/FakeKubernetesClient';
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
  SETTINGS,
} from './testing/gatewayObjects';

const OLD_SECRET = 'old-client-secret';

/** A gateway that reads both objects, with the settings of another provider in them. */
const switchedCluster = () =>
  new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
    configMapOf({
      ...PLAIN_DATA,
      IDP_ISSUER: 'https://old.company/',
      POSTGRES: 'kept',
    }),
    secretOf({ IDP_CLIENT_SECRET: OLD_SECRET, OTHER: 'kept' }),
  ]);

/** Runs an action the first time only. */
function onFirst(write: string, action: () => void) {
  let done = false;
  return (seen: string) => {
    if (seen === write && !done) {
      done = true;
      action();
    }
  };
}

/** Contents with the one object that somebody else edited. */
function withEditOf(before: Contents, from: Contents, to: Contents): Contents {
  const edited = Object.keys(to.data).filter(
    key => !isDeepStrictEqual(from.data[key], to.data[key]),
  );
  return {
    ...before,
    data: {
      ...before.data,
      ...Object.fromEntries(edited.map(key => [key, to.data[key]])),
    },
  };
}

describe('KubernetesTarget', () => {
  let client: FakeKubernetesClient;
  let lines: string[];
  let answers: (signal: AbortSignal) => Promise<boolean>;

  beforeEach(() => {
    client = new FakeKubernetesClient();
    lines = [];
    answers = async () => true;
  });

  const log = (line: string) => lines.push(line);
  const targetOf = (config: Partial<KubernetesTargetConfig> = {}) =>
    new KubernetesTarget(
      { ...CONFIG, ...config },
      async () => client,
      signal => answers(signal),
    );
  const apply = async (
    config: Partial<KubernetesTargetConfig> = {},
    signal?: AbortSignal,
  ) => {
    const { plan } = await targetOf(config).read();
    return plan(SETTINGS).apply({ log, signal });
  };
  const fail = (error: Error) => () => {
    throw error;
  };
  const forbidden = new KubernetesForbiddenError('may not', {
    verb: 'patch',
    resource: 'configmaps',
    namespace: 'hoop',
  });
  const lost = new ServiceUnavailableError('the answer got lost');

  it('should say what it is', () => {
    expect(targetOf().description).toBe(
      'ConfigMap "hoopgateway-idp" and Secret "hoopgateway-idp" of Deployment hoop/hoopgateway',
    );
    expect(targetOf({ clientSecretIn: 'configMap' }).description).toBe(
      'ConfigMap "hoopgateway-idp" of Deployment hoop/hoopgateway',
    );
  });

  describe('read', () => {
    it('should name a Deployment that is not there', async () => {
      await expect(targetOf({ deployment: 'nope' }).read()).rejects.toThrow(
        'There is no Deployment "nope" in namespace "hoop" of https://cluster:6443',
      );
    });

    it('should name the containers there are', async () => {
      await expect(targetOf({ container: 'nope' }).read()).rejects.toThrow(
        'The Deployment "hoopgateway" has no container "nope"; found "hoopgateway".',
      );
    });

    it('should take the only container whatever it is called, but not guess between two', async () => {
      client = new FakeKubernetesClient({ name: 'gateway' });
      const { state } = await targetOf().read();
      expect(state.rollout.done).toBe(true);

      client.deployment.spec.template.spec.containers.push({ name: 'proxy' });
      await expect(targetOf().read()).rejects.toThrow(
        'has no container "hoopgateway"; found "gateway", "proxy"',
      );
    });

    it('should not ask for a Secret that carries nothing', async () => {
      const get = jest.spyOn(client, 'get');
      await targetOf({ clientSecretIn: 'configMap' }).read();
      expect(get.mock.calls.map(([kind]) => kind)).toEqual([
        'Deployment',
        'ConfigMap',
      ]);
    });

    it('should read through what a sweep has read already, but not to write', async () => {
      // The Deployment does not tell when it was restarted: the pods have to.
      client = switchedCluster();
      const bulk = new BulkReads();
      const list = jest.spyOn(client, 'list');
      const [{ state }, { plan }] = await Promise.all([
        targetOf().read({ bulk }),
        targetOf().read({ bulk }),
      ]);
      expect(state.rollout.done).toBe(true);
      expect(
        list.mock.calls.map(([kind, , selectors]) => [kind, selectors]),
      ).toEqual([
        ['Deployment', {}],
        ['Pod', {}],
      ]);
      await plan(SETTINGS).apply({ log });
      expect(client.writes).toHaveLength(3);
    });

    it('should follow the references of the container, each object once', async () => {
      client = new FakeKubernetesClient(
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
      const get = jest.spyOn(client, 'get');
      await targetOf().read();
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

    it('should not look at the pods of everybody where the Deployment selects by expressions', async () => {
      client = switchedCluster();
      client.deployment.spec.selector = {
        matchExpressions: [
          { key: 'app', operator: 'In', values: ['hoopgateway'] },
        ],
      };
      const list = jest.spyOn(client, 'list');
      await targetOf().read();
      expect(list).toHaveBeenCalledWith(
        'Pod',
        'hoop',
        { labelSelector: 'app in (hoopgateway)' },
        undefined,
      );
    });

    it('should see no pods where the Deployment selects none', async () => {
      client = switchedCluster();
      client.deployment.spec.selector = {};
      const { state } = await targetOf().read();
      expect(state.settingsInUse).toBeUndefined();
    });
  });

  describe('apply', () => {
    it('should write the Secret, the ConfigMap, then the Deployment', async () => {
      const applied = await apply();
      expect(client.writes).toEqual([
        'create Secret hoopgateway-idp',
        'create ConfigMap hoopgateway-idp',
        'patch Deployment hoopgateway',
      ]);
      expect(applied.writes).toBe(3);
      expect(lines).toEqual([
        'Secret hoop/hoopgateway-idp created',
        'ConfigMap hoop/hoopgateway-idp created',
        'Deployment hoop/hoopgateway now reads ConfigMap "hoopgateway-idp" and Secret "hoopgateway-idp", restarting',
        'Rollout: 1 of 1 updated, 1 ready, 1 available',
      ]);
      const { state, plan } = await targetOf().read();
      expect(state).toMatchObject({
        outcome: { method: 'oidc' },
        settingsInUse: true,
      });
      expect(plan(SETTINGS)).toMatchObject({ changes: [], restart: false });
    });

    it('should patch what is referred to already, the Secret first, then restart', async () => {
      client = switchedCluster();
      const applied = await apply();
      expect(client.writes).toEqual([
        'patch Secret hoopgateway-idp',
        'patch ConfigMap hoopgateway-idp',
        'patch Deployment hoopgateway',
      ]);
      expect(applied.writes).toBe(3);
      expect(lines.slice(0, 3)).toEqual([
        'Secret hoop/hoopgateway-idp changed',
        'ConfigMap hoop/hoopgateway-idp changed',
        'Deployment hoop/hoopgateway restarted',
      ]);
    });

    it('should write nothing where there is nothing to do', async () => {
      client = new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
        configMapOf(PLAIN_DATA),
        secretOf(SECRET_DATA),
      ]);
      const applied = await apply();
      await applied.restore({ log });
      expect(applied.writes).toBe(0);
      expect(client.writes).toEqual([]);
    });

    it('should wait until the gateway answers', async () => {
      let asked = 0;
      answers = async () => ++asked > 1;
      await apply();
      expect(asked).toBe(2);
      expect(lines).toContain(
        'Rollout: 1 of 1 updated, 1 ready, 1 available; waiting: an answer of the gateway',
      );
    });

    it('should put the previous settings back where the gateway never answers', async () => {
      const before = client.contents();
      let asked = 0;
      const whenSwitched = () => client.writes.length <= 3;
      answers = async () => {
        asked++;
        return !whenSwitched();
      };
      await expect(apply({ rolloutTimeoutMs: 400 })).rejects.toThrow(
        'The gateway did not come up with the new settings: not complete within 0.4 s',
      );
      expect(asked).toBeGreaterThan(1);
      expect(client.contents()).toEqual(before);
    });

    it('should restore on request, and restart the gateway', async () => {
      client = switchedCluster();
      const before = client.contents();
      const applied = await apply();
      expect(client.contents()).not.toEqual(before);
      client.writes.length = 0;
      await applied.restore({ log });
      expect(client.writes).toEqual([
        'patch ConfigMap hoopgateway-idp',
        'patch Secret hoopgateway-idp',
        'patch Deployment hoopgateway',
      ]);
      expect(client.contents()).toEqual(before);
      expect(lines.at(-1)).toBe(
        'The previous settings are back and the gateway runs with them',
      );
    });

    it('should take the references out before it deletes what it made', async () => {
      const before = client.contents();
      const applied = await apply();
      client.writes.length = 0;
      await applied.restore({ log });
      expect(client.writes).toEqual([
        'patch Deployment hoopgateway',
        'delete ConfigMap hoopgateway-idp',
        'delete Secret hoopgateway-idp',
      ]);
      expect(client.contents()).toEqual(before);
    });
  });

  describe.each([
    ['new objects', () => new FakeKubernetesClient(), 'create'],
    ['objects that are read already', switchedCluster, 'patch'],
  ])('when a write fails, with %s', (_, makeCluster, verb) => {
    const writes = [
      `${verb} Secret hoopgateway-idp`,
      `${verb} ConfigMap hoopgateway-idp`,
      'patch Deployment hoopgateway',
    ];

    beforeEach(() => {
      client = makeCluster();
    });

    it.each(writes)('should undo all when "%s" is refused', async write => {
      const before = client.contents();
      client.before = onFirst(write, fail(forbidden));
      await expect(apply()).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message:
          'The settings could not be written: may not. The previous settings are back. ' +
          'Mend what the message names, then run the task again.',
      });
      expect(client.contents()).toEqual(before);
      expect(lines.join()).not.toContain('failed');
    });

    it.each(writes)(
      'should undo all when the answer to "%s" got lost',
      async write => {
        const before = client.contents();
        client.after = onFirst(write, fail(lost));
        await expect(apply()).rejects.toThrow(
          'The settings could not be written: the answer got lost. The previous settings are back.',
        );
        expect(client.contents()).toEqual(before);
        const { state } = await targetOf().read();
        expect(state.rollout.problems).toEqual([]);
        // Once to switch and once to switch back, or not at all.
        expect(
          client.writes.filter(one => one === 'patch Deployment hoopgateway'),
        ).toHaveLength(write.includes('Deployment') ? 2 : 0);
      },
    );

    // A restart alone overwrites nothing, so that nobody can come in between.
    it.each(writes.slice(0, verb === 'patch' ? 2 : 3))(
      'should undo all, and say so, when "%s" meets another writer',
      async write => {
        let before = client.contents();
        const [, kind, name] = write.split(' ');
        client.before = onFirst(write, () => {
          if (verb === 'create' && kind !== 'Deployment') {
            throw Object.assign(new Error('exists'), { name: 'ConflictError' });
          }
          if (kind === 'Deployment') {
            client.deployment.spec.progressDeadlineSeconds = 1;
            client.touch(kind, name);
            return;
          }
          const written = client.contents();
          client.edit(kind as 'Secret', name, {
            [kind === 'Secret' ? 'IDP_CLIENT_SECRET' : 'IDP_ISSUER']: 'theirs',
          });
          before = withEditOf(before, written, client.contents());
        });
        await expect(apply()).rejects.toThrow(
          `Somebody else changed the ${kind} "${name}" at the same moment.`,
        );
        expect(client.contents()).toEqual(before);
      },
    );

    it('should not mind that only the status of the Deployment moved on', async () => {
      client.before = onFirst('patch Deployment hoopgateway', () =>
        client.touch('Deployment', 'hoopgateway'),
      );
      expect((await apply()).writes).toBe(3);
    });

    it('should leave the first as it is where the second cannot be undone', async () => {
      client.after = write => {
        if (write.endsWith('ConfigMap hoopgateway-idp')) {
          throw lost;
        }
      };
      client.before = write => {
        if (
          client.writes.length >= 2 &&
          write.endsWith('ConfigMap hoopgateway-idp')
        ) {
          throw forbidden;
        }
      };
      const failure =
        'Putting the previous settings back failed too: may not. Not back: Secret "hoopgateway-idp", ConfigMap "hoopgateway-idp". Look at ConfigMap';
      await expect(apply()).rejects.toThrow(
        `The settings could not be written: the answer got lost. ${failure}`,
      );
      // Taken out of the Secret, the client secret would be missing to the settings that are still in the ConfigMap.
      expect(client.contents()).toMatchObject({
        data: { 'Secret hoopgateway-idp': secretOf(SECRET_DATA).data },
      });
      expect(lines.at(-1)).toContain(failure);
    });
  });

  describe('when the gateway does not come up', () => {
    it('should restore, and give its own reason without any secret', async () => {
      client = switchedCluster();
      const before = client.contents();
      client.endsWith = () =>
        client.writes.length >= 2 && client.writes.length < 5
          ? `fatal: failed with ${CLIENT_SECRET} and ${OLD_SECRET}`
          : undefined;
      const failure = await apply().catch(error => error);

      expect(failure).toMatchObject({ name: 'GatewayRolloutError' });
      expect(failure.message).toMatch(
        /^The gateway did not come up with the new settings: container "hoopgateway" of pod "[^"]+" ended with exit code 1 .*The previous settings are back\. Mend/s,
      );
      expect(failure.message).toContain('<secret>');
      for (const secret of [CLIENT_SECRET, OLD_SECRET]) {
        expect(failure.message).not.toContain(secret);
        expect(lines.join('\n')).not.toContain(secret);
      }
      expect(client.contents()).toEqual(before);
    });

    it('should say so when the previous settings do not work either', async () => {
      client.endsWith = () => 'fatal: no database';
      await expect(apply()).rejects.toMatchObject({
        name: 'GatewayRolloutError',
        message: expect.stringMatching(
          /Putting the previous settings back failed too: the gateway did not come up with its previous settings either: .*Look at ConfigMap/s,
        ),
      });
    });

    it('should redact a secret that is kept in a ConfigMap or the container', async () => {
      client = new FakeKubernetesClient(
        {
          envFrom: [OWN_REFERENCES[0]],
          env: [
            { name: 'IDP_URI', value: 'https://id:p%40ssword@idp.company' },
          ],
        },
        [configMapOf({ ...PLAIN_DATA, IDP_CLIENT_SECRET: OLD_SECRET })],
      );
      client.endsWith = () => `fatal: ${OLD_SECRET} p@ssword`;
      const failure = await targetOf({ clientSecretIn: 'configMap' })
        .restart({ log })
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
    ])('should undo all after "%s"', async write => {
      const before = client.contents();
      const controller = new AbortController();
      client.after = onFirst(write, () => controller.abort(reason));
      await expect(apply({}, controller.signal)).rejects.toBe(reason);
      expect(client.contents()).toEqual(before);
    });

    it('should write nothing when it is cancelled before', async () => {
      await expect(apply({}, AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(client.writes).toEqual([]);
    });
  });

  describe('followRollout', () => {
    const follow = async (config: Partial<KubernetesTargetConfig> = {}) => {
      const { followRollout } = await targetOf(config).read();
      await followRollout?.({ log });
    };

    it('should wait until the gateway answers, and write nothing', async () => {
      let asked = 0;
      answers = async () => ++asked > 1;
      await follow();
      expect(asked).toBe(2);
      expect(client.writes).toEqual([]);
    });

    it('should say why a gateway does not come up that crashes since before', async () => {
      client = switchedCluster();
      client.endsWith = () => `fatal: no issuer, secret ${OLD_SECRET}`;
      const [pod] = client.pods;
      Object.assign(pod.status!.containerStatuses![0], {
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 1 } },
      });
      await expect(follow({ rolloutTimeoutMs: 400 })).rejects.toMatchObject({
        name: 'GatewayRolloutError',
        message: expect.stringMatching(
          /^The gateway does not come up with the settings it has: not complete within 0\.4 s: container "hoopgateway" of pod .*CrashLoopBackOff.*: fatal: no issuer, secret <secret>\. Mend what the message names, then run the task again\.$/,
        ),
      });
      expect(client.writes).toEqual([]);
    });
  });

  describe('restart', () => {
    it('should make the gateway read what is stored', async () => {
      client = new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
        configMapOf(PLAIN_DATA),
        secretOf(SECRET_DATA),
      ]);
      client.pods = [podOf(deploymentOf(), '2026-05-01T11:00:00Z')];
      expect((await targetOf().read()).state.settingsInUse).toBe(false);
      await targetOf().restart({ log });
      expect(client.writes).toEqual(['patch Deployment hoopgateway']);
      expect((await targetOf().read()).state.settingsInUse).toBe(true);
    });

    it('should change no settings when the gateway does not come up', async () => {
      client = switchedCluster();
      const before = client.contents();
      client.endsWith = () => `fatal: ${OLD_SECRET}`;
      await expect(targetOf().restart({ log })).rejects.toMatchObject({
        name: 'GatewayRolloutError',
        message: expect.stringMatching(
          /^The gateway did not come up after its restart: .*<secret>.*Its settings were not changed/s,
        ),
      });
      expect(client.contents()).toEqual(before);
    });
  });

  it('should ask for the client at each use, so that a cluster may become reachable', async () => {
    let reachable = false;
    const target = new KubernetesTarget(
      CONFIG,
      async () => {
        if (!reachable) {
          throw lost;
        }
        return client;
      },
      answers,
    );
    await expect(target.read()).rejects.toBe(lost);
    reachable = true;
    await expect(target.read()).resolves.toBeDefined();
  });

  it('should hand the secret to the Secret and to nothing else', async () => {
    const secret = new SecretValue(CLIENT_SECRET);
    await apply();
    const [created, ...others] = client.bodies.map(body =>
      JSON.stringify(body),
    );
    const encoded = Buffer.from(secret.reveal()).toString('base64');
    expect(created).toContain(encoded);
    expect(others.join()).not.toContain(encoded);
    expect(others.join()).not.toContain(CLIENT_SECRET);
    expect(lines.join()).not.toContain(CLIENT_SECRET);
  });
});
