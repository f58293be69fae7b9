import type {
  Integration,
  RefreshStatus,
  RememberedIntegration,
} from 'backstage-plugin-hoop-authentik-common';
import type { RememberedReport } from '../store';
import { isoOf } from '../store/rows';
import { REFRESH_MS } from '../sweep/Refresher';

/** What is shown of an integration that has been observed; pure. @internal */
export function answerOf(
  remembered: RememberedReport | undefined,
  report: Integration,
): RememberedIntegration {
  const { summary, lastGood } = remembered ?? {};
  return {
    ...report,
    since: summary?.since ?? report.observedAt,
    checkedAt: summary?.checkedAt ?? report.observedAt,
    stale: summary?.stale ?? false,
    refreshing: refreshStatusOf(remembered).status === 'running',
    ...(lastGood ? { lastGood } : {}),
  };
}

/**
 * The status of the last refresh; pure. One that takes longer than it may was lost with its process.
 *
 * @internal
 */
export function refreshStatusOf(
  remembered: RememberedReport | undefined,
  now = Date.now(),
): RefreshStatus {
  const { refreshRequestedAt = 0, summary } = remembered ?? {};
  const requestedAt = isoOf(refreshRequestedAt);
  const checkedAt = summary?.checkedAt;
  if (requestedAt === undefined) {
    return { status: 'none', checkedAt };
  }
  if (checkedAt !== undefined && Date.parse(checkedAt) >= refreshRequestedAt) {
    return { status: 'done', requestedAt, checkedAt };
  }
  const isLost = now - refreshRequestedAt > REFRESH_MS;
  return { status: isLost ? 'none' : 'running', requestedAt, checkedAt };
}
