import { encoded } from './encoding';
import type { ObjectChange } from '../plan/steps';

/** All that a change writes, as on the wire: what takes the place of another object gets the other's keys as well. @internal */
export function writtenBy({ kind, data, replaces }: ObjectChange) {
  return { ...replaces?.data, ...encoded(kind, data) };
}

/** What was there before under the keys of {@link writtenBy}. @internal */
export function previousUnder({ kind, found, before, replaces }: ObjectChange) {
  const others = Object.keys(replaces?.data ?? {}).map(
    key => [key, found?.data?.[key] ?? null] as const,
  );
  return { ...Object.fromEntries(others), ...encoded(kind, before) };
}
