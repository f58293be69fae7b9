import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { isCauseId, type Check } from 'backstage-plugin-hoop-authentik-common';
import type { CheckInput } from '../integration/checks';
import { describeProblems, problemsOf } from '../integration/problems';
import type { ObjectOwner, TargetWriteOptions } from '../targets/types';

/**
 * Throws when there is a problem that is more than a warning; an outage is named once, with what to do about it.
 *
 * @param input - what the checks were made from
 * @param retry - what to do once an outage is over
 * @throws ServiceUnavailableError when a system could not be observed, or our token lacks a read permission
 * @throws InputError when a setting does not match
 * @internal
 */
export function refuseFailures(
  checks: readonly Check[],
  input: CheckInput,
  introduction: string,
  retry = 'Then run the task again.',
): void {
  const problems = problemsOf(checks, input).filter(
    ({ severity }) => severity !== 'warn',
  );
  if (problems.length === 0) {
    return;
  }
  const message = `${introduction} ${describeProblems(problems, checks)}`;
  // An outage, or a right that our own account lacks, is no fault of the user's input.
  throw problems.some(({ id }) => isCauseId(id))
    ? new ServiceUnavailableError(`${message} ${retry}`.trim())
    : new InputError(message);
}

/**
 * Throws when a tool manages an object that would be written and would undo it; warns where it only may.
 *
 * @throws InputError naming the tools and the objects
 * @internal
 */
export function refuseOwners(
  owners: ObjectOwner[],
  refusal: string,
  {
    allowManaged,
    log,
  }: Pick<TargetWriteOptions, 'log'> & { allowManaged?: boolean },
): void {
  const certain = owners.filter(({ uncertain }) => !uncertain);
  if (certain.length > 0 && !allowManaged) {
    throw new InputError(
      `${refusal} ${describeCertain(certain)} ${adviceOf(
        certain,
      )} instead, or set allowManaged to write anyway.`,
    );
  }
  for (const { tool, object, detail, advice, uncertain } of owners) {
    if (uncertain) {
      log(
        `${object} may be managed by ${tool} (${detail}). If the change does not last, ${advice}.`,
        'warn',
      );
    }
  }
}

function describeCertain(owners: ObjectOwner[]): string {
  const managing = owners.filter(({ refers }) => !refers);
  const undo = managing
    .map(
      ({ tool, object, detail }) =>
        `${object} is managed by ${tool} (${detail})`,
    )
    .join(', ');
  const later = managing.some(({ delivers }) => delivers)
    ? ', while a copy elsewhere would override its later values'
    : '';
  return [
    ...(undo ? [`${undo}, which would undo a live edit${later}.`] : []),
    ...owners
      .filter(({ refers }) => refers)
      .map(({ object, detail }) => `${object} ${detail}.`),
  ].join(' ');
}

function adviceOf(owners: ObjectOwner[]): string {
  const advice = [...new Set(owners.flatMap(one => one.advice ?? []))];
  const text = advice.join(', or ') || 'change the values it is generated from';
  return `${text[0].toUpperCase()}${text.slice(1)}`;
}
