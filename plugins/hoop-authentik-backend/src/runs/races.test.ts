import { TestDatabases } from '@backstage/backend-test-utils';
import {
  configureGateway,
  desiredIntegration,
  disconnectGateway,
  ensureApplication,
  rotateClientSecret,
} from 'backstage-plugin-hoop-authentik-node';
import type { GatewayRun } from 'backstage-plugin-hoop-authentik-node/alpha';
import makeKnex, { type Knex } from 'knex';
import {
  startSandboxProcess,
  type RecordedRequest,
  type SandboxProcess,
} from 'sandbox';
import {
  startRacingBackend,
  type RacingBackend,
} from './__testUtils__/racingBackend';

/** `yarn test:races` makes 1,000 of them on PostgreSQL. */
const RACES = Number(process.env.RACES ?? 6);
const isSample = RACES < 100;
/** Each has one gateway; their races are run side by side. */
const SANDBOXES = isSample ? 1 : 4;
const REPLICAS = 2;

jest.setTimeout(60_000 + RACES * 5_000);

type Kind = 'configure' | 'rotate' | 'disconnect';

const KINDS: readonly Kind[] = ['configure', 'rotate', 'disconnect'];

/** When a run held its gateway. */
interface Turn {
  from: number;
  to: number;
}

interface Racer {
  gateway: string;
  kind: Kind;
  cancelled: AbortSignal;
}

const databases = TestDatabases.create({
  disableDocker: true,
  ids: isSample ? undefined : ['POSTGRES_15'],
});

