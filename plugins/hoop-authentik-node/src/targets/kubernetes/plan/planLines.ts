import type { KubernetesTargetConfig } from '../../../config/types';
import type { EnvFromSource } from '../../../systems/kubernetes';
import { describeValue, type PlanLine, SecretValue } from '../../../core';
import { describeReference, missingFrom } from '../read/references';
import { sameValue, type ObjectChange } from './steps';

/** One line for each key that changes; no secret is shown, whichever key it sits under. @internal */
export function objectLines(
  { kind, name, found, data, before }: ObjectChange,
  namespace: string,
  secret: SecretValue | undefined,
): PlanLine[] {
  const shown = (value: SecretValue | string | null) =>
    // The secret may have ended up under the key of another setting.
    value instanceof SecretValue || secret?.equals(value ?? undefined)
      ? '<changed>'
      : describeValue(value);
  return Object.entries(data)
    .filter(([key, value]) => !sameValue(value, before[key]))
    .map(([key, value]) => ({
      object: `${kind} ${namespace}/${name}${found ? '' : ' (new)'}`,
      field: key,
      from: before[key] === null ? '(unset)' : shown(before[key]),
      to: value === null ? '(removed)' : shown(value),
    }));
}

/** One line for each reference of the container that goes or comes. @internal */
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
