import type { KubernetesTargetConfig } from '../config/types';
import { SecretValue } from '../core';
import { desiredSettings } from '../integration/desired';
import { fakeSystems } from '../integration/__testUtils__/fakeSystems';
import {
  DESIRED,
  goodLoginUrl,
} from '../integration/__testUtils__/goodObservation';
import type { KubernetesClient } from '../systems/kubernetes';
import { FakeKubernetesClient } from '../targets/kubernetes/__testUtils__/FakeKubernetesClient';
import {
  configMapOf,
  madeFor,
  OWN_REFERENCES,
  PLAIN_DATA,
  SECRET_DATA,
  secretOf,
} from '../targets/kubernetes/__testUtils__/gatewayObjects';
import { killedAfter } from '../targets/kubernetes/__testUtils__/killedAfter';
import { targetOf } from '../targets/kubernetes/__testUtils__/targetOf';
import {
  RESTARTED_AT,
  UNVERIFIED_SWITCH,
} from '../targets/kubernetes/read/switchRecord';
import { configureGateway } from './connect';
import { disconnectGateway } from './disconnect';
import { restartGateway } from './restart';

const log = () => {};
const verify = { timeoutMs: 0 };

const OLD_ISSUER = 'https://old.company/';
const OLD_DATA = {
  ...PLAIN_DATA,
  IDP_ISSUER: OLD_ISSUER,
  IDP_CLIENT_ID: 'the-old-client',
};
const OLD_SECRET = { IDP_CLIENT_SECRET: 'the-old-client-secret' };
const FOREIGN = { POSTGRES_DB_URI: 'postgres://db', LOG_LEVEL: 'info' };
const UNNAMED = { configMap: undefined, secret: undefined };

type Layout = [
  name: string,
  config: Partial<KubernetesTargetConfig>,
  before: () => FakeKubernetesClient,
];

const LAYOUTS: Layout[] = [
  ['local sign-in, no object yet', UNNAMED, () => new FakeKubernetesClient()],
  [
    'local sign-in, one Secret',
    { ...UNNAMED, settingsIn: 'secret' },
    () => new FakeKubernetesClient(),
  ],
  [
    'our objects',
    UNNAMED,
    () =>
      new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
        madeFor('hoopgateway', configMapOf(OLD_DATA)),
        madeFor('hoopgateway', secretOf(OLD_SECRET)),
      ]),
  ],
  [
    'objects that app-config names',
    {},
    () =>
      new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
        configMapOf(OLD_DATA),
        secretOf(OLD_SECRET),
      ]),
  ],
  [
    'objects with other variables',
    UNNAMED,
    () =>
      new FakeKubernetesClient(
        {
          envFrom: [
            { configMapRef: { name: 'hoop-env' } },
            { secretRef: { name: 'hoop-secrets' } },
          ],
        },
        [
          configMapOf({ ...OLD_DATA, ...FOREIGN }, 'hoop-env'),
          secretOf({ ...OLD_SECRET, ...FOREIGN }, 'hoop-secrets'),
        ],
      ),
  ],
  [
    'local sign-in in objects that are read',
    {},
    () =>
      new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
        configMapOf(FOREIGN),
        secretOf({ OTHER: 'kept' }),
      ]),
  ],
  [
    'the client secret still in the ConfigMap',
    UNNAMED,
    () =>
      new FakeKubernetesClient(
        { envFrom: [{ configMapRef: { name: 'hoop-env' } }] },
        [configMapOf({ ...OLD_DATA, ...OLD_SECRET, ...FOREIGN }, 'hoop-env')],
      ),
  ],
  [
    'an immutable Secret',
    {},
    () =>
      new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
        configMapOf(OLD_DATA),
        { ...secretOf({ ...OLD_SECRET, ...FOREIGN }), immutable: true },
      ]),
  ],
];

/** What a container of the cluster would start with now. */
function startedWith(client: FakeKubernetesClient) {
  const { outcome, environment } = client.environment();
  const issuer = environment.entries.get('IDP_ISSUER')?.value;
  return {
    outcome,
    issuer: issuer instanceof SecretValue ? issuer.reveal() : issuer,
  };
}

