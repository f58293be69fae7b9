import type {
  AddedCheckId,
  CauseId,
  Check,
  CheckId,
  CheckSystem,
  Fix,
} from 'backstage-plugin-hoop-authentik-common';
import type { AuthentikProvider } from '../../systems/authentik/types';
import type { FailedSystem } from '../../core';
import type { TargetReading } from '../../targets/types';
import { causeIdOf, causeTitle } from '../causes';
import { ForeignApplicationError, UnusableSigningKeyError } from '../observe';
import type {
  DesiredIntegration,
  Observation,
  ObservedIntegration,
} from '../types';

/** What every check is given. @alpha */
export interface CheckInput {
  desired: DesiredIntegration;
  observed: ObservedIntegration;
}

type Evidence = Pick<Check, 'expected' | 'actual' | 'link' | 'params'>;

/**
 * The outcome of a check without what is the same each time. What does not pass says what to do; what could not be
 * decided names its cause.
 *
 * @alpha
 */
export type Finding =
  | (Evidence & { status: 'pass' | 'skipped' })
  | (Evidence & {
      status: 'warn' | 'fail';
      expected: string;
      actual: string;
      remedy: string;
      fix?: Fix;
      /** Where an outage or a refusal is why it does not pass. */
      cause?: CauseId;
    })
  | (Evidence & { status: 'unknown'; actual: string; cause: CauseId });

/**
 * A check: what it is called, and a pure function from what is wanted and what was observed to a finding.
 *
 * @alpha
 */
export interface CheckDefinition {
  id: CheckId;
  system: CheckSystem;
  title: string;
  /** What goes wrong where it does not pass, in a sentence or two, for the catalogue of checks. */
  why: string;
  /** What makes it pass again, for the catalogue; a finding says it more exactly. */
  remedy: string;
  /** Whether it must pass before the settings are written to a gateway. */
  preflight: boolean;
  /** Whether it is about the gateway being left without an administrator, which an operator may accept on purpose. */
  lockout?: boolean;
  run(input: CheckInput): Finding;
}

/**
 * A check that a third party adds to card, doctor and sweep. It never keeps a gateway from being connected.
 *
 * @alpha
 */
export interface AddedCheck
  extends Omit<CheckDefinition, 'id' | 'preflight' | 'lockout'> {
  id: AddedCheckId;
}

/** @internal */
export function pass(
  actual?: string,
  more: Omit<Evidence, 'actual'> = {},
): Finding {
  return { status: 'pass', ...(actual ? { actual } : {}), ...more };
}

/** @internal */
export function skipped(
  actual: string,
  params?: Evidence['params'],
): Finding & { status: 'skipped' } {
  return { status: 'skipped', actual, ...(params ? { params } : {}) };
}

/**
 * What could not be decided: named by its cause alone, since the problem says the rest once for all checks.
 *
 * @internal
 */
export function undecided(cause: CauseId): Finding {
  return { status: 'unknown', cause, actual: causeTitle(cause) };
}

type FactsOf<S extends 'authentik' | 'gateway'> = {
  [F in keyof ObservedIntegration[S]]-?: NonNullable<
    ObservedIntegration[S][F]
  > extends Observation<unknown>
    ? F
    : never;
}[keyof ObservedIntegration[S]];

type ValueOf<O> = NonNullable<O> extends Observation<infer T> ? T : never;

/**
 * Finds about a fact of authentik; undecided where it could not be observed. One that fails over the signing key is
 * skipped: that has its own check.
 *
 * @internal
 */
export function withAuthentik<F extends FactsOf<'authentik'>>(
  input: CheckInput,
  fact: F,
  find: (value: ValueOf<ObservedIntegration['authentik'][F]>) => Finding,
): Finding {
  const observation = input.observed.authentik[fact] as Observation<
    ValueOf<ObservedIntegration['authentik'][F]>
  >;
  return withValue(input, 'authentik', observation, find);
}

/**
 * Finds about a fact of the gateway; undecided where it could not be observed, skipped where nothing asked for it.
 *
 * @param absent - says why nothing asked for it
 * @internal
 */
export function withGateway<F extends FactsOf<'gateway'>>(
  input: CheckInput,
  fact: F,
  find: (value: ValueOf<ObservedIntegration['gateway'][F]>) => Finding,
  absent = 'not observed',
): Finding {
  const observation = input.observed.gateway[fact] as
    | Observation<ValueOf<ObservedIntegration['gateway'][F]>>
    | undefined;
  // The login page is authentik's, at the address that the gateway gives out.
  const system = fact === 'loginPage' ? 'authentik' : 'gateway';
  return observation
    ? withValue(input, system, observation, find)
    : skipped(absent);
}

/**
 * Finds about where the gateway reads its settings; undecided where that could not be observed.
 *
 * @internal
 */
export function withTarget(
  input: CheckInput,
  find: (value: TargetReading) => Finding,
): Finding {
  const { target, targetCapabilities } = input.observed;
  const system = targetCapabilities.showsEnvironment ? 'kubernetes' : 'gateway';
  return withValue(input, system, target, find);
}

function withValue<T>(
  { observed }: CheckInput,
  system: FailedSystem,
  observation: Observation<T>,
  find: (value: T) => Finding,
): Finding {
  if (observation.ok) {
    return find(observation.value);
  }
  const { error } = observation;
  if (error instanceof UnusableSigningKeyError) {
    const { keyType } = error;
    return keyType === undefined
      ? skipped(
          'authentik cannot publish anything without the private part of the signing key',
        )
      : skipped(
          `authentik cannot publish anything signed with a key of type ${keyType}`,
          { keyType },
        );
  }
  return error instanceof ForeignApplicationError
    ? skipped('the application is not of this gateway')
    : undecided(causeIdOf(system, error, observed));
}

/** @internal */
export const NO_PROVIDER = skipped('there is no OAuth2/OpenID provider yet');

/** @internal */
export const NO_APPLICATION = skipped('there is no application yet');

/**
 * Finds about the provider; skipped while there is none, since the check for it already says so.
 *
 * @internal
 */
export function withProvider(
  input: CheckInput,
  find: (provider: AuthentikProvider) => Finding,
): Finding {
  return withAuthentik(input, 'provider', provider =>
    provider ? find(provider) : NO_PROVIDER,
  );
}

/** `1 member`, `2 members`. @internal */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
