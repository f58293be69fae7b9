import { setImmediate } from 'node:timers/promises';
import { ensureApplication } from './ensureApplication';
import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';
import { Mortal, type Death } from './__testUtils__/mortal';
import { CONTEXT, KEY_PAIRS, RSA_KEY } from './__testUtils__/serverObjects';
import { SPEC } from './__testUtils__/specs';
import { recordsInMemory, type CreationRecords } from './records';
import type { ApplicationContext, ApplicationSpec } from './spec';

/** Only the records of a run show that the application is ours. */
const UNCLAIMED = { ...CONTEXT, claimedApplication: undefined };

const GROUPS: ApplicationSpec = {
  slug: 'hoop',
  bindings: [{ group: 'admin' }, { group: 'developers' }],
  bindingsMode: 'authoritative',
};

interface World {
  client: FakeAuthentikClient;
  run: CreationRecords;
  /** Writes after which a stranger could sign in. */
  open: string[];
}

function newWorld(): World {
  const client = new FakeAuthentikClient();
  const open: string[] = [];
  client.onWrite = method => {
    const isOpen = client.applications.some(
      ({ pk, provider }) =>
        provider !== undefined &&
        !client.bindings.some(
          ({ target, enabled }) => target === pk && enabled,
        ),
    );
    if (isOpen) {
      open.push(method);
    }
  };
  return { client, run: recordsInMemory(), open };
}

async function ensure(
  { client, run }: World,
  spec: ApplicationSpec,
  context: ApplicationContext,
  death?: Death,
): Promise<number> {
  const process = new Mortal(death);
  const ending = ensureApplication(process.hold(client), spec, context, {
    run: process.hold(run),
  });
  await Promise.race([ending, process.died]);
  // What was under way is carried out.
  for (let turn = 0; turn < 20; turn++) {
    await setImmediate();
  }
  return process.calls;
}

const shape = ({ client }: World) => ({
  applications: client.applications.map(({ slug, provider }) => [
    slug,
    provider === client.providers[0]?.pk,
  ]),
  providers: client.providers.map(({ name, signingKey }) => [
    name,
    signingKey === client.keyPairs.at(-1)?.pk,
  ]),
  bindings: client.bindings
    .map(({ group, user, policy }) => `${group ?? user ?? policy}`)
    .sort(),
  certificates: client.keyPairs.length - KEY_PAIRS.length,
});

describe('a run that is killed at any request, and run again', () => {
  const cases: Array<
    [string, ApplicationSpec, ApplicationContext, (world: World) => unknown]
  > = [
    ['creating', SPEC, UNCLAIMED, () => {}],
    [
      'creating in one transaction',
      SPEC,
      { ...UNCLAIMED, transaction: true },
      () => {},
    ],
    [
      'changing the groups',
      GROUPS,
      UNCLAIMED,
      world =>
        ensure(
          world,
          { ...GROUPS, bindings: [{ group: 'auditors' }] },
          UNCLAIMED,
        ),
    ],
    [
      'separating a shared key',
      { ...SPEC, newSigningKey: true },
      UNCLAIMED,
      world => ensure(world, { ...SPEC, signingKey: RSA_KEY.name }, UNCLAIMED),
    ],
  ];

  it.each(cases)(
    'should double and leave nothing, and never be open: %s',
    async (_, spec, context, prepare) => {
      const undisturbed = newWorld();
      await prepare(undisturbed);
      const calls = await ensure(undisturbed, spec, context);
      const wanted = shape(undisturbed);
      expect(undisturbed.open).toEqual([]);
      expect(calls).toBeGreaterThan(10);

      for (let at = 1; at <= calls; at++) {
        for (const carriedOut of [false, true]) {
          const world = newWorld();
          await prepare(world);
          await ensure(world, spec, context, { at, carriedOut });
          await ensure(world, spec, context);
          expect({ at, carriedOut, ...shape(world), open: world.open }).toEqual(
            { at, carriedOut, ...wanted, open: [] },
          );
        }
      }
    },
  );
});
