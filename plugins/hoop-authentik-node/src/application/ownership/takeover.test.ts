import { AuthentikServerError } from '../../systems/authentik';
import { removeApplication } from '../deleteApplication';
import { ensureApplication } from '../ensureApplication';
import { ensureBindings } from '../ensureBindings';
import { FakeAuthentikClient } from '../__testUtils__/FakeAuthentikClient';
import { CONTEXT, REDIRECT_URI } from '../__testUtils__/serverObjects';
import { recordsInMemory, type CreationRecords } from '../records';
import type { ApplicationSpec } from '../spec';

const SPEC: ApplicationSpec = {
  slug: 'hoop',
  description: 'Access to databases',
  bindings: [{ group: 'admin' }],
};
const CLAIM = { gateway: 'main', slug: 'hoop', redirectUri: REDIRECT_URI };
const UNCLAIMED = {
  ...CONTEXT,
  gateway: 'main',
  claimedApplication: undefined,
};

type Action = (
  client: FakeAuthentikClient,
  run: CreationRecords,
) => Promise<unknown>;

const ACTIONS: Record<string, Action> = {
  connect: (client, run) => ensureApplication(client, SPEC, UNCLAIMED, { run }),
  access: (client, run) => ensureBindings(client, CLAIM, SPEC, { run }),
  disconnect: (client, run) =>
    removeApplication(client, CLAIM, { run, remember: (_, read) => read() }),
};

type Write = 'createApplication' | 'createProvider' | 'createBinding';

/** What a run left whose process ended with a write, which was carried out or not. */
async function cutOff(write: Write, isCarriedOut: boolean) {
  const client = new FakeAuthentikClient();
  const run = recordsInMemory();
  let isKilled = false;
  const mortal = <T extends object>(object: T): T =>
    new Proxy(object, {
      get(target, key) {
        const member = Reflect.get(target, key);
        return typeof member !== 'function'
          ? member
          : async (...args: unknown[]) => {
              const isLast = key === write && !isKilled;
              isKilled ||= isLast;
              const answer =
                !isKilled || (isLast && isCarriedOut)
                  ? await member.apply(target, args)
                  : undefined;
              if (isKilled) {
                throw new Error('the process was killed');
              }
              return answer;
            };
      },
    });
  await expect(
    ensureApplication(mortal(client), SPEC, UNCLAIMED, { run: mortal(run) }),
  ).rejects.toThrow('the process was killed');
  client.writes.length = 0;
  return { client, run };
}

describe('a creation that was cut off', () => {
  const MOMENTS = [
    ['createApplication', false],
    ['createApplication', true],
    ['createBinding', false],
    ['createBinding', true],
    ['createProvider', false],
    ['createProvider', true],
  ] as const;

  it.each(MOMENTS)(
    'should be continued by the next run: %s, carried out: %s',
    async (method, isCarriedOut) => {
      const { client, run } = await cutOff(method, isCarriedOut);

      await ensureApplication(client, SPEC, UNCLAIMED, { run });

      expect(client.providers).toHaveLength(1);
      expect(client.applications).toMatchObject([
        { slug: 'hoop', provider: client.providers[0].pk },
      ]);
      expect(client.bindings).toHaveLength(1);
      const again = await ensureApplication(client, SPEC, UNCLAIMED, { run });
      expect(again.writes).toBe(0);
    },
  );

  it.each(MOMENTS)(
    'should be removed by a disconnect: %s, carried out: %s',
    async (method, isCarriedOut) => {
      const { client, run } = await cutOff(method, isCarriedOut);
      await ACTIONS.disconnect(client, run);
      expect(client.applications).toEqual([]);
    },
  );

  it('should stay known once its access was changed', async () => {
    const { client, run } = await cutOff('createApplication', true);
    await ACTIONS.access(client, run);
    await ACTIONS.connect(client, run);
    expect(client.applications).toMatchObject([
      { provider: client.providers[0].pk },
    ]);
  });

  it('should be known by its key in the run whose answer was lost', async () => {
    const client = new FakeAuthentikClient();
    const run = recordsInMemory();
    const create = client.createApplication.bind(client);
    client.createApplication = async (...args) => {
      await create(...args);
      throw new AuthentikServerError('no answer');
    };
    await ensureApplication(client, SPEC, UNCLAIMED, { run });
    expect(run.created).toContainEqual(
      expect.objectContaining({
        kind: 'application',
        proof: client.applications[0].pk,
      }),
    );
  });
});

