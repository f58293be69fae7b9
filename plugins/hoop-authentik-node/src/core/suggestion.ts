/** How much of a name may differ before it counts as another one. */
const MOST_DIFFERENCES = 2;

/**
 * The name that was probably meant: one of few differences, capitals apart; pure.
 *
 * @internal
 */
export function suggestionFor(
  name: string,
  known: readonly string[],
): string | undefined {
  const wanted = name.toLowerCase();
  const limit = Math.min(MOST_DIFFERENCES, Math.floor(wanted.length / 2));
  const [nearest] = known
    .filter(one => Math.abs(one.length - wanted.length) <= limit)
    .map(one => ({ one, distance: distance(wanted, one.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= limit ? nearest.one : undefined;
}

/** Characters to insert, remove, replace or swap with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      row[j] = Math.min(
        rows[i - 1][j] + 1,
        row[j - 1] + 1,
        rows[i - 1][j - 1] + (isSame ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
      }
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
