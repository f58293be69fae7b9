import type { CauseId } from 'backstage-plugin-hoop-authentik-common';
import { failureOf, type FailedSystem, type Failure } from '../core';
import {
  AuthentikPermissionError,
  AuthentikServerError,
} from '../systems/authentik';
import { GatewayKeyRefusedError } from '../systems/hoop';
import { KubernetesForbiddenError } from '../systems/kubernetes';
import { ForeignApplicationError, UnusableSigningKeyError } from './observe';
import type { Observation, ObservedIntegration } from './types';

const TITLES: Record<CauseId, string> = {
  'gateway.down': 'Gateway is down',
  'authentik.unreachable': 'authentik is unreachable',
  'authentik.token-refused': 'authentik refuses the API token',
  'authentik.permission-missing': 'Token lacks a permission in authentik',
  'authentik.overloaded': 'authentik is overloaded or starting',
  'authentik.server-error': 'authentik answers with a server error',
  'authentik.unexpected-answer': 'authentik gives an unexpected answer',
  'authentik.misconfigured': 'authentik rejects a request',
  'authentik.failed': 'authentik could not be read',
  'kubernetes.unreachable': 'Kubernetes API is unreachable',
  'kubernetes.token-refused': 'Kubernetes refuses the credentials',
  'kubernetes.forbidden': 'Account lacks a right in the cluster',
  'kubernetes.overloaded': 'Kubernetes API is overloaded',
  'kubernetes.server-error': 'Kubernetes API answers with a server error',
  'kubernetes.unexpected-answer': 'Kubernetes API gives an unexpected answer',
  'kubernetes.misconfigured': 'Target in app-config does not fit the cluster',
  'kubernetes.failed': 'Gateway deployment could not be read',
  'gateway.unreachable': 'Gateway is unreachable',
  'gateway.key-refused': 'Gateway refuses the API key',
  'gateway.overloaded': 'Gateway is overloaded',
  'gateway.server-error': 'Gateway answers with a server error',
  'gateway.unexpected-answer': 'Gateway gives an unexpected answer',
  'gateway.misconfigured': 'Gateway rejects a request',
  'gateway.failed': 'Gateway could not be read',
};

/** @internal */
export function causeTitle(id: CauseId): string {
  return TITLES[id];
}

type Kind = Failure['kind'] | 'misconfigured' | 'other';

const CAUSES: Record<FailedSystem, Record<Kind, CauseId>> = {
  authentik: {
    unreachable: 'authentik.unreachable',
    'credentials-refused': 'authentik.token-refused',
    'permission-missing': 'authentik.permission-missing',
    overloaded: 'authentik.overloaded',
    'server-error': 'authentik.server-error',
    'unexpected-answer': 'authentik.unexpected-answer',
    misconfigured: 'authentik.misconfigured',
    other: 'authentik.failed',
  },
  kubernetes: {
    unreachable: 'kubernetes.unreachable',
    'credentials-refused': 'kubernetes.token-refused',
    'permission-missing': 'kubernetes.forbidden',
    overloaded: 'kubernetes.overloaded',
    'server-error': 'kubernetes.server-error',
    'unexpected-answer': 'kubernetes.unexpected-answer',
    misconfigured: 'kubernetes.misconfigured',
    other: 'kubernetes.failed',
  },
  gateway: {
    unreachable: 'gateway.unreachable',
    'credentials-refused': 'gateway.key-refused',
    'permission-missing': 'gateway.key-refused',
    overloaded: 'gateway.overloaded',
    'server-error': 'gateway.server-error',
    'unexpected-answer': 'gateway.unexpected-answer',
    misconfigured: 'gateway.misconfigured',
    other: 'gateway.failed',
  },
};

