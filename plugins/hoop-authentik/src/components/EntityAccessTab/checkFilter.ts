import {
  checkSystemSchema,
  type Check,
  type CheckStatus,
} from 'backstage-plugin-hoop-authentik-common';

/** Which checks are listed. @internal */
export const CHECK_FILTERS = ['problems', 'all', 'skipped'] as const;

/** @internal */
export type CheckFilter = (typeof CHECK_FILTERS)[number];

/** Worst first. */
const ORDER: readonly CheckStatus[] = [
  'fail',
  'unknown',
  'warn',
  'pass',
  'skipped',
];

const STATUSES: Record<CheckFilter, readonly CheckStatus[]> = {
  problems: ['fail', 'unknown', 'warn'],
  all: ORDER,
  skipped: ['skipped'],
};

/** How many checks each filter lets through; pure. @internal */
export function countByFilter(
  checks: readonly Check[],
): Record<CheckFilter, number> {
  const count = (filter: CheckFilter) =>
    checks.filter(({ status }) => STATUSES[filter].includes(status)).length;
  return {
    problems: count('problems'),
    all: count('all'),
    skipped: count('skipped'),
  };
}

/** The checks to list, the worst first, and by system in the order of the checks; pure. @internal */
export function filterChecks(
  checks: readonly Check[],
  { filter, search }: { filter: CheckFilter; search: string },
): Check[] {
  const wanted = search.trim().toLocaleLowerCase();
  const systems = checkSystemSchema.options;
  return checks
    .filter(
      check =>
        STATUSES[filter].includes(check.status) &&
        [
          check.id,
          check.title,
          check.expected,
          check.actual,
          check.remedy,
        ].some(text => text?.toLocaleLowerCase().includes(wanted)),
    )
    .sort(
      (a, b) =>
        ORDER.indexOf(a.status) - ORDER.indexOf(b.status) ||
        systems.indexOf(a.system) - systems.indexOf(b.system),
    );
}
