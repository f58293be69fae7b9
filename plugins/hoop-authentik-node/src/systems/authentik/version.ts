/**
 * A server version taken apart; `2025.10.0-rc1` is year 2025, month 10, patch 0, candidate 1.
 *
 * @internal
 */
export interface AuthentikVersion {
  year: number;
  month: number;
  patch: number;
  /** Number of the release candidate; `undefined` for a release. */
  candidate: number | undefined;
}

const VERSION = /^(\d+)\.(\d+)(?:\.(\d+))?(?:-?rc\.?(\d+))?$/;

/**
 * Reads a version as `GET /admin/version/` states it; `undefined` for anything else, such as the name of a branch.
 *
 * @internal
 */
export function parseVersion(text: string): AuthentikVersion | undefined {
  const found = VERSION.exec(text.trim());
  if (!found) {
    return undefined;
  }
  const [, year, month, patch, candidate] = found;
  return {
    year: Number(year),
    month: Number(month),
    patch: Number(patch ?? 0),
    candidate: candidate === undefined ? undefined : Number(candidate),
  };
}

/**
 * Negative where `a` is older than `b`, positive where it is newer. A release candidate comes before its release.
 *
 * @internal
 */
export function compareVersions(
  a: AuthentikVersion,
  b: AuthentikVersion,
): number {
  return (
    a.year - b.year ||
    a.month - b.month ||
    a.patch - b.patch ||
    (a.candidate ?? Infinity) - (b.candidate ?? Infinity) ||
    0
  );
}

/**
 * Whether a server is of a release series or a later one. Candidates count as their series, since a series' features
 * are merged before its first candidate. A version that cannot be read is a build from source and taken for the newest.
 *
 * @param version - as the server states it
 * @param series - such as `2025.12`
 * @internal
 */
export function isAtLeast(version: string, series: string): boolean {
  const mine = parseVersion(version);
  const least = parseVersion(series);
  if (!mine || !least) {
    return true;
  }
  return compareVersions({ ...mine, candidate: undefined }, least) >= 0;
}
