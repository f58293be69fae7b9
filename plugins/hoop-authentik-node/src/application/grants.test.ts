import { InputError } from '@backstage/errors';
import type { AuthentikApplication } from '../systems/authentik/types';
import { endGrants } from './endGrants';
import { ensureBindings } from './ensureBindings';
import type { AccessGrant } from './grantRecords';
import { grantAccess, type WantedGrant } from './grants';
import { recordsInMemory } from './records';
import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';
import { CLAIM } from './__testUtils__/serverObjects';

const UNTIL = '2099-01-01T00:00:00.000Z';
const ADMIN = { adminGroup: 'admin', claim: CLAIM };

describe('grants', () => {
  let client: FakeAuthentikClient;
  let application: AuthentikApplication;
  let grants: AccessGrant[];

  beforeEach(() => {
    client = new FakeAuthentikClient();
    application = client.addApplication({ name: 'Hoop', slug: 'hoop' });
    grants = [];
  });

  const run = () => ({
    ...recordsInMemory(),
    get grants() {
      return grants;
    },
    keepGrant: async (grant: AccessGrant) => {
      grants = [...grants.filter(({ id }) => id !== grant.id), grant];
    },
  });

  const bindAdmins = () =>
    client.addBinding(application.pk, { group: 'group-admin', order: 0 });

  const grant = (wanted: Partial<WantedGrant> = {}) =>
    grantAccess(
      client,
      CLAIM,
      { request: 'r1', group: 'developers', until: UNTIL, ...wanted },
      { run: run() },
    );

  it('should add a binding, recorded with its key', async () => {
    bindAdmins();
    const { changes, writes } = await grant();
    expect(changes).toEqual([
      {
        object: 'authentik application "hoop"',
        field: 'binding group "developers"',
        from: '(none)',
        to: `enabled until ${UNTIL}`,
      },
    ]);
    expect(writes).toBe(1);
    const [, binding] = client.bindings;
    expect(binding).toMatchObject({ group: 'group-developers', enabled: true });
    expect(grants).toMatchObject([
      { binding: binding.pk, mark: binding.order, request: 'r1', until: UNTIL },
    ]);
  });

  it('should let a user in as well', async () => {
    bindAdmins();
    await grant({ group: undefined, user: 'jane', until: undefined });
    expect(client.bindings[1]).toMatchObject({ user: 7 });
    expect(grants[0].subject).toEqual({ kind: 'user', key: '7', name: 'jane' });
  });

  it('should write nothing where it only plans', async () => {
    bindAdmins();
    const plan = await grantAccess(client, CLAIM, {
      request: 'r1',
      group: 'developers',
    });
    expect(plan).toMatchObject({
      changes: [{ to: 'enabled, without an end' }],
    });
    expect(client.writes).toEqual([]);
  });

  it.each([
    ['without a binding', () => {}, 'Everyone with an account'],
    [
      'with disabled bindings only',
      () =>
        client.addBinding(application.pk, {
          group: 'group-admin',
          order: 0,
          enabled: false,
        }),
      'Everyone with an account',
    ],
    [
      'whose bindings all have to pass',
      () => {
        bindAdmins();
        client.applications[0].policyEngineMode = 'all';
      },
      'would bar people',
    ],
    [
      'to which the group is bound already',
      () =>
        client.addBinding(application.pk, {
          group: 'group-developers',
          order: 0,
        }),
      'may sign in already',
    ],
    [
      'that keeps the group out',
      () => {
        bindAdmins();
        client.addBinding(application.pk, {
          group: 'group-developers',
          order: 1,
          negate: true,
        });
      },
      'keeps the group "developers" out',
    ],
  ])('should refuse an application %s', async (_, prepare, message) => {
    prepare();
    await expect(grant()).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(message),
    });
    expect(client.writes).toEqual([]);
    expect(grants).toEqual([]);
  });

  it.each([
    ['neither', { group: undefined }, 'not both'],
    ['both', { user: 'jane' }, 'not both'],
    ['an unknown group', { group: 'nobody' }, 'has no group named'],
    ['an unknown user', { group: undefined, user: 'nobody' }, 'no user named'],
  ])('should refuse %s', async (_, wanted, message) => {
    bindAdmins();
    await expect(grant(wanted)).rejects.toThrow(message);
  });

  it('should extend what was granted instead of binding it twice', async () => {
    bindAdmins();
    await grant();
    const later = '2099-02-01T00:00:00.000Z';
    const { changes, writes } = await grant({ request: 'r2', until: later });
    expect(changes).toMatchObject([
      { from: `enabled until ${UNTIL}`, to: `enabled until ${later}` },
    ]);
    expect(writes).toBe(0);
    expect(client.bindings).toHaveLength(2);
    expect(grants).toMatchObject([{ request: 'r2', until: later }]);
  });

  it('should take up a binding whose creation was cut off, and never make two', async () => {
    bindAdmins();
    client.onWrite = () => {
      client.onWrite = () => {};
      throw new Error('killed');
    };
    await expect(grant()).rejects.toThrow('killed');
    expect(grants).toMatchObject([{ binding: '' }]);
    expect(client.bindings).toHaveLength(2);
    await grant();
    expect(client.bindings).toHaveLength(2);
    expect(grants).toMatchObject([{ binding: client.bindings[1].pk }]);
  });

  it('should leave granted bindings alone, and bind the same group beside them', async () => {
    bindAdmins();
    await grant();
    const { changes } = await ensureBindings(
      client,
      CLAIM,
      {
        bindings: [{ group: 'admin' }, { group: 'developers' }],
        bindingsMode: 'authoritative',
      },
      { run: run() },
    );
    expect(changes).toMatchObject([{ field: 'binding group "developers"' }]);
    expect(client.bindings).toHaveLength(3);
    await endGrants(client, grants, ADMIN);
    expect(client.bindings.map(({ group }) => group)).toEqual([
      'group-admin',
      'group-developers',
    ]);
  });

  it('should end many with one read and one request each', async () => {
    bindAdmins();
    await grant();
    const [{ target, system, application: slug }] = grants;
    for (let number = 0; number < 1_000; number++) {
      const { pk } = client.addBinding(application.pk, {
        user: 1_000 + number,
        order: 2_000_000 + number,
      });
      grants.push({
        id: `${number}`,
        request: `r${number}`,
        system,
        application: slug,
        target,
        binding: pk,
        mark: 2_000_000 + number,
        subject: { kind: 'user', key: `${1_000 + number}`, name: `u${number}` },
      });
    }
    client.calls.length = 0;
    const ended = await endGrants(client, grants, ADMIN);
    expect(ended.filter(one => one.ended)).toHaveLength(1_001);
    expect(client.calls).toHaveLength(1 + 1_001);
    expect(client.bindings).toHaveLength(1);
  });

  it('should bind the administrators before the last enabled binding ends', async () => {
    bindAdmins();
    await grant();
    client.bindings = client.bindings.filter(
      ({ group }) => group === 'group-developers',
    );
    client.writes.length = 0;
    await endGrants(client, grants, ADMIN);
    expect(client.writes).toEqual(['createBinding', 'deleteBinding']);
    expect(client.bindings).toMatchObject([{ group: 'group-admin' }]);
  });

  it('should rather let access last than open the application to everyone', async () => {
    bindAdmins();
    await grant();
    client.bindings = client.bindings.slice(1);
    await expect(
      endGrants(client, grants, { ...ADMIN, adminGroup: 'nobody' }),
    ).rejects.toThrow('The last binding of the application cannot end');
    expect(client.bindings).toHaveLength(1);
  });

  it.each([
    [
      'was taken over by another system',
      () => {
        const { pk, metaModelName } = client.addProvider({
          name: 'Payroll',
          redirectUris: [
            {
              matchingMode: 'strict',
              url: 'https://payroll.company/callback',
              redirectUriType: 'authorization',
            },
          ],
        });
        Object.assign(client.applications[0], {
          provider: pk,
          providerModel: metaModelName,
        });
      },
      'Payroll',
    ],
    [
      'lost its slug to another one',
      () => {
        client.applications[0].slug = 'hoop-old';
        client.addApplication({ name: 'New', slug: 'hoop' });
      },
      'is not "hoop" of the gateway any more',
    ],
    [
      'has another slug',
      () => {
        client.applications[0].slug = 'hoop-old';
      },
      'is not "hoop" of the gateway any more',
    ],
  ])(
    'should bind no administrators to an application that %s',
    async (_, prepare, message) => {
      bindAdmins();
      await grant();
      client.bindings = client.bindings.slice(1);
      prepare();
      client.writes.length = 0;
      await expect(endGrants(client, grants, ADMIN)).rejects.toThrow(message);
      expect(client.writes).toEqual([]);
    },
  );

  it('should count as ended what the application took along, and nothing else', async () => {
    bindAdmins();
    await grant();
    client.listBindings = async () => {
      throw new InputError('target was rejected (400)');
    };
    await expect(endGrants(client, grants, ADMIN)).rejects.toThrow('400');
    client.applications = [];
    expect(await endGrants(client, grants, ADMIN)).toMatchObject([
      { ended: true, was: 'missing' },
    ]);
    client.listBindings = async () => {
      throw new Error('no answer');
    };
    await expect(endGrants(client, grants, ADMIN)).rejects.toThrow('no answer');
  });

  it('should not count as ended what lasts in another authentik instance', async () => {
    bindAdmins();
    await grant();
    const elsewhere = [
      { ...grants[0], system: 'https://old.company', binding: 'binding-there' },
      { ...grants[0], system: 'https://old.company', binding: '', mark: 1 },
    ];
    client.writes.length = 0;
    const ended = await endGrants(client, elsewhere, ADMIN);
    expect(ended).toMatchObject([{ ended: false }, { ended: false }]);
    expect(String(Object(ended[0]).error)).toContain('https://old.company');
    expect(client.writes).toEqual([]);

    // The same server under another address has the binding by its key.
    const moved = [{ ...grants[0], system: 'https://old.company' }];
    expect(await endGrants(client, moved, ADMIN)).toMatchObject([
      { ended: true, was: 'deleted' },
    ]);
  });

  it('should not touch a binding whose subject was changed, or that is gone', async () => {
    bindAdmins();
    await grant();
    client.bindings[1].group = 'group-admin';
    expect(await endGrants(client, grants, ADMIN)).toMatchObject([
      { ended: true, was: 'missing' },
    ]);
    expect(client.bindings).toHaveLength(2);
    client.bindings = [client.bindings[0]];
    expect(await endGrants(client, grants, ADMIN)).toMatchObject([
      { ended: true, was: 'missing' },
    ]);
    expect(client.bindings).toHaveLength(1);
  });
});
