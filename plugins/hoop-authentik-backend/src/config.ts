import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type RootConfigService,
  type SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds, type HumanDuration } from '@backstage/types';
import { reasonOf } from './reasonOf';

/** How the backend keeps what it shows current. @internal */
export interface BackendConfig {
  schedule: SchedulerServiceTaskScheduleDefinition;
  /** What was checked longer ago is stale. */
  staleAfterMs: number;
  keepHistoryMs: number;
}

const DEFAULT_SCHEDULE: SchedulerServiceTaskScheduleDefinition = {
  frequency: { minutes: 10 },
  timeout: { minutes: 5 },
  initialDelay: { seconds: 15 },
};

/** A sweep may be late, or be missed once. */
const PERIODS_UNTIL_STALE = 3;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Reads `hoopAuthentik.sweep` and `hoopAuthentik.history` of app-config.
 *
 * @throws InputError naming the key
 * @internal
 */
export function readBackendConfig(root: RootConfigService): BackendConfig {
  const schedule = atKey('hoopAuthentik.sweep.schedule', key =>
    root.has(key)
      ? readSchedulerServiceTaskScheduleDefinitionFromConfig(
          root.getConfig(key),
        )
      : DEFAULT_SCHEDULE,
  );
  return {
    // One replica sweeps for all.
    schedule: { ...schedule, scope: 'global' },
    staleAfterMs: PERIODS_UNTIL_STALE * periodOf(schedule.frequency),
    keepHistoryMs: atKey('hoopAuthentik.history.keep', key =>
      root.has(key)
        ? durationToMilliseconds(readDurationFromConfig(root, { key }))
        : 90 * DAY_MS,
    ),
  };
}

/** Of one that cannot be computed, a day. */
function periodOf(
  frequency: SchedulerServiceTaskScheduleDefinition['frequency'],
): number {
  return 'cron' in frequency || 'trigger' in frequency
    ? DAY_MS
    : durationToMilliseconds(frequency as HumanDuration);
}

function atKey<T>(key: string, read: (key: string) => T): T {
  try {
    return read(key);
  } catch (error) {
    throw new InputError(`${key} is invalid: ${reasonOf(error)}`);
  }
}
