import { InputError, ServiceUnavailableError } from '@backstage/errors';
import {
  FakeKubernetesClient,
  REFUSED,
} from '../__testUtils__/FakeKubernetesClient';
import {
  OWN_REFERENCES,
  secretOf,
  SETTINGS,
} from '../__testUtils__/gatewayObjects';
import {
  onFirst,
  switchedCluster,
  TargetOnCluster,
} from '../__testUtils__/TargetOnCluster';

const webhookFailed = new ServiceUnavailableError(
  'cannot patch deployments "hoopgateway" in namespace "hoop" (https://cluster:6443): the cluster answered 500: Internal error occurred: failed calling webhook "out-of-reach.example.com"',
);

const fail = (error: Error) => () => {
  throw error;
};

describe('a switch', () => {
  let rig: TargetOnCluster;

  beforeEach(() => {
    rig = new TargetOnCluster();
  });

  it('should be tried as a whole before its first write', async () => {
    const writesBefore: number[] = [];
    rig.client.beforeDryRun = () => {
      writesBefore.push(rig.client.writes.length);
    };
    await rig.apply();
    expect(rig.client.dryRuns).toEqual([
      'create Secret hoopgateway-idp',
      'create ConfigMap hoopgateway-idp',
      'patch Deployment hoopgateway',
    ]);
    expect(writesBefore).toEqual([0, 0, 0]);
  });

  it('should be tried with the final state of an object that is written twice', async () => {
    rig.client = new FakeKubernetesClient({ envFrom: [OWN_REFERENCES[1]] }, [
      secretOf({}),
    ]);
    await rig.apply();
    expect(rig.client.dryRuns).toEqual([
      'create ConfigMap hoopgateway-idp',
      'patch Secret hoopgateway-idp',
      'patch Deployment hoopgateway',
    ]);
  });

  it('should not be tried on the way back', async () => {
    const applied = await rig.apply();
    rig.client.dryRuns.length = 0;
    await applied.restore({ log: rig.log });
    expect(rig.client.dryRuns).toEqual([]);
  });

  it.each([
    ['a quota or policy refuses', REFUSED, 'may not'],
    [
      'the cluster finds invalid',
      new InputError('metadata.name: invalid'),
      'metadata.name: invalid',
    ],
    ['needs a webhook out of reach', webhookFailed, 'failed calling webhook'],
  ])(
    'should write nothing where it has a write that %s',
    async (_, error, words) => {
      const before = rig.client.contents();
      rig.client.beforeDryRun = onFirst(
        'patch Deployment hoopgateway',
        fail(error),
      );
      await expect(rig.apply()).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message: expect.stringMatching(`^Nothing was written: .*${words}`),
      });
      expect(rig.client.writes).toEqual([]);
      expect(rig.client.contents()).toEqual(before);
    },
  );

  it('should go on, and say so, where a webhook supports no dry run', async () => {
    rig.client.beforeDryRun = onFirst(
      'create Secret hoopgateway-idp',
      fail(
        new InputError(
          'cannot create secrets: 400: admission webhook "effects.example.com" does not support dry run',
        ),
      ),
    );
    expect((await rig.apply()).writes).toBe(3);
    expect(rig.lines[0]).toBe(
      'Whether the cluster accepts the Secret "hoopgateway-idp" is unknown until it is written: cannot create secrets: 400: admission webhook "effects.example.com" does not support dry run.',
    );
  });

  it('should remove what it created where a webhook fails only then', async () => {
    const before = rig.client.contents();
    rig.client.before = onFirst(
      'patch Deployment hoopgateway',
      fail(webhookFailed),
    );
    await expect(rig.apply()).rejects.toThrow(
      'failed calling webhook "out-of-reach.example.com". Previous settings restored.',
    );
    expect(rig.client.contents()).toEqual(before);
    // Nothing was stored, so the Deployment has nothing to go back from.
    expect(rig.client.writes).not.toContain('patch Deployment hoopgateway');
  });

  it.each([
    ['the Deployment', (client: FakeKubernetesClient) => client.deployment],
    [
      'an object',
      (client: FakeKubernetesClient) =>
        client.stored('Secret', 'hoopgateway-idp'),
    ],
  ])('should be refused where %s is being deleted', async (_, objectOf) => {
    rig.client = switchedCluster();
    const { metadata, kind } = objectOf(rig.client);
    metadata.deletionTimestamp = '2026-05-01T12:00:00Z';
    const { plan } = await rig.target().read();
    const { refusals } = plan(SETTINGS);
    expect(refusals).toEqual([
      expect.stringMatching(
        `^The ${kind} "${metadata.name}" is being deleted \\(since 2026-05-01T12:00:00Z\\)`,
      ),
    ]);
  });
});

describe('a restart', () => {
  it.each([
    [
      'paused',
      (client: FakeKubernetesClient) => {
        client.deployment.spec.paused = true;
      },
    ],
    [
      'being deleted',
      (client: FakeKubernetesClient) => {
        client.deployment.metadata.deletionTimestamp = '2026-05-01T12:00:00Z';
      },
    ],
  ])(
    'should write nothing where the Deployment is %s',
    async (words, change) => {
      const rig = new TargetOnCluster(switchedCluster());
      change(rig.client);
      await expect(rig.target().restart({ log: rig.log })).rejects.toThrow(
        `is ${words}`,
      );
      expect(rig.client.writes).toEqual([]);
    },
  );
});