/** By classes and properties alone: what an error says is for people. */
function kindOf(error: Error): Kind {
  if (
    error instanceof AuthentikPermissionError ||
    KubernetesForbiddenError.is(error)
  ) {
    return 'permission-missing';
  }
  if (error instanceof GatewayKeyRefusedError) {
    return 'credentials-refused';
  }
  const failure = failureOf(error);
  if (failure) {
    return failure.kind;
  }
  if (error instanceof AuthentikServerError) {
    return 'server-error';
  }
  if (['InputError', 'NotFoundError', 'ConflictError'].includes(error.name)) {
    return 'misconfigured';
  }
  return error.name === 'ServiceUnavailableError'
    ? 'unexpected-answer'
    : 'other';
}

/**
 * Why a read of a system failed; pure.
 *
 * @param system - the one that was asked, unless the error knows better
 * @internal
 */
export function causeIdOf(
  system: FailedSystem,
  error: Error,
  observed: ObservedIntegration,
): CauseId {
  const asked = failureOf(error)?.system ?? system;
  const kind = kindOf(error);
  return asked === 'gateway' &&
    kind !== 'credentials-refused' &&
    isGatewayDown(observed)
    ? 'gateway.down'
    : CAUSES[asked][kind];
}

/** Why the discovery document of authentik, which gateways load, could not be read. @internal */
export function authentikOutage(
  observed: ObservedIntegration,
): CauseId | undefined {
  const { discovery } = observed.authentik;
  return discovery.ok ||
    discovery.error instanceof UnusableSigningKeyError ||
    discovery.error instanceof ForeignApplicationError
    ? undefined
    : causeIdOf('authentik', discovery.error, observed);
}

/** Whether the gateway does not run or answer, and it or its cluster says why. @internal */
export function isGatewayDown(observed: ObservedIntegration): boolean {
  return whyDown(observed) !== undefined;
}

/**
 * Why the gateway is down, by its own words or those of its cluster; `undefined` where it answers, or where nothing says
 * more than that it does not.
 */
function whyDown({
  gateway: { info },
  target,
  targetCapabilities,
}: ObservedIntegration): string | undefined {
  if (info.ok) {
    return undefined;
  }
  if (targetCapabilities.showsEnvironment && target.ok) {
    const { rollout, settingsInUse } = target.value.state;
    // Without a container that runs it is unknown whether one uses the settings.
    if (rollout.problems.length > 0 || settingsInUse === undefined) {
      return [rollout.line, ...rollout.problems].join('; ');
    }
  }
  return failureOf(info.error)?.kind === 'server-error'
    ? info.error.message
    : undefined;
}

/**
 * The errors of everything that could not be observed, by their cause; pure. Where the gateway is down, what says so stands
 * first.
 *
 * @internal
 */
export function errorsByCause(
  observed: ObservedIntegration,
): Map<CauseId, Error[]> {
  const errors = new Map<CauseId, Error[]>();
  for (const { system, error } of failuresIn(observed)) {
    const id = causeIdOf(system, error, observed);
    const before =
      errors.get(id) ??
      (id === 'gateway.down' ? [new Error(whyDown(observed))] : []);
    errors.set(id, [...before, error]);
  }
  return errors;
}

function failuresIn({
  authentik: { version: _, ...authentik },
  target,
  targetCapabilities,
  gateway: { loginPage, ...gateway },
}: ObservedIntegration): Array<{ system: FailedSystem; error: Error }> {
  const asked: Array<[FailedSystem, Observation<unknown> | undefined]> = [
    [targetCapabilities.showsEnvironment ? 'kubernetes' : 'gateway', target],
    ...[...Object.values(authentik), loginPage].map(
      found => ['authentik', found] as [FailedSystem, typeof found],
    ),
    ...Object.values(gateway).map(
      found => ['gateway', found] as [FailedSystem, typeof found],
    ),
  ];
  return asked.flatMap(([system, found]) =>
    found && !found.ok ? [{ system, error: found.error }] : [],
  );
}

/** The permissions that our token lacks, each once. @internal */
export function missingPermissions(errors: readonly unknown[]): string {
  return [
    ...new Set(
      errors.flatMap(error =>
        error instanceof AuthentikPermissionError ? error.permission ?? [] : [],
      ),
    ),
  ].join(', ');
}
