import { ResourceType } from '../resources';
import { forbidden, StatusError } from '../status';
import { isRecord } from '../values';

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
  type: ResourceType,
  question: AccessQuestion,
): StatusError {
  const scope = question.namespace
    ? `in the namespace "${question.namespace}"`
    : 'at the cluster scope';
  return forbidden(
    type,
    question.name,
    `User "${identity.user}" cannot ${question.verb} resource "${question.resource}" in API group "${question.group}" ${scope}`,
  );
}

/** Answers a SelfSubjectAccessReview body. @internal */
export function reviewAccess(identity: Identity, body: unknown) {
  const spec = isRecord(body) && isRecord(body.spec) ? body.spec : {};
  const attributes = isRecord(spec.resourceAttributes)
    ? spec.resourceAttributes
    : undefined;
  const text = (key: string) =>
    typeof attributes?.[key] === 'string' && attributes[key] !== ''
      ? String(attributes[key])
      : undefined;
  const subresource = text('subresource');
  const allowed =
    attributes !== undefined &&
    isAllowed(identity.rules, {
      verb: text('verb') ?? '',
      group: text('group') ?? '',
      resource: `${text('resource') ?? ''}${
        subresource ? `/${subresource}` : ''
      }`,
      namespace: text('namespace'),
      name: text('name'),
    });
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    metadata: {},
    spec,
    status: {
      allowed,
      ...(allowed ? { reason: 'RBAC: allowed by a rule of the sandbox' } : {}),
    },
  };
}
