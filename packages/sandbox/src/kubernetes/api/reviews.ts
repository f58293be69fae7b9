import { badRequest, invalid, StatusError } from '../status';
import { kubernetesTime } from '../time';
import { isRecord, JsonRecord, recordAt } from '../values';
import { Identity, isAllowed, PolicyRule, refusedVerb } from './authorization';

type Review = (identity: Identity, spec: JsonRecord) => JsonRecord;

interface ReviewKind {
  group: string;
  kind: string;
  answer: Review;
}

/** What every authenticated account may do, in the words of system:basic-user and system:discovery. */
const openToAll = {
  resourceRules: [
    {
      verbs: ['create'],
      apiGroups: ['authorization.k8s.io'],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    },
    {
      verbs: ['create'],
      apiGroups: ['authentication.k8s.io'],
      resources: ['selfsubjectreviews'],
    },
  ],
  nonResourceRules: [
    {
      verbs: ['get'],
      nonResourceURLs: [
        '/api',
        '/api/*',
        '/apis',
        '/apis/*',
        '/healthz',
        '/livez',
        '/readyz',
        '/version',
        '/version/',
      ],
    },
  ],
};

function reasonFor(identity: Identity): string {
  const [, , namespace, name] = identity.user.split(':');
  return name
    ? `RBAC: allowed by RoleBinding "${name}/${namespace}" of Role "${name}" to ServiceAccount "${name}/${namespace}"`
    : `RBAC: allowed by RoleBinding "${identity.user}" of Role "${identity.user}" to User "${identity.user}"`;
}

function isAdministrator({ rules }: Identity): boolean {
  return rules.some(
    rule =>
      rule.verbs.includes('*') &&
      rule.resources.includes('*') &&
      rule.apiGroups.includes('*') &&
      !rule.namespaces,
  );
}

function reviewAccess(identity: Identity, spec: JsonRecord): JsonRecord {
  const attributes = spec.resourceAttributes;
  if (!isRecord(attributes)) {
    throw invalid({ group: 'authorization.k8s.io', kind: '', plural: '' }, '', [
      {
        reason: 'FieldValueInvalid',
        message:
          'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
        field: 'spec.resourceAttributes',
      },
    ]);
  }
  const text = (key: string) =>
    typeof attributes[key] === 'string' && attributes[key] !== ''
      ? String(attributes[key])
      : undefined;
  const subresource = text('subresource');
  const allowed = isAllowed(identity.rules, {
    verb: text('verb') ?? '',
    group: text('group') ?? '',
    resource: `${text('resource') ?? ''}${
      subresource ? `/${subresource}` : ''
    }`,
    namespace: text('namespace'),
    name: text('name'),
  });
  return {
    spec,
    status: {
      allowed,
      // Members of system:masters are let through before any rule is looked at.
      ...(allowed && !isAdministrator(identity)
        ? { reason: reasonFor(identity) }
        : {}),
    },
  };
}

function ruleOf({ namespaces: _, ...rule }: PolicyRule): PolicyRule {
  return rule;
}

/** Every right in a namespace, in one answer. */
function reviewRules(identity: Identity, spec: JsonRecord): JsonRecord {
  const namespace = String(spec.namespace ?? '');
  if (!namespace) {
    throw badRequest('no namespace on request');
  }
  return {
    spec: {},
    status: {
      resourceRules: [
        ...openToAll.resourceRules,
        ...identity.rules
          .filter(
            rule => !rule.namespaces || rule.namespaces.includes(namespace),
          )
          .map(ruleOf),
      ],
      nonResourceRules: openToAll.nonResourceRules,
      incomplete: false,
    },
  };
}

function reviewSelf({ user, groups }: Identity): JsonRecord {
  return {
    metadata: { creationTimestamp: kubernetesTime() },
    status: {
      userInfo: {
        username: user,
        uid: user,
        groups: groups ?? ['system:authenticated'],
      },
    },
  };
}

/** The kinds that are asked and not stored, by their path. @internal */
export const reviewKinds: Record<string, ReviewKind> = {
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': {
    group: 'authorization.k8s.io',
    kind: 'SelfSubjectAccessReview',
    answer: reviewAccess,
  },
  '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews': {
    group: 'authorization.k8s.io',
    kind: 'SelfSubjectRulesReview',
    answer: reviewRules,
  },
  '/apis/authentication.k8s.io/v1/selfsubjectreviews': {
    group: 'authentication.k8s.io',
    kind: 'SelfSubjectReview',
    answer: reviewSelf,
  },
};

/** @internal */
export function answerReview(
  { group, kind, answer }: ReviewKind,
  identity: Identity,
  body: unknown,
): JsonRecord {
  const apiVersion = `${group}/v1`;
  const sent = recordAt(body);
  if (sent.apiVersion !== undefined && sent.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${sent.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  return {
    kind,
    apiVersion,
    metadata: {},
    ...answer(identity, recordAt(sent, 'spec')),
  };
}

/** What an account hears that may not even ask. @internal */
export function mayNotAsk(
  { group, kind }: ReviewKind,
  identity: Identity,
): StatusError {
  const plural = `${kind.toLowerCase()}s`;
  return new StatusError(
    403,
    'Forbidden',
    `${plural}.${group} is forbidden: User "${
      identity.user
    }" cannot ${refusedVerb(
      identity,
      'create',
    )} resource "${plural}" in API group "${group}" at the cluster scope`,
    { group, kind: plural },
  );
}
