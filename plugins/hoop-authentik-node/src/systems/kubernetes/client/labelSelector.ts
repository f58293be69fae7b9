import type { Deployment } from '../types';

/**
 * A Deployment's selector in the form of a query; empty where it selects nothing.
 *
 * @internal
 */
export function labelSelectorOf(deployment: Deployment): string {
  const { matchLabels = {}, matchExpressions = [] } = deployment.spec.selector;
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    switch (operator) {
      case 'Exists':
        return key;
      case 'DoesNotExist':
        return `!${key}`;
      default:
        return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
    }
  });
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...expressions,
  ].join(',');
}

/** The forms that {@link labelSelectorOf} writes, one at a time; none of them is part of a name or a value. */
const REQUIREMENTS =
  /!([^,\s]+)|([^,\s=!]+) (in|notin) \(([^)]*)\)|([^,\s=!]+)=([^,]*)|([^,\s=!]+)/g;

/**
 * Whether labels are selected by a query of {@link labelSelectorOf}; the empty one selects everything.
 *
 * @internal
 */
export function matchesSelector(
  labels: Record<string, string>,
  selector: string,
): boolean {
  return [...selector.matchAll(REQUIREMENTS)].every(
    ([, absent, listed, operator, values, equal, value, present]) => {
      if (absent !== undefined) {
        return !(absent in labels);
      }
      if (listed !== undefined) {
        const isListed =
          listed in labels && values.split(',').includes(labels[listed]);
        // A label that is missing is in no list.
        return isListed === (operator === 'in');
      }
      return equal === undefined ? present in labels : labels[equal] === value;
    },
  );
}
