import { assertError } from '@backstage/errors';
import type { Observation } from '../types';

/** A read whose failure is what was observed. @internal */
export async function observed<T>(
  reading: Promise<T>,
): Promise<Observation<T>> {
  try {
    return { ok: true, value: await reading };
  } catch (error) {
    assertError(error);
    return { ok: false, error };
  }
}

/** A read that needs the value of another; its failure carries over. @internal */
export async function after<T, R>(
  first: Promise<Observation<T>>,
  next: (value: T) => Promise<R>,
): Promise<Observation<R>> {
  const result = await first;
  return result.ok ? observed(next(result.value)) : result;
}