/** A gateway in a cluster: it answers as long as the newest pod runs, with what that was started with. */
function gatewayIn(client: FakeKubernetesClient, works: boolean) {
  // Old pods run with what was stored when they started.
  let running = startedWith(client);
  let [pod] = client.pods;
  client.endsWith = () =>
    !works && startedWith(client).issuer === DESIRED.issuer
      ? 'fatal: failed to initialize provider'
      : undefined;
  const now = () => {
    if (client.pods[0] !== pod) {
      [pod] = client.pods;
      running = startedWith(client);
    }
    const [status] = pod.status!.containerStatuses!;
    if (!status.state?.running) {
      throw new Error('the gateway does not answer');
    }
    return running;
  };
  const isOidc = () => {
    const { outcome } = now();
    return 'method' in outcome && outcome.method === 'oidc';
  };
  const systemsFor = (
    config: Partial<KubernetesTargetConfig>,
    connection: KubernetesClient,
  ) => {
    const { systems } = fakeSystems();
    systems.hoop.getInfo.mockImplementation(async () => ({
      version: '1.148.0',
      authMethod: isOidc() ? 'oidc' : 'local',
      setupRequired: false,
    }));
    systems.hoop.hasOidcLoaded.mockImplementation(async () => isOidc());
    systems.hoop.getLoginUrl.mockImplementation(async () => {
      const good = goodLoginUrl();
      return now().issuer === DESIRED.issuer
        ? good
        : {
            ...good,
            endpoint: `${OLD_ISSUER}authorize/`,
            url: `${OLD_ISSUER}authorize/?client_id=the-old-client`,
            clientId: 'the-old-client',
          };
    });
    return {
      ...systems,
      target: targetOf(connection, { rolloutTimeoutMs: 400, ...config }),
    };
  };
  return { systemsFor, isOidc, now };
}

/** Everything in the cluster that a switch writes, but for the time of the last restart. */
function stateOf(client: FakeKubernetesClient) {
  const { metadata, spec } = client.deployment;
  const { [RESTARTED_AT]: _, ...annotations } =
    spec.template.metadata?.annotations ?? {};
  return {
    ...client.contents(),
    mark: metadata.annotations?.[UNVERIFIED_SWITCH],
    template: {
      spec: spec.template.spec,
      metadata: { ...spec.template.metadata, annotations },
    },
  };
}

type Systems = ReturnType<ReturnType<typeof gatewayIn>['systemsFor']>;

const connect = (systems: Systems) =>
  configureGateway(systems, DESIRED, { log, verify });
const disconnect = (systems: Systems) =>
  disconnectGateway(systems, DESIRED, { log, verify, allowLockout: true });

/** How many writes a run makes that nothing disturbs, the way back of a switch that fails not counted. */
async function writesOf(
  [, config, before]: Layout,
  run: (systems: Systems) => Promise<unknown>,
) {
  const client = before();
  await run(gatewayIn(client, true).systemsFor(config, client));
  return client.writes.length;
}

