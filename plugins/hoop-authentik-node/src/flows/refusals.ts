import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type { Check } from 'backstage-plugin-hoop-authentik-common';
import { sentence } from '../core';
import type { ObjectOwner } from '../targets/types';
import { MAKE_REACHABLE } from '../integration/checks/check';
import { permissions } from '../integration/checks/permissions';

/** One line for a check that did not pass: what, expected, found, what to do. @public */
export function describeCheck(check: Check): string {
  const facts = [
    ...(check.expected ? [`expected ${check.expected}`] : []),
    ...(check.actual ? [`found ${check.actual}`] : []),
  ].join('; ');
  return [
    `${check.title}${facts ? `: ${facts}.` : '.'}`,
    ...(check.remedy ? [check.remedy] : []),
  ].join(' ');
}

/**
 * Throws when a check did not pass.
 *
 * @param retry - what to do once an outage is over
 * @throws ServiceUnavailableError when a system could not be observed, or our token lacks a read permission
 * @throws InputError when a setting does not match
 * @internal
 */
export function refuseFailures(
  checks: Check[],
  introduction: string,
  retry = 'Run the task again once this is fixed.',
): void {
  const refused = checks.find(
    ({ id, status }) => id === permissions.id && status === 'fail',
  );
  if (refused) {
    // A right that our own token lacks is an outage of ours: the user's input cannot fix it.
    throw new ServiceUnavailableError(
      `${introduction} ${describeCheck(refused)}`,
    );
  }
  const unknown = checks.find(({ status }) => status === 'unknown');
  if (unknown) {
    const { title, actual = title, remedy } = unknown;
    throw new ServiceUnavailableError(
      [
        introduction,
        sentence(actual),
        ...(remedy && remedy !== MAKE_REACHABLE ? [remedy] : []),
        retry,
      ]
        .filter(Boolean)
        .join(' '),
    );
  }
  const failures = checks.filter(({ status }) => status === 'fail');
  if (failures.length > 0) {
    throw new InputError(
      `${introduction} ${failures.map(describeCheck).join(' ')}`,
    );
  }
}

/**
 * Throws when a tool manages an object that would be written.
 *
 * @throws InputError naming the tools and the objects
 * @internal
 */
export function refuseOwners(owners: ObjectOwner[], refusal: string): void {
  if (owners.length > 0) {
    throw new InputError(
      `${refusal} ${owners
        .map(
          ({ tool, object, detail }) =>
            `${object} is managed by ${tool} (${detail})`,
        )
        .join(', ')}, which would undo a live edit. ${adviceOf(
        owners,
      )} instead, or set allowManaged to write anyway.`,
    );
  }
}

function adviceOf(owners: ObjectOwner[]): string {
  const advice = [...new Set(owners.flatMap(one => one.advice ?? []))];
  const text = advice.join(', or ') || 'change the values it is generated from';
  return `${text[0].toUpperCase()}${text.slice(1)}`;
}
