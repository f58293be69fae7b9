import { ResourceType, resourceTypes } from '../resources';

/** @internal */
export const serverVersion = 'v1.32.4+sandbox';

const verbs = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

function describe(type: ResourceType) {
  return {
    name: type.plural,
    singularName: type.singular,
    namespaced: type.namespaced,
    kind: type.kind,
    verbs,
    ...(type.shortNames.length > 0 ? { shortNames: type.shortNames } : {}),
  };
}

function resourceList(groupVersion: string, resources: unknown[]) {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources,
  };
}

function groupEntry(name: string) {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
}

function apiGroup(name: string) {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(name) };
}

function reviewList(group: string, kinds: string[]) {
  return resourceList(
    `${group}/v1`,
    kinds.map(kind => ({
      name: `${kind.toLowerCase()}s`,
      singularName: kind.toLowerCase(),
      namespaced: false,
      kind,
      verbs: ['create'],
    })),
  );
}

const documents: Record<string, unknown> = {
  '/version': {
    major: '1',
    minor: '32',
    gitVersion: serverVersion,
    gitCommit: 'sandbox',
    gitTreeState: 'clean',
    buildDate: '2025-01-01T00:00:00Z',
    goVersion: 'none',
    compiler: 'none',
    platform: 'sandbox/not-a-cluster',
  },
  '/api': { kind: 'APIVersions', apiVersion: 'v1', versions: ['v1'] },
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [
      groupEntry('apps'),
      groupEntry('authentication.k8s.io'),
      groupEntry('authorization.k8s.io'),
    ],
  },
  '/api/v1': resourceList('v1', [
    ...resourceTypes.filter(type => type.group === '').map(describe),
    {
      name: 'pods/log',
      singularName: '',
      namespaced: true,
      kind: 'Pod',
      verbs: ['get'],
    },
  ]),
  '/apis/apps': apiGroup('apps'),
  '/apis/apps/v1': resourceList(
    'apps/v1',
    resourceTypes.filter(type => type.group === 'apps').map(describe),
  ),
  '/apis/authentication.k8s.io': apiGroup('authentication.k8s.io'),
  '/apis/authentication.k8s.io/v1': reviewList('authentication.k8s.io', [
    'SelfSubjectReview',
  ]),
  '/apis/authorization.k8s.io': apiGroup('authorization.k8s.io'),
  '/apis/authorization.k8s.io/v1': reviewList('authorization.k8s.io', [
    'SelfSubjectAccessReview',
    'SelfSubjectRulesReview',
  ]),
};

/** The discovery document at a path, open to every authenticated user. @internal */
export function discoveryDocument(path: string): unknown {
  return Object.hasOwn(documents, path) ? documents[path] : undefined;
}
