import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from 'backstage-plugin-hoop-authentik-common';
import type { CallOptions } from '../core';
import {
  authMethod,
  CHECKS,
  loginUrl,
  PREFLIGHT_CHECKS,
  runChecks,
  testAccount,
} from '../integration/checks';
import {
  observeIntegration,
  observeLoginUrl,
  observeSignIn,
  type IntegrationSystems,
} from '../integration/observe';
import { problemsOf } from '../integration/problems';
import type {
  DesiredIntegration,
  ObservedIntegration,
} from '../integration/types';
import { refuseFailures } from './refusals';

/** @public */
export interface VerifyOptions extends CallOptions {
  /** How long the gateway may take until every check passes; default 30 s. */
  timeoutMs?: number;
  log?(line: string): void;
}

const UNVERIFIED = 'The sign-in could not be verified.';
const DEFAULT_TIMEOUT_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** Who administers the gateway matters before a switch, but does not keep people from signing in. */
const SIGN_IN_CHECKS = CHECKS.filter(({ lockout }) => !lockout);

/** What only a gateway that has been switched shows. */
const OWN_CHECKS: readonly string[] = [authMethod.id, loginUrl.id];

/** Attempts that reach the gateway's sign-in: each leaves a row in its database. */
const MOST_TRIES = 6;

/**
 * Follows `hoop config create` and `hoop login` up to authentik's login page, and checks every step against what the
 * guide requires. Retries for a while, since a gateway may need a moment to serve after its start. Its one side effect:
 * each attempt that reaches the gateway's sign-in leaves one unused login state in the gateway's database, and one that
 * reaches authentik's login page a session there.
 *
 * Where a test account is configured, it is signed in once at the end.
 *
 * @returns all checks, each of them passed or a warning, such as that authentik asks the test account for more than a
 *   password
 * @throws InputError naming the checks that fail
 * @throws ServiceUnavailableError when a system cannot be reached
 * @public
 */
export async function verifyGateway(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  options: VerifyOptions = {},
): Promise<Check[]> {
  return untilVerified(systems, desired, options, checks => checks);
}

/**
 * Like {@link verifyGateway}, for a gateway that was just switched and is switched back where this fails: a fact that no
 * one could observe before the switch either is no reason for that.
 *
 * @internal
 */
export async function verifySwitch(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  options: VerifyOptions,
): Promise<Check[]> {
  return untilVerified(systems, desired, options, decisive);
}

/**
 * Like {@link verifySwitch}, for a gateway that was just observed and not changed since: where the observation proves
 * everything, nothing is read again.
 *
 * @internal
 */
export async function verifyObserved(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  before: ObservedIntegration,
  options: VerifyOptions = {},
): Promise<Check[]> {
  const observed = await observeLoginUrl(systems, before, options);
  const checks = checkSwitched(desired, observed, SIGN_IN_CHECKS);
  return isProven(decisive(checks), desired, observed)
    ? concluded(systems, desired, observed, checks, options)
    : untilVerified(systems, desired, options, decisive);
}

/**
 * What may undo a switch: what was proven before it, and what the gateway itself shows. Of anything else, and of its
 * cluster, only what was seen: the gateway has answered, whether or not the rest can be read.
 */
function decisive(checks: Check[]): Check[] {
  return checks.filter(({ id, system, status, cause }) => {
    const wasProven = PREFLIGHT_CHECKS.some(check => check.id === id);
    if (system === 'authentik') {
      return wasProven;
    }
    const isClusters =
      system === 'kubernetes' || cause?.startsWith('kubernetes.');
    return (
      status !== 'unknown' ||
      (!isClusters && (wasProven || OWN_CHECKS.includes(id)))
    );
  });
}

async function untilVerified(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  options: VerifyOptions,
  judged: (checks: Check[]) => Check[],
): Promise<Check[]> {
  const deadline = Date.now() + (options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  let tries = 0;
  for (
    let pause = FIRST_PAUSE_MS;
    ;
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
  ) {
    // The cheap probe goes first: asking for the login URL leaves a row in the gateway's database.
    const loaded = await systems.hoop.hasOidcLoaded(options).catch(() => false);
    options.signal?.throwIfAborted();
    tries += loaded ? 1 : 0;
    const last = tries >= MOST_TRIES || Date.now() + pause >= deadline;
    if (loaded || last) {
      const observed = await observeIntegration(systems, desired, {
        signal: options.signal,
        loginUrl: loaded,
      });
      const checks = checkSwitched(desired, observed, SIGN_IN_CHECKS);
      if (isProven(judged(checks), desired, observed)) {
        return concluded(systems, desired, observed, checks, options);
      }
      if (last) {
        refuseFailures(judged(checks), { desired, observed }, UNVERIFIED, '');
      }
    }
    await sleep(pause, undefined, { signal: options.signal });
    systems.forget?.();
  }
}

/** The switch that is being verified is no finding. */
function checkSwitched(
  desired: DesiredIntegration,
  observed: ObservedIntegration,
  definitions: typeof CHECKS,
): Check[] {
  const { target } = observed;
  if (!target.ok) {
    return runChecks({ desired, observed }, definitions);
  }
  const state = { ...target.value.state, unverifiedSwitch: undefined };
  const shown = { ...target, value: { ...target.value, state } };
  return runChecks(
    { desired, observed: { ...observed, target: shown } },
    definitions,
  );
}

/** A gateway that became ready after the probe has not been asked for its sign-in yet. */
function isProven(
  checks: Check[],
  desired: DesiredIntegration,
  observed: ObservedIntegration,
): boolean {
  return (
    observed.gateway.loginUrl !== undefined &&
    problemsOf(checks, { desired, observed }).every(
      ({ severity }) => severity === 'warn',
    )
  );
}

async function concluded(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  observed: ObservedIntegration,
  checks: Check[],
  options: VerifyOptions,
): Promise<Check[]> {
  return systems.signIn
    ? verifySignIn(systems, desired, observed, options)
    : checks.filter(({ id }) => id !== testAccount.id);
}

/** The last step, taken once: a test account that cannot sign in fails it; one that cannot be tried does not. */
async function verifySignIn(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  before: ObservedIntegration,
  options: VerifyOptions,
): Promise<Check[]> {
  const observed = await observeSignIn(systems, before, options);
  const checks = checkSwitched(desired, observed, CHECKS);
  refuseFailures(
    checks.filter(
      ({ id, status }) => id === testAccount.id && status === 'fail',
    ),
    { desired, observed },
    UNVERIFIED,
  );
  return checks;
}
