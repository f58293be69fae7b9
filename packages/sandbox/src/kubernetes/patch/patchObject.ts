import { badRequest, StatusError } from '../status';
import { KubeObject } from '../types';
import { clone, isRecord, JsonRecord } from '../values';
import { applyMergePatch } from './mergePatch';
import {
  applyStrategicMergePatch,
  StrategicMergeError,
} from './strategicMerge';

/** @internal */
export type PatchFormat = 'merge' | 'strategic';

/** The patched object, before it is decoded and validated. @internal */
export function patchObject(
  live: KubeObject,
  format: PatchFormat,
  patch: unknown,
): unknown {
  const target = clone(live) as JsonRecord;
  try {
    if (!isRecord(patch)) {
      throw badRequest('the patch is not an object');
    }
    return format === 'merge'
      ? applyMergePatch(target, patch)
      : applyStrategicMergePatch(target, patch);
  } catch (error) {
    if (error instanceof StrategicMergeError) {
      throw new StatusError(500, undefined, error.message);
    }
    throw error;
  }
}
