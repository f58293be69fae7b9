import { badRequest, unprocessablePatch } from '../status';
import { KubeObject } from '../types';
import { clone, isRecord, JsonRecord } from '../values';
import {
  applyJsonPatch,
  JsonPatchError,
  JsonPatchSyntaxError,
} from './jsonPatch';
import { applyMergePatch } from './mergePatch';
import {
  applyStrategicMergePatch,
  StrategicMergeError,
} from './strategicMerge';

/** @internal */
export type PatchFormat = 'json' | 'merge' | 'strategic';

/** The content types of PATCH, in the order the server names them in a 415. @internal */
export const patchMediaTypes = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
} as const;

/** The patched object, before it is decoded and validated. @internal */
export function patchObject(
  live: KubeObject,
  format: PatchFormat,
  patch: unknown,
): unknown {
  const target = clone(live) as JsonRecord;
  try {
    if (format === 'json') {
      return applyJsonPatch(target, patch);
    }
    if (!isRecord(patch)) {
      throw badRequest('the patch is not an object');
    }
    return format === 'merge'
      ? applyMergePatch(target, patch)
      : applyStrategicMergePatch(target, patch);
  } catch (error) {
    if (
      error instanceof JsonPatchError ||
      error instanceof StrategicMergeError
    ) {
      throw unprocessablePatch(error.message);
    }
    if (error instanceof JsonPatchSyntaxError) {
      throw badRequest(error.message);
    }
    throw error;
  }
}
