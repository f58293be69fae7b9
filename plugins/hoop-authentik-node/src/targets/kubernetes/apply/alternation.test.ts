import {
  FakeKubernetesClient,
  type Contents,
} from '../__testUtils__/FakeKubernetesClient';
import {
  configMapOf,
  madeFor,
  OWN_REFERENCES,
  PLAIN_DATA,
  SECRET_DATA,
  secretOf,
  SETTINGS,
} from '../__testUtils__/gatewayObjects';
import { TargetOnCluster } from '../__testUtils__/TargetOnCluster';
import { RESTARTED_AT, UNVERIFIED_SWITCH } from '../read/switchRecord';

const UNNAMED = { configMap: undefined, secret: undefined };
const OLD_SECRET = { IDP_CLIENT_SECRET: 'old-client-secret' };

/** A gateway that we connected. */
const connectedCluster = (secret: Record<string, string> = OLD_SECRET) =>
  new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
    madeFor('hoopgateway', configMapOf(PLAIN_DATA)),
    madeFor('hoopgateway', secretOf(secret)),
  ]);

const secretsIn = ({ data }: Contents) =>
  Object.keys(data).filter(key => key.startsWith('Secret '));

describe('our objects', () => {
  let rig: TargetOnCluster;

  beforeEach(() => {
    rig = new TargetOnCluster(connectedCluster());
  });

  it('should stay as they are while the other ones are written and verified', async () => {
    const before = rig.client.contents();
    const applied = await rig.apply(UNNAMED);
    expect(rig.client.writes).toEqual([
      'create Secret hoopgateway-idp-2',
      'patch Deployment hoopgateway',
    ]);
    const { data, envFrom } = rig.client.contents();
    expect(data).toMatchObject(before.data);
    expect(envFrom).toEqual([
      OWN_REFERENCES[0],
      { secretRef: { name: 'hoopgateway-idp-2' } },
    ]);
    expect(rig.client.deployment.metadata.annotations).toHaveProperty([
      UNVERIFIED_SWITCH,
    ]);

    const { generation } = rig.client.deployment.metadata;
    expect(await applied.finish({ log: rig.log })).toBe(1);
    expect(rig.client.deployment.metadata).toMatchObject({ generation });
    expect(rig.client.deployment.metadata.annotations).toBeUndefined();
  });

  it('should alternate', async () => {
    await (await rig.apply(UNNAMED)).finish({ log: rig.log });
    rig.client.edit('Secret', 'hoopgateway-idp-2', {
      IDP_CLIENT_SECRET: 'edited',
    });
    rig.client.writes.length = 0;
    await (await rig.apply(UNNAMED)).finish({ log: rig.log });
    expect(rig.client.writes).toEqual([
      'patch Secret hoopgateway-idp',
      'patch Deployment hoopgateway',
      'patch Deployment hoopgateway',
    ]);
    expect(rig.client.contents()).toMatchObject({
      data: { 'Secret hoopgateway-idp': secretOf(SECRET_DATA).data },
      envFrom: OWN_REFERENCES,
    });
  });

  it('should both be removed when the gateway is disconnected', async () => {
    await (await rig.apply(UNNAMED)).finish({ log: rig.log });
    const { planDisconnect } = await rig.target(UNNAMED).read();
    const applied = await planDisconnect().apply({ log: rig.log });
    await applied.finish({ log: rig.log });
    expect(rig.client.contents()).toEqual({ data: {}, envFrom: [] });
  });

  it('should say what changes, whichever object is written', async () => {
    const { plan } = await rig.target(UNNAMED).read();
    expect(plan(SETTINGS).changes).toEqual([
      {
        object: 'Secret hoop/hoopgateway-idp-2',
        field: 'IDP_CLIENT_SECRET',
        from: '<changed>',
        to: '<changed>',
      },
      {
        object: 'Deployment hoop/hoopgateway',
        field: 'envFrom',
        from: 'Secret "hoopgateway-idp"',
        to: '(no reference)',
      },
      {
        object: 'Deployment hoop/hoopgateway',
        field: 'envFrom',
        from: '(no reference)',
        to: 'Secret "hoopgateway-idp-2"',
      },
    ]);
  });

  it('should lose what an earlier layout has left in the other one', async () => {
    rig.client = connectedCluster();
    await rig.client.create(
      'Secret',
      madeFor(
        'hoopgateway',
        secretOf({ ...SECRET_DATA, IDP_ISSUER: 'old' }, 'hoopgateway-idp-2'),
      ),
    );
    await rig.apply(UNNAMED);
    expect(rig.client.contents()).toMatchObject({
      data: { 'Secret hoopgateway-idp-2': secretOf(SECRET_DATA).data },
    });
  });

  it('should not be written over an object of another process', async () => {
    await rig.client.create('Secret', secretOf({}, 'hoopgateway-idp-2'));
    rig.client.writes.length = 0;
    await expect(rig.apply(UNNAMED)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(
        /^Nothing was written: the Secret "hoopgateway-idp-2" is needed .*name the object with the settings in app-config \(secret of the target\)\.$/,
      ),
    });
    expect(rig.client.writes).toEqual([]);
  });

  it.each([
    ['app-config names them', {}, connectedCluster],
    [
      'they hold other variables',
      UNNAMED,
      () => connectedCluster({ ...OLD_SECRET, OTHER: 'kept' }),
    ],
    [
      'a tool would restore the references',
      UNNAMED,
      () => {
        const client = connectedCluster();
        client.deployment.metadata.labels = {
          'app.kubernetes.io/managed-by': 'Helm',
        };
        return client;
      },
    ],
  ])('should be edited in place where %s', async (_, config, makeClient) => {
    rig.client = makeClient();
    await (await rig.apply(config)).finish({ log: rig.log });
    expect(rig.client.writes).toEqual([
      'create Secret hoopgateway-idp-previous',
      'patch Secret hoopgateway-idp',
      'patch Deployment hoopgateway',
      'delete Secret hoopgateway-idp-previous',
      'patch Deployment hoopgateway',
    ]);
    expect(secretsIn(rig.client.contents())).toEqual([
      'Secret hoopgateway-idp',
    ]);
  });
});

