import { FakeKubernetesClient } from '../__testUtils__/FakeKubernetesClient';
import {
  configMapOf,
  OWN_REFERENCES,
  PLAIN_DATA,
  secretOf,
} from '../__testUtils__/gatewayObjects';
import { TargetOnCluster } from '../__testUtils__/TargetOnCluster';
import { RESTARTED_AT, VERSIONS_READ } from './switchRecord';

describe('the versions that a gateway was started with', () => {
  let rig: TargetOnCluster;

  beforeEach(async () => {
    rig = new TargetOnCluster();
    await (await rig.apply()).finish({ log: rig.log });
  });

  const stateNow = async () => (await rig.target().read()).state;

  /** As kubectl does: it leaves no manager and no time. */
  const removeByHand = (key: string) => {
    const object = rig.client.stored('ConfigMap', 'hoopgateway-idp');
    const { data = {} } = object as ReturnType<typeof configMapOf>;
    delete data[key];
    rig.client.touch('ConfigMap', 'hoopgateway-idp');
  };

  it('should make it certain that it runs with its settings, whatever the times say', async () => {
    rig.client.stored('ConfigMap', 'hoopgateway-idp').metadata.managedFields = [
      { manager: 'clock ahead', time: '2099-01-01T00:00:00Z' },
    ];
    const list = jest.spyOn(rig.client, 'list');
    expect(await stateNow()).toMatchObject({
      settingsInUse: true,
      settingsInUseUndetermined: undefined,
    });
    expect(list).not.toHaveBeenCalled();
  });

  it('should leave it open where a key was removed by hand', async () => {
    removeByHand('IDP_GROUPS_CLAIM');
    expect(await stateNow()).toMatchObject({
      settingsInUse: true,
      settingsInUseUndetermined: expect.stringContaining(
        'have changed since the gateway was restarted',
      ),
    });
    await rig.target().restart({ log: rig.log });
    expect((await stateNow()).settingsInUseUndetermined).toBeUndefined();
  });

  it('should not count where another process has restarted the gateway since', async () => {
    removeByHand('IDP_GROUPS_CLAIM');
    rig.client.deployment.spec.template.metadata!.annotations![RESTARTED_AT] =
      new Date().toISOString();
    expect((await stateNow()).settingsInUseUndetermined).toBeUndefined();
  });

  it.each(['', '{}', 'no JSON', 'x'.repeat(40_000)])(
    'should not count where they are not ours: %j',
    async text => {
      rig.client.deployment.spec.template.metadata!.annotations![
        VERSIONS_READ
      ] = text;
      removeByHand('IDP_GROUPS_CLAIM');
      expect((await stateNow()).settingsInUseUndetermined).toBeUndefined();
    },
  );

  it('should not be recorded for a gateway without settings in objects', async () => {
    rig.client = new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
      configMapOf({ ...PLAIN_DATA, OTHER: 'kept' }),
      secretOf({ IDP_CLIENT_SECRET: 'x', OTHER: 'kept' }),
    ]);
    const { planDisconnect } = await rig.target().read();
    await planDisconnect().apply({ log: rig.log });
    expect(
      rig.client.deployment.spec.template.metadata?.annotations,
    ).not.toHaveProperty([VERSIONS_READ]);
  });
});
