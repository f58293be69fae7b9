import { forbidden, ResourceNames, StatusError } from '../status';
import type { PathParts, Verb } from './requestInfo';

/** One RBAC rule; `*` matches everything. @public */
export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
  /** Absent: every namespace, as bound by a ClusterRoleBinding. */
  namespaces?: string[];
}

/** A bearer token and what it may do. @internal */
export interface Identity {
  token: string;
  user: string;
  groups?: string[];
  rules: PolicyRule[];
  /** It asked to be another account, which it may not. */
  mayNot?: string;
}

/** A verb as a refusal names it. @internal */
export function refusedVerb({ mayNot }: Identity, verb: string): string {
  return mayNot ? `${mayNot}:${verb}` : verb;
}

/** @internal */
export interface AccessQuestion {
  verb: string;
  group: string;
  /** Plural, with the subresource behind a slash. */
  resource: string;
  namespace: string | undefined;
  name: string | undefined;
}

/** @internal */
export const everything: PolicyRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
];

function matches(allowed: string[], value: string): boolean {
  return allowed.includes('*') || allowed.includes(value);
}

/** @internal */
export function isAllowed(
  rules: PolicyRule[],
  question: AccessQuestion,
): boolean {
  return rules.some(
    rule =>
      matches(rule.apiGroups, question.group) &&
      matches(rule.resources, question.resource) &&
      matches(rule.verbs, question.verb) &&
      (!rule.namespaces ||
        rule.namespaces.includes(question.namespace ?? '')) &&
      // A rule with names never matches a request that names nothing, creation above all.
      (!rule.resourceNames?.length ||
        (question.name !== undefined &&
          rule.resourceNames.includes(question.name))),
  );
}

/** @internal */
export function denied(
  identity: Identity,
  type: Omit<ResourceNames, 'kind'>,
  question: AccessQuestion,
): StatusError {
  const scope = question.namespace
    ? `in the namespace "${question.namespace}"`
    : 'at the cluster scope';
  return forbidden(
    type,
    question.name,
    `User "${identity.user}" cannot ${refusedVerb(
      identity,
      question.verb,
    )} resource "${question.resource}" in API group "${
      question.group
    }" ${scope}`,
  );
}

/** Throws where no rule covers the request. @internal */
export function authorize(
  identity: Identity,
  { group, plural, subresource, namespace, name }: PathParts,
  verb: Verb,
  query: URLSearchParams,
): void {
  // Rules with names cover list and watch only when the selector names exactly one object.
  const selected = /^metadata\.name=([^,]+)$/.exec(
    query.get('fieldSelector') ?? '',
  )?.[1];
  const question = {
    verb,
    group,
    resource: subresource ? `${plural}/${subresource}` : plural,
    namespace,
    name: verb === 'create' ? undefined : name ?? selected,
  };
  if (!isAllowed(identity.rules, question)) {
    throw denied(identity, { group, plural }, question);
  }
}
