import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  ensureApplication,
  type ApplicationSpec,
  type EnsuredApplication,
} from 'backstage-plugin-hoop-authentik-node';
import type { Workbench } from '../Workbench';

const WRITERS = 8;

/** Each writer has a client, and with it connections, of its own. */
async function ensureAtOnce(
  workbench: Workbench,
  spec: ApplicationSpec,
): Promise<EnsuredApplication[]> {
  const outcomes = await Promise.allSettled(
    Array.from({ length: WRITERS }, () => {
      const { client, context } = workbench.connect();
      return ensureApplication(client, spec, {
        ...context,
        claimedApplication: spec.slug,
      });
    }),
  );
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') {
      // Nothing but a clear conflict is allowed.
      assert.equal(outcome.reason.name, 'ConflictError', outcome.reason);
      assert.match(outcome.reason.message, /run the task again/);
    }
  }
  const ensured = outcomes.flatMap(outcome =>
    outcome.status === 'fulfilled' ? [outcome.value] : [],
  );
  assert.ok(ensured.length > 0, 'nobody succeeded');
  return ensured;
}

async function assertOnePair(
  workbench: Workbench,
  { slug, providerName }: ApplicationSpec,
  ensured: EnsuredApplication[],
): Promise<void> {
  const { application, provider } = await workbench.readPair(slug);
  for (const one of ensured) {
    assert.equal(one.applicationId, application.pk);
    assert.equal(one.providerId, provider.pk);
    assert.equal(one.clientId, provider.clientId);
  }
  const providers = await workbench.client.listProviders();
  assert.deepEqual(
    providers.filter(({ name }) => name === providerName).map(({ pk }) => pk),
    [provider.pk],
  );
  const { groups } = await workbench.references();
  const bindings = await workbench.client.listBindings(application.pk);
  assert.deepEqual(
    bindings.map(({ group }) => group),
    groups.map(({ pk }) => pk),
  );
}

export function concurrencyStatements(workbench: Workbench): void {
  const twoGroups = async () => {
    const { groups } = await workbench.references();
    return { bindings: groups.map(({ name }) => ({ group: name })) };
  };

  it(`${WRITERS} writers that create the same pair at once leave one, with each binding once`, async () => {
    const spec = workbench.spec('race', await twoGroups());
    const ensured = await ensureAtOnce(workbench, spec);
    await assertOnePair(workbench, spec, ensured);
  });

  it(`${WRITERS} writers that adopt the same provider at once leave one pair, with each binding once`, async () => {
    const spec = workbench.spec('race-join', await twoGroups());
    await workbench.client.createProvider(
      await workbench.providerFields('race-join'),
    );
    const ensured = await ensureAtOnce(workbench, spec);
    await assertOnePair(workbench, spec, ensured);
  });

  it(`${WRITERS} writers that add the same bindings at once leave each once`, async () => {
    const spec = workbench.spec('race-bind');
    const { client, context } = workbench;
    await ensureApplication(client, spec, context);
    const bound = { ...spec, ...(await twoGroups()) };
    const ensured = await ensureAtOnce(workbench, bound);
    await assertOnePair(workbench, bound, ensured);
  });
}
