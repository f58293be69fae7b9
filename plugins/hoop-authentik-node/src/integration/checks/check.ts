import type {
  Check,
  CheckSystem,
} from 'backstage-plugin-hoop-authentik-common';
import { AuthentikPermissionError } from '../../systems/authentik';
import { KubernetesForbiddenError } from '../../systems/kubernetes';
import { takeApartRemedy } from '../../core';
import { UnusableSigningKeyError } from '../observe/UnusableSigningKeyError';
import type {
  DesiredIntegration,
  Observation,
  ObservedIntegration,
} from '../types';

/** What every check is given. @public */
export interface CheckInput {
  desired: DesiredIntegration;
  observed: ObservedIntegration;
}

/** The outcome of a check without what is the same each time. @public */
export type Finding = Pick<Check, 'status'> &
  Partial<Pick<Check, 'expected' | 'actual' | 'remedy' | 'link'>>;

/**
 * A check: what it is called, and a pure function from what is wanted and what was observed to a finding.
 *
 * @public
 */
export interface CheckDefinition {
  id: string;
  system: CheckSystem;
  title: string;
  /** What goes wrong where it does not pass, in a sentence or two, for the catalogue of checks. */
  why: string;
  /** What makes it pass again, for the catalogue; a finding says it more exactly. */
  mend: string;
  /** Whether it must pass before the settings are written to a gateway. */
  preflight: boolean;
  /** Whether it is about nobody being administrator afterwards, which an operator may accept on purpose. */
  lockout?: boolean;
  run(input: CheckInput): Finding;
}

/** @internal */
export function skipped(actual: string): Finding {
  return { status: 'skipped', actual };
}

/**
 * Finds about an observation that may have failed: the failure becomes `unknown` with the system's own message and what
 * to do about it. A read that our token lacks a permission for is no sign of an unreachable system: it is `skipped`, and
 * the check of the permissions says what is missing. So is one that fails over the signing key, which has its own check.
 *
 * @internal
 */
export function withValue<T>(
  observation: Observation<T>,
  find: (value: T) => Finding,
): Finding {
  if (observation.ok) {
    return find(observation.value);
  }
  const { error } = observation;
  if (error instanceof AuthentikPermissionError) {
    return skipped(
      error.permission
        ? `the token lacks ${error.permission}`
        : 'the token lacks a permission',
    );
  }
  if (error instanceof UnusableSigningKeyError) {
    return skipped(
      `authentik cannot publish anything signed with a key of type ${error.keyType}`,
    );
  }
  const { fact, remedy } = takeApartRemedy(error);
  return {
    status: 'unknown',
    actual: fact,
    remedy: remedy ?? generalRemedy(error),
  };
}

/** @internal */
export const MAKE_REACHABLE =
  'Make the system reachable for this backend, then refresh.';

/** A system that answers is reachable already. */
function generalRemedy(error: Error): string {
  if (KubernetesForbiddenError.is(error)) {
    return `Give the account that this backend uses in the cluster the right to ${error.verb} ${error.resource} in namespace "${error.namespace}", then refresh.`;
  }
  return error.name === 'InputError'
    ? 'Put right in app-config or in the system itself what this names, then refresh.'
    : MAKE_REACHABLE;
}
