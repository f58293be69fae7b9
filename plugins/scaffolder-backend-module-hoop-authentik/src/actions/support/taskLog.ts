import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Check } from 'backstage-plugin-hoop-authentik-common';
import {
  describeCheck,
  type PlanLine,
} from 'backstage-plugin-hoop-authentik-node';
import { logLine } from 'backstage-plugin-hoop-authentik-node/alpha';

type TaskLogger = Pick<LoggerService, 'info' | 'warn' | 'error'>;

/** Passes the log lines of a flow on to the task. @internal */
export function logTo(logger: TaskLogger) {
  return (line: string, level: keyof TaskLogger = 'info') =>
    logger[level](logLine(line));
}

/** Writes a plan to the task log, field by field. @internal */
export function logPlan(
  logger: Pick<TaskLogger, 'info'>,
  changes: PlanLine[],
  isDryRun: boolean | undefined,
): void {
  if (changes.length === 0) {
    logger.info('Plan: no changes');
    return;
  }
  logger.info(
    `Plan: ${counted(changes.length, 'change')}${
      isDryRun ? ' (dry run: nothing is written)' : ''
    }`,
  );
  for (const change of changes) {
    logger.info(
      `  ${logLine(`${change.object}: ${change.field}: ${describe(change)}`)}`,
    );
  }
}

/** A secret is a text in angle brackets, such as `<changed>`: which secret it was or becomes is not shown. */
function describe({ from, to }: PlanLine): string {
  const [before, after] = [from, to].map(text => /^<.*>$/.test(text));
  if (after) {
    return from === '(unset)' ? 'set' : 'changed';
  }
  return `${before ? '(secret)' : from} -> ${to}`;
}

/** Writes the outcome of every check to the task log. @internal */
export function logChecks(logger: TaskLogger, checks: Check[]): void {
  for (const check of checks) {
    const { status, title, actual } = check;
    const well = status === 'pass' || status === 'skipped';
    const line = `${status.padEnd(7)} ${logLine(
      well ? `${title}${actual ? `: ${actual}` : ''}` : describeCheck(check),
    )}`;
    if (well) {
      logger.info(line);
    } else {
      logger[status === 'fail' ? 'error' : 'warn'](line);
    }
  }
}

/** The checks in one line: `31 checks passed, 1 warning: …`. @internal */
export function summaryOf(checks: Check[]): string {
  const passed = checks.filter(({ status }) => status === 'pass').length;
  const warnings = checks.filter(({ status }) => status === 'warn');
  return [
    `${counted(passed, 'check')} passed`,
    ...(warnings.length > 0
      ? [
          `${counted(warnings.length, 'warning')}: ${warnings
            .map(shortWarning)
            .join('; ')}`,
        ]
      : []),
  ].join(', ');
}

function shortWarning({ id, title, actual, params }: Check): string {
  return id === 'authentik.bindings' && params?.case !== 'ends'
    ? 'anyone with an authentik account can sign in'
    : `${title}${actual ? `: ${actual}` : ''}`;
}

/** `1 write`, `2 writes`. @internal */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
