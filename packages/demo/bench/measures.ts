/** One figure, and what it must not exceed where something was promised. */
export interface Measure {
  name: string;
  value: number;
  limit?: number;
}

export function isExceeded({ value, limit }: Measure): boolean {
  return limit !== undefined && !(value <= limit);
}

/** For people: one line for each measure. */
export function toTable(measures: Measure[]): string {
  const rows = [
    ['measure', 'value', 'limit', ''],
    ...measures.map(measure => [
      measure.name,
      `${measure.value}`,
      measure.limit === undefined ? '' : `${measure.limit}`,
      isExceeded(measure) ? 'EXCEEDED' : '',
    ]),
  ];
  const width = (column: number) =>
    Math.max(...rows.map(row => row[column].length));
  const [names, values, limits] = [width(0), width(1), width(2)];
  return rows
    .map(([name, value, limit, verdict]) =>
      `${name.padEnd(names)}  ${value.padStart(values)}  ${limit.padStart(
        limits,
      )}  ${verdict}`.trimEnd(),
    )
    .join('\n');
}

/** For programs. */
export function toJson(measures: Measure[]): string {
  return JSON.stringify(
    Object.fromEntries(measures.map(({ name, value }) => [name, value])),
    null,
    2,
  );
}

/** To one decimal. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