describe('a record that was left', () => {
  const ours = {
    name: 'hoop',
    slug: 'hoop',
    metaDescription: 'Access to databases',
  };
  type Arrange = (client: FakeAuthentikClient) => void;
  const FOREIGN: Array<[string, Arrange]> = [
    [
      'another name',
      client => client.addApplication({ ...ours, name: 'Payroll' }),
    ],
    [
      'another description',
      client => client.addApplication({ ...ours, metaDescription: '' }),
    ],
    [
      'another group',
      client => client.addApplication({ ...ours, group: 'Finance' }),
    ],
    [
      'another launch URL',
      client =>
        client.addApplication({
          ...ours,
          metaLaunchUrl: 'https://payroll.company',
        }),
    ],
    [
      'a binding',
      client =>
        client.addBinding(client.addApplication(ours).pk, {
          order: 0,
          group: 'group-1',
        }),
    ],
    [
      'a provider that leads nowhere yet',
      client =>
        client.addApplication({
          ...ours,
          provider: client.addProvider({ name: 'Payroll' }).pk,
        }),
    ],
  ];
  const CASES = FOREIGN.flatMap(([what, arrange]) =>
    Object.keys(ACTIONS).map(action => [what, action, arrange] as const),
  );

  it.each(CASES)(
    'should not claim a later application with %s: %s',
    async (_, action, arrange) => {
      const { client, run } = await cutOff('createApplication', false);
      expect(run.created).toContainEqual(
        expect.objectContaining({ kind: 'application', name: 'hoop' }),
      );
      arrange(client);
      const before = client.contents();

      await expect(ACTIONS[action](client, run)).rejects.toThrow(
        /^The authentik application "hoop" on https:\/\/auth\.company does not belong to the gateway "main": .* write hoopAuthentik\.gateways\[\]\.application: hoop for this gateway in app-config/,
      );

      expect(client.writes).toEqual([]);
      expect(client.contents()).toEqual(before);
    },
  );

  it.each(Object.keys(ACTIONS))(
    'should not claim the application that follows ours, even if it is the same but for its key: %s',
    async action => {
      const { client, run } = await cutOff('createBinding', false);
      client.applications = [];
      client.providers = [];
      client.addApplication(ours);
      await expect(ACTIONS[action](client, run)).rejects.toThrow(
        'it has no provider, so nothing shows whose it is',
      );
      expect(client.writes).toEqual([]);
    },
  );

  it('should not claim a later provider of the same name', async () => {
    const { client, run } = await cutOff('createProvider', false);
    const record = run.created.find(({ kind }) => kind === 'provider')!;
    const { clientId } = client.addProvider({ name: record.name });
    expect(record.proof).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(clientId).not.toBe(record.proof);

    await expect(ACTIONS.connect(client, run)).rejects.toThrow(
      `The authentik provider "${record.name}" on https://auth.company does not belong to the gateway "main": it does not lead to ${REDIRECT_URI}. Nothing was changed.`,
    );

    expect(client.writes).toEqual([]);
  });

  it('should hold no client secret', async () => {
    const { client, run } = await cutOff('createProvider', true);
    const records = JSON.stringify(run.created);
    expect(records).toContain(client.providers[0].clientId);
    expect(records).not.toContain(client.providers[0].clientSecret.reveal());
  });
});
