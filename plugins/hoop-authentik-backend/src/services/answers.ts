import type {
  RefreshStatus,
  RememberedIntegration,
} from 'backstage-plugin-hoop-authentik-common';
import { shownTo, type WholeReport } from '../observation/report';
import { isRefreshing, type RememberedReport } from '../store';
import { isoOf } from '../store/rows';

/** What a caller is shown of an integration that has been observed; pure. @internal */
export function answerOf(
  remembered: RememberedReport | undefined,
  report: WholeReport,
  { isManager }: { isManager: boolean },
): RememberedIntegration {
  const { summary, lastGood } = remembered ?? {};
  return {
    ...shownTo(isManager, report),
    since: summary?.since ?? report.observedAt,
    checkedAt: summary?.checkedAt ?? report.observedAt,
    stale: summary?.stale ?? false,
    refreshing: isRefreshing(remembered),
    ...(lastGood ? { lastGood: shownTo(isManager, lastGood) } : {}),
  };
}

/** The status of the last refresh; pure. @internal */
export function refreshStatusOf(
  remembered: RememberedReport | undefined,
): RefreshStatus {
  const { refreshRequestedAt = 0, summary } = remembered ?? {};
  const checkedAt = summary?.checkedAt;
  const requestedAt = isoOf(refreshRequestedAt);
  if (isRefreshing(remembered)) {
    return { status: 'running', requestedAt, checkedAt };
  }
  const isDone = checkedAt !== undefined && requestedAt !== undefined;
  return { status: isDone ? 'done' : 'none', requestedAt, checkedAt };
}
