import { badRequest } from './status';
import { KubeObject, LabelSelector } from './types';
import { recordAt } from './values';

/** @internal */
export type ObjectFilter = (object: KubeObject) => boolean;

/** Field labels the API server knows beside metadata.name and metadata.namespace. */
const selectableFields: Record<string, string[]> = {
  Pod: ['spec.nodeName', 'spec.restartPolicy', 'status.phase', 'status.podIP'],
  Secret: ['type'],
  Namespace: ['status.phase'],
  ReplicaSet: ['status.replicas'],
  Event: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'type',
  ],
};

function fieldValue(object: KubeObject, path: string): string {
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  const value = recordAt(object, ...parts)[last];
  return value === undefined || value === null ? '' : String(value);
}

/** @internal */
export function parseFieldSelector(
  selector: string | undefined,
  kind: string,
): ObjectFilter {
  if (!selector) {
    return () => true;
  }
  const terms = selector.split(',').map(term => {
    const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(term.trim());
    if (!match) {
      throw badRequest(
        `invalid field selector "${selector}": can't understand '${term}'`,
      );
    }
    const [, field, operator, value] = match;
    const known = [
      'metadata.name',
      'metadata.namespace',
      ...(selectableFields[kind] ?? []),
    ];
    if (!known.includes(field)) {
      throw badRequest(
        `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
      );
    }
    return { field, negated: operator === '!=', value };
  });
  return object =>
    terms.every(
      term => (fieldValue(object, term.field) === term.value) !== term.negated,
    );
}

/** Commas separate requirements, except inside the parentheses of a set. */
function splitRequirements(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map(part => part.trim())
    .filter(Boolean);
}

type LabelTest = (labels: Record<string, string>) => boolean;

function parseRequirement(requirement: string): LabelTest {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(requirement);
  if (set) {
    const [, key, operator, list] = set;
    const values = list.split(',').map(value => value.trim());
    return operator === 'in'
      ? labels => key in labels && values.includes(labels[key])
      : labels => !(key in labels) || !values.includes(labels[key]);
  }
  const equality = /^([^\s=!]+)\s*(==|=|!=)\s*(\S*)$/.exec(requirement);
  if (equality) {
    const [, key, operator, value] = equality;
    return operator === '!='
      ? labels => labels[key] !== value
      : labels => labels[key] === value;
  }
  const existence = /^(!?)\s*([^\s=!()]+)$/.exec(requirement);
  if (existence) {
    const [, negation, key] = existence;
    return labels => key in labels === (negation === '');
  }
  throw badRequest(`unable to parse requirement: "${requirement}"`);
}

/** @internal */
export function parseLabelSelector(selector: string | undefined): ObjectFilter {
  const tests = splitRequirements(selector ?? '').map(parseRequirement);
  return object => {
    const labels = object.metadata.labels ?? {};
    return tests.every(test => test(labels));
  };
}

/** @internal */
export function matchesLabelSelector(
  selector: LabelSelector,
  labels: Record<string, string>,
): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  return (
    equal &&
    (selector.matchExpressions ?? []).every(
      ({ key, operator, values = [] }) => {
        switch (operator) {
          case 'In':
            return key in labels && values.includes(labels[key]);
          case 'NotIn':
            return !(key in labels) || !values.includes(labels[key]);
          case 'Exists':
            return key in labels;
          default:
            return !(key in labels);
        }
      },
    )
  );
}
