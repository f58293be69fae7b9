import type { ConfigMap, Secret } from '../../kubernetes';
import { readsSame } from './composition';
import { sourceOf, type ObjectRef } from './layout';
import type { Snapshot } from './snapshot';
import type { WriteStep } from './steps';
import type { KubernetesWrites } from './writes';

/** Objects as we wrote them last, by kind and name. @internal */
export type Written = Map<string, ConfigMap | Secret>;

/** @internal */
export function keyOf({ kind, name }: ObjectRef): string {
  return `${kind} ${name}`;
}

/** A second write of an object is made to what the first one left: there may have been no object before. @internal */
export function withLatest(step: WriteStep, written: Written): WriteStep {
  const latest =
    step.type === 'object' ? written.get(keyOf(step.change)) : undefined;
  return step.type === 'object' && latest
    ? { ...step, change: { ...step.change, found: latest } }
    : step;
}

/**
 * The last one made first. Where the references cannot be restored, the objects stay as they are: the gateway would
 * start with half of the previous values. An object that cannot be restored does not keep the others from it.
 *
 * @internal
 */
export async function undoEach(
  writes: KubernetesWrites,
  containerName: string,
  done: WriteStep[],
): Promise<void> {
  const failures: unknown[] = [];
  for (const step of [...done].reverse()) {
    if (step.type === 'references') {
      await writes.restoreReferences(containerName, step);
      continue;
    }
    try {
      await writes.restoreObject(step.change);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw failures[0];
  }
}

/** Whether undoing the steps restarts the gateway after everything that it reads is as it was. @internal */
export function endsWithRestart(
  { container }: Snapshot,
  done: WriteStep[],
): boolean {
  const first = done.findIndex(({ type }) => type === 'references');
  const undoneAfter = done.slice(0, Math.max(first, 0));
  return (
    first !== -1 &&
    undoneAfter.every(
      step =>
        step.type === 'references' ||
        !(container.envFrom ?? []).some(source =>
          readsSame(source, sourceOf(step.change)),
        ),
    )
  );
}
