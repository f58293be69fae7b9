import { isDeepStrictEqual } from 'node:util';
import { ServiceUnavailableError } from '@backstage/errors';
import {
  FakeKubernetesClient,
  REFUSED,
  type Contents,
} from '../__testUtils__/FakeKubernetesClient';
import { SECRET_DATA, secretOf } from '../__testUtils__/gatewayObjects';
import {
  onFirst,
  switchedCluster,
  TargetOnCluster,
} from '../__testUtils__/TargetOnCluster';

const fail = (error: Error) => () => {
  throw error;
};

const lost = new ServiceUnavailableError('the answer was lost');

/** Contents with the one object that another process edited. */
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

describe.each([
  ['new objects', () => new FakeKubernetesClient(), 'create'],
  ['objects that are read already', switchedCluster, 'patch'],
])('when a write fails, with %s', (_, makeCluster, verb) => {
  const writes = [
    `${verb} Secret hoopgateway-idp`,
    `${verb} ConfigMap hoopgateway-idp`,
    'patch Deployment hoopgateway',
  ];

  let rig: TargetOnCluster;

  beforeEach(() => {
    rig = new TargetOnCluster(makeCluster());
  });

  it.each(writes)(
    'should undo everything when "%s" is refused',
    async write => {
      const before = rig.client.contents();
      rig.client.before = onFirst(write, fail(REFUSED));
      await expect(rig.apply()).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message:
          'The settings could not be written: may not. Previous settings restored. ' +
          'Fix the cause above and run the task again.',
      });
      expect(rig.client.contents()).toEqual(before);
      expect(rig.lines.join()).not.toContain('failed');
    },
  );

  it.each(writes)(
    'should undo everything when the answer to "%s" is lost',
    async write => {
      const before = rig.client.contents();
      rig.client.after = onFirst(write, fail(lost));
      await expect(rig.apply()).rejects.toThrow(
        'The settings could not be written: the answer was lost. Previous settings restored.',
      );
      expect(rig.client.contents()).toEqual(before);
      const { state } = await rig.target().read();
      expect(state.rollout.problems).toEqual([]);
      // Once to switch and once to switch back, or not at all.
      expect(
        rig.client.writes.filter(one => one === 'patch Deployment hoopgateway'),
      ).toHaveLength(write.includes('Deployment') ? 2 : 0);
    },
  );

  // A restart alone overwrites nothing, so it cannot conflict.
  it.each(writes.slice(0, verb === 'patch' ? 2 : 3))(
    'should undo everything, and report the conflict, when "%s" meets another writer',
    async write => {
      let before = rig.client.contents();
      const [, kind, name] = write.split(' ');
      rig.client.before = onFirst(write, () => {
        if (verb === 'create' && kind !== 'Deployment') {
          throw Object.assign(new Error('exists'), { name: 'ConflictError' });
        }
        if (kind === 'Deployment') {
          rig.client.deployment.spec.progressDeadlineSeconds = 1;
          rig.client.touch(kind, name);
          return;
        }
        const written = rig.client.contents();
        rig.client.edit(kind as 'Secret', name, {
          [kind === 'Secret' ? 'IDP_CLIENT_SECRET' : 'IDP_ISSUER']: 'theirs',
        });
        before = withEditOf(before, written, rig.client.contents());
      });
      await expect(rig.apply()).rejects.toThrow(
        `The ${kind} "${name}" was modified concurrently; nothing was overwritten.`,
      );
      expect(rig.client.contents()).toEqual(before);
    },
  );

  it('should not conflict with a change of the status of the Deployment alone', async () => {
    rig.client.before = onFirst('patch Deployment hoopgateway', () =>
      rig.client.touch('Deployment', 'hoopgateway'),
    );
    expect((await rig.apply()).writes).toBe(verb === 'patch' ? 4 : 3);
  });

  it('should leave the first as it is where the second cannot be undone', async () => {
    rig.client.after = write => {
      if (write.endsWith('ConfigMap hoopgateway-idp')) {
        throw lost;
      }
    };
    rig.client.before = write => {
      if (
        rig.client.writes.includes(writes[1]) &&
        write.endsWith('ConfigMap hoopgateway-idp')
      ) {
        throw REFUSED;
      }
    };
    const failure =
      'Restoring the previous settings failed too: may not. Not restored: Secret "hoopgateway-idp", ConfigMap "hoopgateway-idp". Check ConfigMap';
    await expect(rig.apply()).rejects.toThrow(
      `The settings could not be written: the answer was lost. ${failure}`,
    );
    // The settings still in the ConfigMap need the client secret in the Secret.
    expect(rig.client.contents()).toMatchObject({
      data: { 'Secret hoopgateway-idp': secretOf(SECRET_DATA).data },
    });
    expect(rig.lines.at(-1)).toContain(failure);
  });
});
