import { FakeKubernetesClient } from '../__testUtils__/FakeKubernetesClient';
import {
  configMapOf,
  OWN_REFERENCES,
  PLAIN_DATA,
  secretOf,
} from '../__testUtils__/gatewayObjects';
import { TargetOnCluster } from '../__testUtils__/TargetOnCluster';
import { RESTARTED_AT, UNVERIFIED_SWITCH } from './switchRecord';

const IN_PLACE = () =>
  new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
    configMapOf(PLAIN_DATA),
    secretOf({ IDP_CLIENT_SECRET: 'old' }),
  ]);

const CHANGED = 'another process has changed the pod template';

describe('a switch that was never verified', () => {
  let rig: TargetOnCluster;

  beforeEach(() => {
    rig = new TargetOnCluster();
  });

  const read = async () => (await rig.target().read()).unverified;

  it('should be found while it is not, and not after', async () => {
    expect(await read()).toBeUndefined();
    const applied = await rig.apply();
    expect(await read()).toMatchObject({
      since: expect.stringMatching(/^\d{4}-.*Z$/),
      interrupted: false,
      refusal: undefined,
    });
    const { state } = await rig.target().read();
    expect(state.unverifiedSwitch).toMatchObject({ refusal: undefined });
    await applied.finish({ log: rig.log });
    expect(await read()).toBeUndefined();
  });

  it('should have no value of a setting in the record on the Deployment', async () => {
    rig.client = IN_PLACE();
    await rig.apply();
    const text = rig.client.deployment.metadata.annotations![UNVERIFIED_SWITCH];
    const values = [...Object.values(PLAIN_DATA), 'old', 'b2xk'].filter(
      value => value !== 'oidc' && value !== 'groups',
    );
    for (const value of values) {
      expect(text).not.toContain(value);
    }
  });

  it.each<[string, string, () => FakeKubernetesClient, () => unknown]>([
    [
      'another process restarted the gateway since',
      CHANGED,
      () => new FakeKubernetesClient(),
      () =>
        Object.assign(
          rig.client.deployment.spec.template.metadata!.annotations!,
          { [RESTARTED_AT]: '2026-05-01T12:00:00Z' },
        ),
    ],
    [
      'another process deployed another image since',
      CHANGED,
      () => new FakeKubernetesClient(),
      () => {
        rig.client.deployment.spec.template.spec.containers[0].image = 'new';
      },
    ],
    [
      'its record is not readable',
      'its record on the Deployment is not readable',
      () => new FakeKubernetesClient(),
      () => {
        rig.client.deployment.metadata.annotations![UNVERIFIED_SWITCH] = '{}';
      },
    ],
    [
      'its previous values are gone',
      'the Secret with the previous values is not there',
      IN_PLACE,
      () => rig.client.delete('Secret', 'hoop', 'hoopgateway-idp-previous'),
    ],
    [
      'the Secret with its previous values is of another process',
      'the Secret with the previous values is not there',
      IN_PLACE,
      () => {
        rig.client.stored(
          'Secret',
          'hoopgateway-idp-previous',
        ).metadata.labels = { 'app.kubernetes.io/managed-by': 'Helm' };
      },
    ],
  ])(
    'should not be undone where %s',
    async (_, refusal, makeClient, change) => {
      rig.client = makeClient();
      await rig.apply();
      await change();
      const unverified = await read();
      expect(unverified?.refusal).toContain(refusal);
      rig.client.writes.length = 0;
      await expect(unverified!.undo({ log: rig.log })).rejects.toThrow(
        `The unverified switch was not undone: ${refusal}`,
      );
      expect(rig.client.writes).toEqual([]);
    },
  );

  it('should give up its records once it is confirmed, readable or not', async () => {
    await rig.apply();
    rig.client.deployment.metadata.annotations![UNVERIFIED_SWITCH] = 'broken';
    const unverified = await read();
    expect(await unverified!.confirm({ log: rig.log })).toBe(1);
    expect(await read()).toBeUndefined();
  });
});
