import type { TargetReading, TargetState } from '../targets/types';

/** Whether the newest revision is rolled out without a container that fails. @internal */
export function isRolledOut({
  rollout,
}: Pick<TargetState, 'rollout'>): boolean {
  return rollout.done && rollout.problems.length === 0;
}

/** Whether there is a gateway to ask: everything rolled out and running. @internal */
export function isRunning({ state }: Pick<TargetReading, 'state'>): boolean {
  return isRolledOut(state) && state.settingsInUse !== undefined;
}
