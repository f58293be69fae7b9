import { isDeepStrictEqual } from 'node:util';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import {
  forReaders,
  integrationReport,
  isBound,
} from 'backstage-plugin-hoop-authentik-node/alpha';

/**
 * A report in the words for all who may see the integration, so that nothing shows more by mistake, and beside it the checks
 * and problems that say more to those who manage the gateway.
 *
 * @internal
 */
export interface WholeReport extends Integration {
  managers?: Pick<Integration, 'checks' | 'problems'>;
  /** For the next observation: the application is known to let only some people in. */
  bound?: boolean;
}

/** Makes the report of an observation; pure. @internal */
export function wholeReport(
  ...[entityRef, configured, desired, observed, added]: Parameters<
    typeof integrationReport
  >
): WholeReport {
  const of = (facts: typeof observed) =>
    integrationReport(entityRef, configured, desired, facts, added);
  const report = of(forReaders(observed));
  const { checks, problems } = of(observed);
  return {
    ...report,
    bound: isBound(desired, observed),
    managers: {
      checks: notIn(report.checks, checks),
      problems: notIn(report.problems, problems),
    },
  };
}

/** What one caller is shown of a report; pure. @internal */
export function shownTo(
  isManager: boolean,
  { managers, bound: _, ...report }: WholeReport,
): Integration {
  return isManager && managers
    ? {
        ...report,
        checks: replaced(report.checks, managers.checks),
        problems: replaced(report.problems, managers.problems),
      }
    : report;
}

function notIn<T>(known: readonly T[], all: readonly T[]): T[] {
  return all.filter(one => !known.some(other => isDeepStrictEqual(one, other)));
}

function replaced<T extends { id: string }>(
  all: readonly T[],
  others: readonly T[],
): T[] {
  return all.map(one => others.find(({ id }) => id === one.id) ?? one);
}
