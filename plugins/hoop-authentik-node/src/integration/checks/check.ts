import type {
  Check,
  CheckSystem,
} from 'backstage-plugin-hoop-authentik-common';
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
  /** Whether it must pass before the settings are written to a gateway. */
  preflight: boolean;
  run(input: CheckInput): Finding;
}

/** @internal */
export function skipped(actual: string): Finding {
  return { status: 'skipped', actual };
}

/**
 * Finds about an observation that may have failed: the failure becomes `unknown` with the system's own message.
 *
 * @internal
 */
export function withValue<T>(
  observation: Observation<T>,
  find: (value: T) => Finding,
): Finding {
  return observation.ok
    ? find(observation.value)
    : {
        status: 'unknown',
        actual: observation.error.message,
        remedy: 'Make the system reachable for this backend, then refresh.',
      };
}
