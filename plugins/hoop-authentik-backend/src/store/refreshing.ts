import type { RememberedReport } from './IntegrationStore';

/** How long a refresh may take; one that takes longer was lost with its process. @internal */
export const REFRESH_MS = 60_000;

/** Whether a refresh was requested and not finished; pure. @internal */
export function isRefreshing(
  remembered: RememberedReport | undefined,
  now = Date.now(),
): boolean {
  const { refreshRequestedAt = 0, summary } = remembered ?? {};
  const checkedAt = Date.parse(summary?.checkedAt ?? '');
  return (
    now - refreshRequestedAt < REFRESH_MS && !(checkedAt >= refreshRequestedAt)
  );
}
