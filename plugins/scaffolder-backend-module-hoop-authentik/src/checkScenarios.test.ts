import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHECK_IDS, type Check } from 'backstage-plugin-hoop-authentik-common';
import {
  observeIntegration,
  observeSignIn,
  runChecks,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { AUTHENTIK_SCENARIOS } from './__testUtils__/checkScenarios/authentik';
import { GATEWAY_SCENARIOS } from './__testUtils__/checkScenarios/gateway';
import { KUBERNETES_SCENARIOS } from './__testUtils__/checkScenarios/kubernetes';
import { SIGN_IN_SCENARIOS } from './__testUtils__/checkScenarios/signIn';
import { scenarioPage } from './__testUtils__/checkScenarios/table';
import {
  createWorld,
  type Scenario,
  type World,
} from './__testUtils__/checkScenarios/world';

const PAGE = resolve(__dirname, '../../../docs/check-scenarios.md');

/** How long a rollout and the checks that see it may take on a busy machine. */
const PATIENCE_MS = 45_000;
/** How long one look at all systems may take. */
const LOOK_MS = 30_000;
/** Of one scenario: it is waited for twice. */
const TIMEOUT_MS = 2 * (PATIENCE_MS + LOOK_MS) + 30_000;

const SCENARIOS = [
  ...AUTHENTIK_SCENARIOS,
  ...KUBERNETES_SCENARIOS,
  ...GATEWAY_SCENARIOS,
  ...SIGN_IN_SCENARIOS,
];

/** What is wrong, without what is skipped because of it. */
const wrongIn = (checks: Check[]) =>
  checks.filter(({ status }) => !['pass', 'skipped'].includes(status));

const idsOf = (checks: Check[]) => checks.map(({ id }) => id);

const notPassed = (checks: Check[]) =>
  checks
    .filter(({ status }) => status !== 'pass')
    .map(({ id, status, actual }) => ({ id, status, actual }));

const ORDER: readonly string[] = CHECK_IDS;

/** In the order in which they are found. */
const expectedOf = ({ check, follows = [] }: Scenario) =>
  [check, ...follows].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));

describe('every check', () => {
  let sandbox: SandboxProcess;
  let world: World;
  /** Whether the gateway was left as a scenario found it. */
  let isWell = false;
  const played: Scenario[] = [];

  beforeAll(async () => {
    sandbox = await startSandboxProcess({ rolloutDelayMs: 50 });
    world = createWorld(sandbox);
    await world.connect();
    isWell = true;
  }, TIMEOUT_MS);

  // A scenario that fails must not make the others fail.
  beforeEach(async () => {
    if (!isWell) {
      await sandbox.control.reset();
      await world.connect();
      isWell = true;
    }
  }, TIMEOUT_MS);

  afterAll(async () => {
    await world?.close();
    await sandbox?.stop();
  }, TIMEOUT_MS);

  const look = async (): Promise<Check[]> => {
    const { systems, desired } = world;
    const signal = AbortSignal.timeout(LOOK_MS);
    const observed = await observeSignIn(
      systems,
      await observeIntegration(systems, desired, { loginUrl: true, signal }),
      { signal },
    );
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
      await sleep(50);
      checks = await look();
    }
    return checks;
  };

  it('should have a scenario', () => {
    expect([...new Set(SCENARIOS.map(({ check }) => check))]).toEqual(ORDER);
  });

  it(
    'should pass on a connected gateway',
    async () => {
      expect(notPassed(await look())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it.each(SCENARIOS)(
    'should be seen to fail and fixed: $check, when $when',
    async scenario => {
      const { check, status, make } = scenario;
      const expected = expectedOf(scenario);
      isWell = false;
      const fix = await make(world);
      const found = await lookUntil(
        checks =>
          `${idsOf(wrongIn(checks))}` === `${expected}` &&
          checks.some(one => one.id === check && one.status === status),
      );
      expect(idsOf(wrongIn(found))).toEqual(expected);
      expect(found.find(({ id }) => id === check)).toMatchObject({ status });

      await fix();
      const fixed = await lookUntil(checks => notPassed(checks).length === 0);
      expect(notPassed(fixed)).toEqual([]);
      isWell = true;
      played.push(scenario);
    },
    TIMEOUT_MS,
  );

  it('should be in the page of scenarios', () => {
    // Half a page would be worse than one that is out of date.
    expect(played).toEqual(SCENARIOS);
    const page = scenarioPage(played);
    if (process.env.UPDATE_DOCS) {
      writeFileSync(PAGE, page);
    }
    // Run this test with UPDATE_DOCS=1 where they differ.
    expect(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '').toBe(page);
  });
});
