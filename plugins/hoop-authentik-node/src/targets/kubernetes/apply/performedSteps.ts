import { ServiceUnavailableError } from '@backstage/errors';
import type { ConfigMap, Secret } from '../../../systems/kubernetes';
import { reasonOf } from '../../../core';
import { readsSame } from '../read/composition';
import { sourceOf, type ObjectRef } from '../read/layout';
import type { Snapshot } from '../read/snapshot';
import type { WriteStep } from '../plan/steps';
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
 * The last one made first, which leads through the states of the way there: the gateway could start in each of them. So
 * the first one that cannot be undone ends it: to go on without it would lead to a state that nobody has looked at.
 *
 * @throws ServiceUnavailableError naming what is back and what is not
 * @internal
 */
export async function undoEach(
  writes: KubernetesWrites,
  containerName: string,
  done: WriteStep[],
): Promise<void> {
  for (let left = done.length; left > 0; left--) {
    const step = done[left - 1];
    try {
      await (step.type === 'references'
        ? writes.restoreReferences(containerName, step)
        : writes.restoreObject(step.change));
    } catch (error) {
      throw new ServiceUnavailableError(
        `${reasonOf(error)}. ${describeRest(done, left)}`,
      );
    }
  }
}

/** What is not back when so many steps are left to undo, and what is. Without a full stop: it ends a sentence. */
function describeRest(done: WriteStep[], left: number): string {
  const namesOf = (steps: WriteStep[]) => new Set(steps.map(describeStep));
  const missing = namesOf(done.slice(0, left));
  const back = [...namesOf(done.slice(left))].filter(
    name => !missing.has(name),
  );
  return [
    ...(back.length > 0 ? [`Back as before: ${back.join(', ')}`] : []),
    `Not back: ${[...missing].join(', ')}`,
  ].join('. ');
}

function describeStep(step: WriteStep): string {
  return step.type === 'references'
    ? "the container's references"
    : `${step.change.kind} "${step.change.name}"`;
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