describe('a run that is killed after one of its writes', () => {
  it.each(LAYOUTS)(
    'should be undone by the next one where its settings do not work: %s',
    async (...layout) => {
      const [, config, before] = layout;
      const writes = await writesOf(layout, connect);
      for (let count = 1; count <= writes; count++) {
        const client = before();
        const initial = stateOf(client);
        const gateway = gatewayIn(client, false);
        await expect(
          connect(gateway.systemsFor(config, killedAfter(count, client))),
        ).rejects.toThrow();

        await expect(
          connect(gateway.systemsFor(config, client)),
        ).rejects.toThrow('did not come up with the new settings');

        expect({ count, ...stateOf(client) }).toEqual({ count, ...initial });
        expect(gateway.now().issuer).not.toBe(DESIRED.issuer);
        const { unverified } = await targetOf(client, config).read();
        expect(unverified).toBeUndefined();
      }
    },
  );

  it.each(LAYOUTS)(
    'should be completed by the next one where its settings work, with nothing left over: %s',
    async (...layout) => {
      const [, config, before] = layout;
      const undisturbed = before();
      await connect(
        gatewayIn(undisturbed, true).systemsFor(config, undisturbed),
      );
      const writes = undisturbed.writes.length;
      for (let count = 1; count <= writes; count++) {
        const client = before();
        const gateway = gatewayIn(client, true);
        await connect(
          gateway.systemsFor(config, killedAfter(count, client)),
        ).catch(() => 'killed');

        await connect(gateway.systemsFor(config, client));

        expect(gateway.now().issuer).toBe(DESIRED.issuer);
        const { mark, data } = stateOf(client);
        expect(mark).toBeUndefined();
        expect({ count, data }).toEqual({
          count,
          data: stateOf(undisturbed).data,
        });
        const done = client.writes.length;
        await connect(gateway.systemsFor(config, client));
        expect(client.writes).toHaveLength(done);
      }
    },
  );

  it.each(LAYOUTS)(
    'should be undone by a restart where its gateway does not run: %s',
    async (...layout) => {
      const [, config, before] = layout;
      const writes = await writesOf(layout, connect);
      for (let count = 1; count <= writes; count++) {
        const client = before();
        const initial = stateOf(client);
        const gateway = gatewayIn(client, false);
        await connect(
          gateway.systemsFor(config, killedAfter(count, client)),
        ).catch(() => 'killed');
        const { unverified } = await targetOf(client, config).read();

        await restartGateway(gateway.systemsFor(config, client), DESIRED, {
          log,
          verify,
        });

        expect(gateway.now().issuer).toBe(startedWith(before()).issuer);
        // Only an undone switch leads back to the initial state.
        const after = stateOf(client);
        expect({ count, ...after }).toEqual({
          count,
          ...(unverified ? initial : after),
        });
      }
    },
  );

  it.each(LAYOUTS)(
    'should still be undone after a restart that could not verify it: %s',
    async (...layout) => {
      const [, config, before] = layout;
      const client = before();
      const initial = stateOf(client);
      const systems = gatewayIn(client, true).systemsFor(config, client);
      const [provider] = systems.authentik.providers;
      const reading = await systems.target.read();
      await reading.plan(desiredSettings(DESIRED, provider)).apply({ log });
      systems.hoop.hasOidcLoaded.mockResolvedValue(false);
      await restartGateway(systems, DESIRED, { log, verify, always: true });

      const { unverified } = await targetOf(client, config).read();
      expect(unverified?.refusal).toBeUndefined();
      await unverified!.undo({ log });
      expect(stateOf(client)).toEqual(initial);
    },
  );

  // An immutable object with other variables cannot be disconnected.
  it.each(LAYOUTS.slice(0, -1))(
    'should leave nothing behind once the gateway is disconnected: %s',
    async (...layout) => {
      const [, config, before] = layout;
      const connected = before();
      await connect(gatewayIn(connected, true).systemsFor(config, connected));
      const writes = connected.writes.length;
      await disconnect(
        gatewayIn(connected, true).systemsFor(config, connected),
      );
      for (let count = 1; count <= writes; count++) {
        const client = before();
        const gateway = gatewayIn(client, false);
        await connect(
          gateway.systemsFor(config, killedAfter(count, client)),
        ).catch(() => 'killed');

        await disconnect(gateway.systemsFor(config, client));

        expect(gateway.isOidc()).toBe(false);
        const { mark, data } = stateOf(client);
        expect(mark).toBeUndefined();
        const text = JSON.stringify(data);
        for (const secret of [
          SECRET_DATA.IDP_CLIENT_SECRET,
          OLD_SECRET.IDP_CLIENT_SECRET,
        ]) {
          expect(text).not.toContain(secret);
          expect(text).not.toContain(Buffer.from(secret).toString('base64'));
        }
        expect(Object.keys(data)).not.toContain(
          'Secret hoopgateway-idp-previous',
        );
      }
    },
  );
});

describe('a disconnect that is killed after one of its writes', () => {
  it.each(LAYOUTS.slice(2, 5))(
    'should be completed by the next one: %s',
    async (...layout) => {
      const [, config, before] = layout;
      const undisturbed = before();
      await disconnect(
        gatewayIn(undisturbed, true).systemsFor(config, undisturbed),
      );
      const writes = undisturbed.writes.length;
      for (let count = 1; count <= writes; count++) {
        const client = before();
        const gateway = gatewayIn(client, true);
        await disconnect(
          gateway.systemsFor(config, killedAfter(count, client)),
        ).catch(() => 'killed');

        await disconnect(gateway.systemsFor(config, client));

        const { mark, data } = stateOf(client);
        expect(mark).toBeUndefined();
        expect({ count, data }).toEqual({
          count,
          data: stateOf(undisturbed).data,
        });
      }
    },
  );
});
