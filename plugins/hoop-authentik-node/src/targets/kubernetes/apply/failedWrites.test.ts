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

const lost = new ServiceUnavailableError('the answer got lost');

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

  it.each(writes)('should undo all when "%s" is refused', async write => {
    const before = rig.client.contents();
    rig.client.before = onFirst(write, fail(REFUSED));
    await expect(rig.apply()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message:
        'The settings could not be written: may not. The previous settings are back. ' +
        'Mend what the message names, then run the task again.',
    });
    expect(rig.client.contents()).toEqual(before);
    expect(rig.lines.join()).not.toContain('failed');
  });

  it.each(writes)(
    'should undo all when the answer to "%s" got lost',
    async write => {
      const before = rig.client.contents();
      rig.client.after = onFirst(write, fail(lost));
      await expect(rig.apply()).rejects.toThrow(
        'The settings could not be written: the answer got lost. The previous settings are back.',
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

  // A restart alone overwrites nothing, so that nobody can come in between.
  it.each(writes.slice(0, verb === 'patch' ? 2 : 3))(
    'should undo all, and say so, when "%s" meets another writer',
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
        `Somebody else changed the ${kind} "${name}" at the same moment.`,
      );
      expect(rig.client.contents()).toEqual(before);
    },
  );

  it('should not mind that only the status of the Deployment moved on', async () => {
    rig.client.before = onFirst('patch Deployment hoopgateway', () =>
      rig.client.touch('Deployment', 'hoopgateway'),
    );
    expect((await rig.apply()).writes).toBe(3);
  });

  it('should leave the first as it is where the second cannot be undone', async () => {
    rig.client.after = write => {
      if (write.endsWith('ConfigMap hoopgateway-idp')) {
        throw lost;
      }
    };
    rig.client.before = write => {
      if (
        rig.client.writes.length >= 2 &&
        write.endsWith('ConfigMap hoopgateway-idp')
      ) {
        throw REFUSED;
      }
    };
    const failure =
      'Putting the previous settings back failed too: may not. Not back: Secret "hoopgateway-idp", ConfigMap "hoopgateway-idp". Look at ConfigMap';
    await expect(rig.apply()).rejects.toThrow(
      `The settings could not be written: the answer got lost. ${failure}`,
    );
    // Taken out of the Secret, the client secret would be missing to the settings that are still in the ConfigMap.
    expect(rig.client.contents()).toMatchObject({
      data: { 'Secret hoopgateway-idp': secretOf(SECRET_DATA).data },
    });
    expect(rig.lines.at(-1)).toContain(failure);
  });
});
