import type { TargetState } from '../../types';
import type { Snapshot } from './objects';
import {
  isMarked,
  isSamePart,
  markIn,
  othersOf,
  previousValuesIn,
  templatePartOf,
  type PreviousValues,
  type SwitchMark,
  type TemplatePart,
} from './switchRecord';

/**
 * A switch that no run has verified yet: its own run goes on, or was killed.
 *
 * @internal
 */
export interface Unverified {
  /** Absent where the run was killed before it wrote the Deployment, or it is not readable. */
  mark: SwitchMark | undefined;
  /** Absent where nothing was edited in place. */
  previous: PreviousValues | undefined;
  /** Writes were to follow. */
  interrupted: boolean;
  shown: NonNullable<TargetState['unverifiedSwitch']>;
}

/**
 * The switch that is not verified yet, with why it cannot be undone; pure. It can be undone only while the pod template is
 * the one that its run wrote: what another process has deployed since may need the new settings.
 *
 * @internal
 */
export function unverifiedIn(
  snapshot: Omit<Snapshot, 'pods'>,
): Unverified | undefined {
  const { deployment, previousValues } = snapshot;
  const marked = markIn(deployment);
  const values = previousValuesIn(previousValues, deployment.metadata.name);
  if (values && values.id !== marked?.id) {
    return describe(
      undefined,
      values,
      true,
      whyNot(snapshot, values, values.before),
    );
  }
  if (marked) {
    return describe(
      marked,
      values,
      !marked.complete,
      marked.previousValues && !values
        ? 'the Secret with the previous values is not there or not readable'
        : whyNot(snapshot, marked, marked.after),
    );
  }
  return isMarked(deployment)
    ? describe(
        undefined,
        undefined,
        false,
        'its record on the Deployment is not readable',
      )
    : undefined;
}

function whyNot(
  { deployment, container }: Omit<Snapshot, 'pods'>,
  record: Pick<SwitchMark, 'container' | 'others'>,
  expected: TemplatePart,
): string | undefined {
  return record.container === container.name &&
    record.others === othersOf(deployment, container.name) &&
    isSamePart(templatePartOf(deployment, container.name), expected)
    ? undefined
    : 'another process has changed the pod template of the Deployment since';
}

function describe(
  mark: SwitchMark | undefined,
  previous: PreviousValues | undefined,
  interrupted: boolean,
  refusal: string | undefined,
): Unverified {
  return {
    mark,
    previous,
    interrupted,
    shown: { since: (mark ?? previous)?.since, refusal },
  };
}
