import type { RecordedRequest } from 'sandbox';

/** The longest chain of requests in which each one started after the one before had been answered. */
export function sequentialDepth(requests: RecordedRequest[]): number {
  const spans = requests
    .map(({ startedAt, durationMs }) => {
      const start = Date.parse(startedAt);
      return { start, end: start + durationMs };
    })
    .sort((a, b) => a.start - b.start);
  const depths: number[] = [];
  spans.forEach(({ start }, index) => {
    // What ended before this one started, also started before it.
    const before = depths.filter((_, earlier) => spans[earlier].end <= start);
    depths[index] = 1 + Math.max(0, ...before);
  });
  return Math.max(0, ...depths);
}
