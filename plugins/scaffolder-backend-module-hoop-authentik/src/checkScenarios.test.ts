import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from 'backstage-plugin-hoop-authentik-common';
import {
  CHECKS,
  configureGateway,
  ensureApplication,
  observeIntegration,
  runChecks,
} from 'backstage-plugin-hoop-authentik-node';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { AUTHENTIK_SCENARIOS } from './__testUtils__/checkScenarios/authentik';
import { GATEWAY_SCENARIOS } from './__testUtils__/checkScenarios/gateway';
import {
  scenarioPage,
  type Played,
} from './__testUtils__/checkScenarios/table';
import { createWorld, type World } from './__testUtils__/checkScenarios/world';

const PAGE = resolve(__dirname, '../../../docs/check-scenarios.md');

/** How long a rollout and the checks that see it may take on a busy machine. */
const PATIENCE_MS = 60_000;
const TIMEOUT_MS = 180_000;

/** Played one after another on one gateway that stays up; those that take a system or the gateway down are not. */
const SCENARIOS = [...AUTHENTIK_SCENARIOS, ...GATEWAY_SCENARIOS].filter(
  ({ check, status }) => status !== 'unknown' && !check.startsWith('gateway.'),
);

describe('every check of authentik and the sign-in', () => {
  jest.setTimeout(TIMEOUT_MS);
  let sandbox: SandboxProcess;
  let world: World;
  const played: Played[] = [];

  beforeAll(async () => {
    sandbox = await startSandboxProcess({ rolloutDelayMs: 200 });
    world = createWorld(sandbox);
    const { gateway, systems, desired } = world;
    await ensureApplication(
      systems.authentik,
      {
        slug: desired.application.slug,
        name: 'Hoop.dev',
        bindings: [{ group: 'admin' }],
      },
      gateway.applicationContext(),
    );
    await configureGateway(systems, desired, { log: () => {} });
  }, TIMEOUT_MS);

  afterAll(async () => {
    await world?.close();
    await sandbox?.stop();
  });

  const look = async (): Promise<Check[]> => {
    const { systems, desired } = world;
    const observed = await observeIntegration(systems, desired, {
      loginUrl: true,
    });
    return runChecks({ desired, observed });
  };

  /** Looks until it is as expected, and then once more, since a rollout goes through several states. */
  const lookUntil = async (settled: (checks: Check[]) => boolean) => {
    const deadline = Date.now() + PATIENCE_MS;
    let checks = await look();
    let before = false;
    while (Date.now() < deadline) {
      const now = settled(checks);
      if (now && before) {
        break;
      }
      before = now;
      await sleep(300);
      checks = await look();
    }
    return checks;
  };

  const notPassed = (checks: Check[]) =>
    checks
      .filter(({ status }) => status !== 'pass')
      .map(({ id, status, actual }) => ({ id, status, actual }));

  it('should have a scenario', () => {
    expect(SCENARIOS.map(({ check }) => check)).toEqual(
      CHECKS.filter(
        ({ id, system }) =>
          ['authentik', 'sign-in'].includes(system) &&
          id !== 'authentik.reachable',
      ).map(({ id }) => id),
    );
  });

  it('should pass on a connected gateway', async () => {
    expect(notPassed(await look())).toEqual([]);
  });

  it.each(SCENARIOS)(
    'should be seen to fail and mended: $check, when $when',
    async ({ check, status, when, mendedBy, make }) => {
      const mend = await make(world);
      const found = await lookUntil(checks =>
        checks.some(one => one.id === check && one.status === status),
      );
      expect(found.find(({ id }) => id === check)).toMatchObject({ status });
      played.push({
        check,
        status,
        when,
        mendedBy,
        also: found
          .filter(one => one.id !== check && one.status !== 'pass')
          .map(({ id }) => id),
      });

      await mend();
      const mended = await lookUntil(checks => notPassed(checks).length === 0);
      expect(notPassed(mended)).toEqual([]);
    },
  );

  it('should be told in the page of scenarios', () => {
    const page = scenarioPage(played);
    if (process.env.UPDATE_DOCS) {
      writeFileSync(PAGE, page);
    }
    // Run this test with UPDATE_DOCS=1 where they differ.
    expect(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '').toBe(page);
  });
});
