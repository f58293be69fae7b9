import { isDeepStrictEqual } from 'node:util';
import type { PresentedRequest } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { StoredRequest } from './store';

/** The actions that carry a request out, each with the inputs that it must have. */
function approvedInputs(
  request: StoredRequest,
): Record<string, Record<string, unknown>> {
  const { kind, subject, until, groups } = request;
  return kind === 'access'
    ? { 'hoop:access:grant': { [subject?.kind ?? '']: subject?.name, until } }
    : {
        'hoop:gateway:preflight': {
          bindings: groups.map(group => ({ group })),
        },
        'authentik:application:ensure': {
          bindings: groups.map(group => ({ group })),
        },
        'hoop:gateway:configure': {},
        'hoop:gateway:restart': {},
        'hoop:gateway:verify': {},
      };
}

/**
 * Values of the form of the template that carries a request out.
 *
 * @param approval - what the task has to present
 * @internal
 */
export function templateValues(
  { kind, entityRef, subject, until, groups }: StoredRequest,
  approval: string,
) {
  return {
    entity: entityRef,
    request: approval,
    ...(kind === 'access'
      ? {
          who: subject?.kind ?? '',
          [subject?.kind ?? '']: subject?.name ?? '',
          ...(until ? { until } : {}),
        }
      : { access: 'groups', bindings: groups.map(group => ({ group })) }),
  };
}

/**
 * Why a request does not allow what is presented; pure. The gateway and the application are compared as resolved, and every
 * other input has to be the one that was approved, or empty.
 *
 * @internal
 */
export function refusalOf(
  request: StoredRequest,
  { action, gateway, application, user, inputs }: PresentedRequest,
): string | undefined {
  if (user?.toLocaleLowerCase('en-US') !== request.decidedBy) {
    return 'The request was approved by another user than the one who started this task.';
  }
  if (gateway !== request.gateway.name || application !== request.application) {
    return `The request was approved for the application "${request.application}" of the gateway "${request.gateway.name}", not for "${application}" of "${gateway}".`;
  }
  const actions = approvedInputs(request);
  const approved = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!approved) {
    return `The request does not cover the action ${action}.`;
  }
  const {
    gateway: _gateway,
    entityRef,
    application: _slug,
    ...others
  } = inputs;
  if (!isEmpty(entityRef) && entityRef !== request.entityRef) {
    return `The request was approved for the entity ${request.entityRef}, not for another one.`;
  }
  const names = new Set([...Object.keys(approved), ...Object.keys(others)]);
  const other = [...names].find(
    name => !isDeepStrictEqual(valueOf(others[name]), valueOf(approved[name])),
  );
  return other === undefined
    ? undefined
    : `The input ${other} of ${action} is not the one that was approved.`;
}

/** A form leaves empty what is not given. */
function valueOf(value: unknown): unknown {
  return isEmpty(value) ? undefined : value;
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    value === false ||
    (Array.isArray(value) && value.length === 0)
  );
}
