import { describeValue, type PlanLine } from '../core';
import type { ApplicationFacts } from './lookups';
import type { BindingChange } from './planBindings';
import type { ApplicationSpec } from './types';

/** One line for each field that changes. @internal */
export function planLines(
  object: string,
  fields: object,
  found: object | undefined,
  describe: (value: unknown) => string,
): PlanLine[] {
  const present = (found ?? {}) as Record<string, unknown>;
  return Object.entries(fields).map(([field, to]) => ({
    object,
    field,
    from: describe(present[field]),
    to: describe(to),
  }));
}

/**
 * Shows keys of flows, certificates and mappings by name, and redirect URIs as people write them.
 *
 * @internal
 */
export function valueDescriber({
  flows,
  keyPairs,
  scopeMappings,
}: ApplicationFacts) {
  const names = new Map<unknown, string>([
    ...flows.map(({ pk, slug }) => [pk, slug] as const),
    ...keyPairs.map(({ pk, name }) => [pk, name] as const),
    ...scopeMappings.map(({ pk, scopeName }) => [pk, scopeName] as const),
  ]);
  return (value: unknown): string =>
    describeValue(
      Array.isArray(value)
        ? value.map(one => names.get(one) ?? redirectUriText(one))
        : names.get(value) ?? value,
    );
}

function redirectUriText(value: unknown): unknown {
  return typeof value === 'object' &&
    value !== null &&
    'matchingMode' in value &&
    'url' in value
    ? `${value.matchingMode} ${value.url}`
    : value;
}

function describeSubject(
  subject: BindingChange['subject'],
  spec: Pick<ApplicationSpec, 'bindings'>,
): string {
  const given =
    subject.index === undefined ? undefined : spec.bindings?.[subject.index];
  if (!given) {
    return subject.key;
  }
  if (given.group !== undefined) {
    return `group "${given.group}"`;
  }
  return given.user === undefined
    ? `policy "${given.policy}"`
    : `user "${given.user}"`;
}

/** @internal */
export function bindingPlanLines(
  bindings: BindingChange[],
  spec: Pick<ApplicationSpec, 'slug' | 'bindings'>,
): PlanLine[] {
  return bindings.map(change => ({
    object: `authentik application "${spec.slug}"`,
    field: `binding ${describeSubject(change.subject, spec)}`,
    from: change.from,
    to: change.to,
  }));
}
