import { SecretValue } from '../../../core';

/**
 * A value of the environment: plain, secret, or `undefined` where only the running pod knows it.
 *
 * @public
 */
export type EnvironmentValue = string | SecretValue | undefined;

/** `$$`, or `$(NAME)` with whatever stands between the brackets. */
const REFERENCE = /\$\$|\$\(([^)]*)\)/g;

/**
 * Replaces `$(NAME)` by the value of a variable that is known already and `$$` by `$`; a reference to an unknown
 * variable stays as it is. What contains a secret is a secret itself, and what contains a value that only the pod knows
 * is known to the pod only.
 *
 * Source: `Expand` in k8s.io/kubernetes/third_party/forked/golang/expansion.
 *
 * @internal
 */
export function expandReferences(
  input: string,
  known: ReadonlyMap<string, { value: EnvironmentValue }>,
): EnvironmentValue {
  let secret = false;
  let unknowable = false;
  const expanded = input.replace(
    REFERENCE,
    (match: string, name: string | undefined) => {
      if (match === '$$') {
        return '$';
      }
      const variable = known.get(name ?? '');
      if (!variable) {
        return match;
      }
      if (variable.value instanceof SecretValue) {
        secret = true;
        return variable.value.reveal();
      }
      unknowable ||= variable.value === undefined;
      return variable.value ?? '';
    },
  );
  if (unknowable) {
    return undefined;
  }
  return secret ? new SecretValue(expanded) : expanded;
}