describe.each(databases.eachSupportedId())('races on %s', id => {
  const sandboxes: SandboxProcess[] = [];
  const connections: Knex[] = [];
  const replicas: RacingBackend[] = [];
  const log: string[] = [];

  const nameOf = (index: number) => `gateway-${index}`;

  beforeAll(async () => {
    sandboxes.push(
      ...(await Promise.all(
        Array.from({ length: SANDBOXES }, () =>
          startSandboxProcess({ rolloutDelayMs: 0 }),
        ),
      )),
    );
    const data = {
      hoopAuthentik: {
        authentik: sandboxes.map(({ authentik }, index) => ({
          name: nameOf(index),
          baseUrl: authentik.url,
          token: authentik.tokens.leastPrivilege,
        })),
        gateways: sandboxes.map(({ gateway }, index) => ({
          name: nameOf(index),
          url: gateway.url,
          apiKey: gateway.apiKey,
          authentik: nameOf(index),
          application: 'hoop',
          target: { type: 'gatewayApi' },
        })),
      },
    };
    const first = await databases.init(id);
    for (let index = 0; index < REPLICAS; index++) {
      // A database in memory has one connection.
      const knex =
        index === 0 || id === 'SQLITE_3'
          ? first
          : makeKnex(first.client.config);
      connections.push(knex);
      replicas.push(await startRacingBackend(data, knex));
    }
  });

  afterAll(async () => {
    await Promise.all(replicas.map(replica => replica.stop()));
    await Promise.all(connections.slice(1).map(knex => knex.destroy()));
    await Promise.all(sandboxes.map(sandbox => sandbox.stop()));
  });

  /** What a run of an action does while it holds its gateway. */
  async function work(
    { gateways }: RacingBackend,
    held: GatewayRun,
    { gateway: name, kind, cancelled }: Racer,
  ): Promise<void> {
    const gateway = gateways.getGateway(name);
    const systems = gateway.systemsOf(held);
    const desired = desiredIntegration(gateway.config, gateway.authentik);
    const options = {
      signal: AbortSignal.any([held.signal, cancelled]),
      log: (line: string) => log.push(line),
    };
    if (kind === 'disconnect') {
      await disconnectGateway(systems, desired, options);
    } else if (kind === 'configure') {
      await configureGateway(systems, desired, options);
    } else {
      const { slug } = desired.application;
      const { redirectUri } = desired;
      const claim = { slug, claimedApplication: slug, redirectUri };
      await rotateClientSecret(systems, desired, {
        ...options,
        claim,
        run: held,
      });
    }
  }

  /** @returns when it held its gateway */
  async function race(replica: RacingBackend, racer: Racer): Promise<Turn> {
    const { gateway, kind } = racer;
    const held = await replica.runs.begin({
      gateway,
      taskId: kind,
      action: kind,
      log: line => log.push(line),
    });
    const from = Date.now();
    try {
      await work(replica, held, racer);
    } catch (error) {
      // A cancelled task is the only one that may fail.
      if (!racer.cancelled.aborted) {
        throw error;
      }
    }
    const to = Date.now();
    await held.end();
    return { from, to };
  }

  async function expectAgreement({ authentik, gateway }: SandboxProcess) {
    const [stored, { results }] = await Promise.all([
      ask(`${gateway.url}/api/serverconfig/auth`, gateway.apiKey),
      ask(`${authentik.url}/api/v3/providers/oauth2/`, authentik.token),
    ]);
    if (stored.auth_method !== 'local') {
      const { client_id, client_secret, issuer_url } = stored.oidc_config;
      expect(results).toContainEqual(
        expect.objectContaining({ client_id, client_secret }),
      );
      expect(issuer_url).toBe(`${authentik.url}/application/o/hoop/`);
    }
    return stored.auth_method;
  }

  /** Races on one gateway, one after the other. */
  async function runRaces(index: number, races: number[]): Promise<string[]> {
    const sandbox = sandboxes[index];
    const gateway = nameOf(index);
    const methods: string[] = [];
    for (const number of races) {
      const { seq } = await sandbox.control.requests(Number.MAX_SAFE_INTEGER);
      const cancel = new AbortController();
      const timer =
        number % 3 === 2
          ? setTimeout(() => cancel.abort(), (number * 37) % 400)
          : undefined;
      const never = new AbortController().signal;
      const turns = await Promise.all(
        KINDS.map((_, place) => {
          // Another order each time, and each action on each replica.
          const kind = KINDS[(place + number) % KINDS.length];
          const cancelled = place === number % 2 ? cancel.signal : never;
          const replica = replicas[(place + (number >> 1)) % REPLICAS];
          return race(replica, { gateway, kind, cancelled });
        }),
      );
      clearTimeout(timer);
      turns.sort((a, b) => a.from - b.from);
      turns.slice(1).forEach(({ from }, before) => {
        expect(from).toBeGreaterThanOrEqual(turns[before].to);
      });
      const { requests } = await sandbox.control.requests(seq);
      for (const { startedAt, durationMs } of requests.filter(isWrite)) {
        const began = Date.parse(startedAt);
        const during = turns.filter(
          ({ from, to }) => began >= from && began + durationMs <= to + 1,
        );
        expect(during).toHaveLength(1);
      }
      methods.push(await expectAgreement(sandbox));
    }
    return methods;
  }

  it(`should leave authentik and gateway agreed after each of ${RACES}, with one run writing at a time`, async () => {
    const began = Date.now();
    await Promise.all(
      sandboxes.map(async (_, index) => {
        const gateway = replicas[0].gateways.getGateway(nameOf(index));
        await ensureApplication(
          gateway.systems.authentik,
          { slug: 'hoop' },
          gateway.applicationContext(),
        );
      }),
    );
    const numbers = Array.from({ length: RACES }, (_, number) => number);
    const methods = await Promise.all(
      sandboxes.map((_, index) =>
        runRaces(
          index,
          numbers.filter(number => number % SANDBOXES === index),
        ),
      ),
    );
    expect(methods.flat()).toHaveLength(RACES);
    expect(new Set(methods.flat())).toEqual(new Set(['local', 'oidc']));
    const secrets = await Promise.all(
      sandboxes.map(({ control }) => control.secrets()),
    );
    const text = log.join('\n');
    expect(secrets.flat().filter(one => text.includes(one))).toEqual([]);
    process.stdout.write(
      `${RACES} races on ${id} in ${Math.round(
        (Date.now() - began) / 1000,
      )} s\n`,
    );
  });
});

async function ask(url: string, token: string) {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(200);
  return response.json();
}

/** Of what these actions do here: a new secret in authentik, other settings in the gateway. */
function isWrite({ system, method, path }: RecordedRequest): boolean {
  return system === 'authentik'
    ? method === 'PATCH'
    : system === 'gateway' && method === 'PUT' && path.includes('serverconfig');
}
