import {
  CAUSE_IDS,
  CHECK_IDS,
  type Check,
  type Problem,
  type ProblemSeverity,
} from 'backstage-plugin-hoop-authentik-common';
import { sentence } from '../core';
import { errorsByCause } from './causes';
import { describeCause } from './remedies';
import type { CheckInput } from './checks/check';

const SEVERITIES: readonly ProblemSeverity[] = ['fail', 'unknown', 'warn'];

/**
 * What a person can act on, the worst first: every check that does not pass, and every cause that keeps checks from being
 * decided once, with the checks that wait for it; pure.
 *
 * @internal
 */
export function problemsOf(
  checks: readonly Check[],
  { desired, observed }: CheckInput,
): Problem[] {
  const wrong = checks.filter(({ status }) => isSeverity(status));
  const errors = errorsByCause(observed);
  const causes = [...new Set(wrong.flatMap(({ cause }) => cause ?? []))];
  const problems = [
    ...causes.map(id => {
      const affected = wrong.filter(({ cause }) => cause === id);
      return {
        id,
        ...describeCause(id, errors.get(id) ?? [], desired),
        severity: severityOf(affected),
        checks: affected.map(check => check.id),
        ...fixOf(affected),
      };
    }),
    ...wrong.flatMap(check => (check.cause ? [] : [problemOfCheck(check)])),
  ];
  return problems.sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      rankOf(a) - rankOf(b),
  );
}

function isSeverity(status: Check['status']): status is ProblemSeverity {
  return (SEVERITIES as readonly string[]).includes(status);
}

/** A check that fails for a cause says how bad it is; those that wait for it do not know. */
function severityOf(affected: readonly Check[]): ProblemSeverity {
  const statuses = affected.map(({ status }) => status);
  return (
    (['fail', 'warn'] as const).find(status => statuses.includes(status)) ??
    'unknown'
  );
}

/** A check that offers a fix says what it does. */
function fixOf(affected: readonly Check[]): Partial<Problem> {
  const [found] = affected.filter(({ fix }) => fix);
  return found ? { fix: found.fix, remedy: found.remedy } : {};
}

function problemOfCheck({
  id,
  status,
  title,
  remedy = '',
  fix,
  link,
  params,
}: Check): Problem {
  return {
    id,
    severity: isSeverity(status) ? status : 'unknown',
    title,
    remedy,
    checks: [id],
    ...(fix ? { fix } : {}),
    ...(link ? { link } : {}),
    ...(params ? { params } : {}),
  };
}

const RANKS: readonly string[] = [...CAUSE_IDS, ...CHECK_IDS];

/** Causes before consequences; checks of a third party last. */
function rankOf({ id }: Problem): number {
  const rank = RANKS.indexOf(id);
  return rank === -1 ? RANKS.length : rank;
}

/** One line for a check that did not pass: what, expected, found, what to do. @public */
export function describeCheck(check: Check): string {
  const facts = [
    ...(check.expected ? [`expected ${check.expected}`] : []),
    ...(check.actual ? [`found ${check.actual}`] : []),
  ].join('; ');
  return [
    `${check.title}${facts ? `: ${facts}.` : '.'}`,
    ...(check.remedy ? [check.remedy] : []),
  ].join(' ');
}

/**
 * Problems as sentences for a task log or an error: what was found and what to do about it, an outage once.
 *
 * @param checks - the evidence
 * @internal
 */
export function describeProblems(
  problems: readonly Problem[],
  checks: readonly Check[],
): string {
  return problems
    .map(problem => {
      const check = checks.find(({ id }) => id === problem.id);
      return check
        ? describeCheck(check)
        : [
            `${problem.title}${
              problem.error ? `: ${sentence(problem.error)}` : '.'
            }`,
            problem.remedy,
          ].join(' ');
    })
    .join(' ');
}
