import type { IntegrationCounts } from 'backstage-plugin-hoop-authentik-common';
import type { CountedIntegration, ListQuery } from '../store';

/** Counts what a caller may see; pure. @internal */
export function countsOf(
  rows: readonly CountedIntegration[],
  filters: Pick<ListQuery, 'owner' | 'authentik'>,
): Omit<IntegrationCounts, 'complete'> {
  const owners = filters.owner?.map(ref => ref.toLocaleLowerCase('en-US'));
  const chosen = rows.filter(
    ({ owner = '', authentik = '' }) =>
      (owners?.includes(owner) ?? true) &&
      (filters.authentik?.includes(authentik) ?? true),
  );
  return {
    states: tally(chosen.map(({ state = 'unobserved' }) => state)),
    warnings: chosen.filter(({ warnings }) => warnings > 0).length,
    owners: tally(rows.flatMap(({ owner }) => owner ?? [])),
    authentik: tally(rows.flatMap(({ authentik }) => authentik ?? [])),
  };
}

function tally<Key extends string>(keys: readonly Key[]) {
  const counts: Partial<Record<Key, number>> = {};
  for (const key of keys) {
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts as Record<Key, number>;
}
