import { ensureApplication } from './ensureApplication';
import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';
import { CONTEXT, KEY_PAIRS } from './__testUtils__/serverObjects';
import { SPEC } from './__testUtils__/specs';
import type { ApplicationSpec } from './spec';

describe('ensureApplication with concurrent runs', () => {
  let client: FakeAuthentikClient;

  beforeEach(() => {
    client = new FakeAuthentikClient();
  });

  const ensure = (spec: ApplicationSpec = SPEC) =>
    ensureApplication(client, spec, CONTEXT);

  const eight = () => Promise.all(Array.from({ length: 8 }, () => ensure()));

  it.each([
    ['2026.8.0', 'answers the losers 200 and applied: false'],
    ['2025.10.0', 'fails over the losers'],
  ])('should leave one pair on %s, which %s', async version => {
    client.version = version;
    const ensured = await eight();

    expect(client.applications).toHaveLength(1);
    expect(client.providers).toHaveLength(1);
    expect(client.bindings).toHaveLength(3);
    expect(new Set(ensured.map(({ clientId }) => clientId))).toEqual(
      new Set([client.providers[0].clientId]),
    );
    expect(client.keyPairs).toHaveLength(KEY_PAIRS.length + 1);
    expect(client.providers[0].signingKey).toBe(client.keyPairs.at(-1)!.pk);
  });

  it('should leave one pair where the transaction is preferred and not permitted', async () => {
    client.refused.add('createApplicationWithProvider');
    const ensured = await Promise.all(
      Array.from({ length: 8 }, () =>
        ensureApplication(
          client,
          { slug: 'hoop' },
          { ...CONTEXT, transaction: true },
        ),
      ),
    );
    expect(client.applications).toHaveLength(1);
    expect(client.providers).toHaveLength(1);
    expect(client.applications[0].provider).toBe(client.providers[0].pk);
    expect(new Set(ensured.map(({ providerId }) => providerId)).size).toBe(1);
  });

  it('should leave each binding once on a pair that exists', async () => {
    await ensure({ slug: 'hoop' });
    await eight();
    expect(
      client.bindings.map(({ group, user, policy }) => group ?? user ?? policy),
    ).toEqual(['group-admin', 7, 'policy-office-hours']);
  });

  it('should keep a binding of the same group that differs', async () => {
    const { applicationId } = await ensure({ slug: 'hoop' });
    client.onWrite = method => {
      if (method === 'createBinding') {
        client.addBinding(applicationId, {
          group: 'group-admin',
          order: 0,
          negate: true,
        });
      }
    };
    await ensure({ slug: 'hoop', bindings: [{ group: 'admin' }] });
    expect(client.bindings.map(({ negate }) => negate)).toEqual([false, true]);
  });

  it('should report the new plan after a concurrent write', async () => {
    const actions: string[][] = await Promise.all(
      Array.from({ length: 2 }, async () => {
        const reported: string[] = [];
        await ensureApplication(client, SPEC, CONTEXT, {
          onPlan: ({ action }) => reported.push(action),
        });
        return reported;
      }),
    );
    expect(actions.sort((a, b) => a.length - b.length)).toEqual([
      ['create'],
      ['create', 'join', 'unchanged'],
    ]);
  });

  it('should give up when another writer always writes first', async () => {
    client.createApplicationWithProvider = async () => ({ applied: false });
    await expect(
      ensureApplication(client, SPEC, { ...CONTEXT, transaction: true }),
    ).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining(
        'Could not reconcile the authentik application "hoop" on https://auth.company after 4 attempts.',
      ),
    });
  });
});
