import type { KubernetesTargetConfig } from '../../../config/types';
import type {
  EnvFromSource,
  KubernetesObject,
} from '../../../systems/kubernetes';
import {
  describeValue,
  type PlanLine,
  SecretValue,
  shownSetting,
} from '../../../core';
import type { ObjectOwner } from '../../types';
import { describeReference, missingFrom, type Snapshot } from '../read/objects';
import { ownersOf } from '../read/owners';
import { sameValue, type ObjectChange, type WriteStep } from './steps';

/**
 * Everything that is left to do to switch a gateway; plain data.
 *
 * @internal
 */
export interface SwitchPlan {
  /** In an order in which the gateway could start after each of them. */
  steps: WriteStep[];
  /** Whether a restart has to follow the steps; a change of references already is one. */
  restart: boolean;
  /** Objects that nothing reads any more once the gateway runs. */
  leftovers: ObjectChange[];
  changes: PlanLine[];
  refusals: string[];
  /** Tools that manage the objects that would be written. */
  owners: ObjectOwner[];
}

/** One line for each key that changes; of a previous value only what cannot be a secret in the wrong place. @internal */
export function objectLines(
  { kind, name, found, data, lookUp, ...change }: ObjectChange,
  namespace: string,
  secret: SecretValue | undefined,
): PlanLine[] {
  const shown = (
    value: SecretValue | string | null,
    show: (value: string | null) => string,
  ) =>
    value instanceof SecretValue || secret?.equals(value ?? undefined)
      ? '<changed>'
      : show(value);
  const before = change.shownBefore ?? change.before;
  return Object.entries(data)
    .filter(([key, value]) => !sameValue(value, before[key]))
    .map(([key, wanted]) => ({
      object: `${kind} ${namespace}/${name}${found || lookUp ? '' : ' (new)'}`,
      field: key,
      from: shown(before[key], value => shownSetting(key, value)),
      to: wanted === null ? '(removed)' : shown(wanted, describeValue),
    }));
}

/** One line for each reference that is removed from or added to the container. @internal */
export function referenceLines(
  { namespace, deployment }: KubernetesTargetConfig,
  from: EnvFromSource[],
  to: EnvFromSource[],
): PlanLine[] {
  const line = (before: string, after: string) => ({
    object: `Deployment ${namespace}/${deployment}`,
    field: 'envFrom',
    from: before,
    to: after,
  });
  return [
    ...missingFrom(to, from).map(source =>
      line(describeReference(source), '(no reference)'),
    ),
    ...missingFrom(from, to).map(source =>
      line('(no reference)', describeReference(source)),
    ),
  ];
}

/**
 * Tools that manage the objects of some writes. They do not revert the mark of a restart, so the Deployment is included
 * only where its references change; pure.
 *
 * @internal
 */
export function ownersOfWrites(
  deployment: KubernetesObject,
  steps: WriteStep[],
  leftovers: ObjectChange[],
): ObjectOwner[] {
  const written = new Set([
    ...steps.map(step =>
      step.type === 'references' ? deployment : step.change.found,
    ),
    ...leftovers.map(({ found }) => found),
  ]);
  return [...written].flatMap(ownersOf);
}

/** Reasons against the result explain more than reasons against the order of the writes. @internal */
export function firstOf(end: string[], way: string[]): string[] {
  return end.length > 0 ? end : way;
}

/** What is written to an object that is being deleted is lost, although the cluster accepts it. @internal */
export function deletionRefusals(
  deployment: KubernetesObject,
  steps: WriteStep[],
  restart = false,
): string[] {
  const written = [
    ...(steps.length > 0 || restart ? [deployment] : []),
    ...steps.flatMap(step =>
      step.type === 'object' ? step.change.found ?? [] : [],
    ),
  ];
  return [...new Set(written)].flatMap(({ kind, metadata }) =>
    metadata.deletionTimestamp
      ? [
          `The ${kind} "${metadata.name}" is being deleted (since ${metadata.deletionTimestamp}), so what is written to it is lost. ` +
            'Wait until it is gone, or remove the finalizer that keeps it, and run the task again.',
        ]
      : [],
  );
}

/** @internal */
export function deploymentRefusals(
  snapshot: Snapshot,
  config: KubernetesTargetConfig,
): string[] {
  return [
    ...pauseRefusals(snapshot, config),
    ...(snapshot.deployment.spec.replicas === 0
      ? [
          `The ${describe(
            config,
          )} is scaled to 0 replicas, so there is no gateway to sign in to. Scale it up first.`,
        ]
      : []),
  ];
}

/** @internal */
export function pauseRefusals(
  { deployment: { spec } }: Snapshot,
  config: KubernetesTargetConfig,
): string[] {
  return spec.paused
    ? [
        `The ${describe(
          config,
        )} is paused, so the gateway would not restart. Resume it first (kubectl rollout resume).`,
      ]
    : [];
}

function describe({ deployment, namespace }: KubernetesTargetConfig): string {
  return `Deployment "${deployment}" in namespace "${namespace}"`;
}
