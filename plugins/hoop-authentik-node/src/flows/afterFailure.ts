import type { AppliedSwitch, TargetWriteOptions } from '../targets/types';

/**
 * Puts the previous settings back and says in a sentence what became of it, so that the reason for it is not lost when
 * it fails.
 *
 * @internal
 */
export async function restoreAfterFailure(
  applied: AppliedSwitch,
  { log }: Pick<TargetWriteOptions, 'log'>,
): Promise<string> {
  try {
    await applied.restore({ log });
    return 'The previous settings are back.';
  } catch (error) {
    const failure = `Putting the previous settings back failed: ${messageOf(
      error,
    )}.`;
    log(failure);
    return failure;
  }
}

/** @internal */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
