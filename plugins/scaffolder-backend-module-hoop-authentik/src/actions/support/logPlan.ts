import type { LoggerService } from '@backstage/backend-plugin-api';
import type { PlanLine } from 'backstage-plugin-hoop-authentik-node';

/**
 * Writes a plan to the task log, field by field.
 *
 * @internal
 */
export function logPlan(
  logger: Pick<LoggerService, 'info'>,
  changes: PlanLine[],
  isDryRun: boolean | undefined,
): void {
  if (changes.length === 0) {
    logger.info('Plan: everything is as required, nothing to write');
    return;
  }
  logger.info(
    `Plan: ${changes.length} change${changes.length === 1 ? '' : 's'}${
      isDryRun ? ' (dry run: nothing is written)' : ''
    }`,
  );
  for (const { object, field, from, to } of changes) {
    // A changed secret shows neither its previous nor its new value.
    const change = from === to ? to : `${from} -> ${to}`;
    logger.info(`  ${object}: ${field}: ${change}`);
  }
}
