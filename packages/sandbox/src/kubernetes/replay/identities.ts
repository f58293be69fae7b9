import type { Exchange } from '../../replay/exchange';
import type { Identity, PolicyRule } from '../api/authorization';

const namespaces = ['hoop'];

/** The Role of docs/kubernetes-rbac.md. */
const LEAST_PRIVILEGE: PolicyRule[] = [
  {
    apiGroups: [''],
    resources: ['configmaps', 'secrets'],
    resourceNames: ['hoopgateway-idp'],
    verbs: ['get', 'patch', 'delete'],
    namespaces,
  },
  {
    apiGroups: [''],
    resources: ['configmaps', 'secrets'],
    verbs: ['create'],
    namespaces,
  },
  {
    apiGroups: [''],
    resources: ['configmaps', 'secrets'],
    resourceNames: ['hoopgateway', 'hoop-config'],
    verbs: ['get'],
    namespaces,
  },
  {
    apiGroups: ['apps'],
    resources: ['deployments'],
    resourceNames: ['hoopgateway'],
    verbs: ['get', 'patch', 'watch'],
    namespaces,
  },
  { apiGroups: [''], resources: ['pods'], verbs: ['list'], namespaces },
  {
    apiGroups: ['apps'],
    resources: ['deployments'],
    verbs: ['list'],
    namespaces,
  },
  { apiGroups: [''], resources: ['pods/log'], verbs: ['get'], namespaces },
];

const VIEW_ONLY: PolicyRule[] = [
  {
    apiGroups: [''],
    resources: ['configmaps', 'secrets', 'pods'],
    verbs: ['get', 'list', 'watch'],
    namespaces,
  },
  {
    apiGroups: ['apps'],
    resources: ['deployments'],
    verbs: ['get', 'list', 'watch'],
    namespaces,
  },
];

const ACCOUNTS: Record<string, { name: string; rules: PolicyRule[] }> = {
  '<least-privilege>': { name: 'backstage', rules: LEAST_PRIVILEGE },
  '<no-rights>': { name: 'nobody', rules: [] },
  '<view-only>': { name: 'viewer', rules: VIEW_ONLY },
};

/** The accounts that a recording asks as; the placeholder is the token. @internal */
export function identities(exchanges: Exchange[]): Identity[] {
  const used = new Set(
    exchanges.map(({ request }) =>
      request.headers?.Authorization?.replace('Bearer ', ''),
    ),
  );
  return Object.entries(ACCOUNTS)
    .filter(([token]) => used.has(token))
    .map(([token, { name, rules }]) => ({
      token,
      user: `system:serviceaccount:backstage:${name}`,
      groups: [
        'system:serviceaccounts',
        'system:serviceaccounts:backstage',
        'system:authenticated',
      ],
      rules,
    }));
}