describe('the way back', () => {
  const markOf = (client: FakeKubernetesClient) =>
    client.deployment.spec.template.metadata?.annotations?.[RESTARTED_AT];

  it.each([
    ['our objects', UNNAMED],
    ['objects that are edited in place', {}],
  ])('should restore the exact earlier pod template: %s', async (_, config) => {
    const rig = new TargetOnCluster(connectedCluster());
    const { template } = structuredClone(rig.client.deployment.spec);
    const applied = await rig.apply(config);
    expect(markOf(rig.client)).toBeDefined();
    await applied.restore({ log: rig.log });
    expect(rig.client.deployment.spec.template).toEqual(template);
  });

  it('should restart a container of the earlier template that started in between', async () => {
    const rig = new TargetOnCluster(connectedCluster());
    const old = structuredClone(rig.client.pods[0]);
    const applied = await rig.apply();
    const at = new Date(Date.now() + 1_000).toISOString();
    old.status!.containerStatuses![0].state = { running: { startedAt: at } };
    rig.client.pods.push(old);
    const mark = markOf(rig.client);
    await applied.restore({ log: rig.log });
    expect(markOf(rig.client)).not.toBe(mark);
    expect(markOf(rig.client)).toBeDefined();
  });

  it('should restart nothing where only an object was written', async () => {
    const rig = new TargetOnCluster(connectedCluster());
    const before = structuredClone(rig.client.deployment.spec);
    rig.client.after = write => {
      if (write === 'patch Secret hoopgateway-idp') {
        rig.client.after = () => {};
        throw new Error('lost');
      }
    };
    await expect(rig.apply()).rejects.toThrow('lost. Previous settings');
    expect(rig.client.deployment.spec).toEqual(before);
  });
});
