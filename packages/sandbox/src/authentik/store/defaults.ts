import type { AuthentikVersion } from '../types';
import type { Flow, Policy, ScopeMapping } from './model';
import { newUuid } from '../support/random';

const AUTHENTICATED = 'require_authenticated';

/** slug, name, title, designation, authentication, stages, policies */
const FLOWS: [string, string, string, string, string, number, number][] = [
  [
    'default-authentication-flow',
    'Welcome to authentik!',
    'Welcome to authentik!',
    'authentication',
    'none',
    4,
    0,
  ],
  [
    'default-invalidation-flow',
    'Logout',
    'Default Invalidation Flow',
    'invalidation',
    'none',
    1,
    0,
  ],
  [
    'default-provider-authorization-implicit-consent',
    'Authorize Application',
    'Redirecting to %(app)s',
    'authorization',
    AUTHENTICATED,
    0,
    0,
  ],
  [
    'default-provider-authorization-explicit-consent',
    'Authorize Application',
    'Redirecting to %(app)s',
    'authorization',
    AUTHENTICATED,
    1,
    0,
  ],
  [
    'default-provider-invalidation-flow',
    'Logged out of application',
    "You've logged out of %(app)s.",
    'invalidation',
    'none',
    0,
    0,
  ],
  [
    'default-user-settings-flow',
    'User settings',
    'Update your info',
    'stage_configuration',
    AUTHENTICATED,
    2,
    1,
  ],
  [
    'default-password-change',
    'Change Password',
    'Change password',
    'stage_configuration',
    AUTHENTICATED,
    2,
    0,
  ],
  [
    'default-source-authentication',
    'Welcome to authentik!',
    'Welcome to authentik!',
    'authentication',
    'require_unauthenticated',
    1,
    1,
  ],
  [
    'default-source-enrollment',
    'Welcome to authentik! Please select a username.',
    'Welcome to authentik! Please select a username.',
    'enrollment',
    'none',
    3,
    1,
  ],
  [
    'default-source-pre-authentication',
    'Pre-Authentication',
    'Pre-authentication',
    'stage_configuration',
    'none',
    0,
    0,
  ],
  [
    'default-authenticator-static-setup',
    'default-authenticator-static-setup',
    'Setup Static OTP Tokens',
    'stage_configuration',
    AUTHENTICATED,
    1,
    0,
  ],
  [
    'default-authenticator-totp-setup',
    'default-authenticator-totp-setup',
    'Setup Two-Factor authentication',
    'stage_configuration',
    AUTHENTICATED,
    1,
    0,
  ],
  [
    'default-authenticator-webauthn-setup',
    'default-authenticator-webauthn-setup',
    'Setup WebAuthn',
    'stage_configuration',
    AUTHENTICATED,
    1,
    0,
  ],
  [
    'initial-setup',
    'default-oobe-setup',
    'Welcome to authentik!',
    'stage_configuration',
    'none',
    3,
    1,
  ],
];

const uuids = (count: number) => Array.from({ length: count }, newUuid);

/** @internal */
export function defaultFlows(): Flow[] {
  return FLOWS.map(
    ([
      slug,
      name,
      title,
      designation,
      authentication,
      stages,
      policies,
    ]): Flow => ({
      pk: newUuid(),
      policyBindingModel: newUuid(),
      name,
      slug,
      title,
      designation,
      authentication,
      stages: uuids(stages),
      policies: uuids(policies),
    }),
  );
}

const OIDC_NAME = (scope: string) =>
  `authentik default OAuth Mapping: OpenID '${scope}'`;

/** managed (after the common prefix), name, scope name, description */
const MAPPINGS: [string, string, string, string][] = [
  ['oauth2/scope-openid', OIDC_NAME('openid'), 'openid', ''],
  ['oauth2/scope-email', OIDC_NAME('email'), 'email', 'Email address'],
  [
    'oauth2/scope-profile',
    OIDC_NAME('profile'),
    'profile',
    'General Profile Information',
  ],
  [
    'oauth2/scope-offline_access',
    OIDC_NAME('offline_access'),
    'offline_access',
    'Access to request new tokens without interaction',
  ],
  [
    'oauth2/scope-entitlements',
    'authentik default OAuth Mapping: Application Entitlements',
    'entitlements',
    'Application entitlements',
  ],
  [
    'oauth2/scope-authentik_api',
    'authentik default OAuth Mapping: authentik API access',
    'goauthentik.io/api',
    'authentik API Access on behalf of your user',
  ],
  [
    'proxy/scope-proxy',
    'authentik default OAuth Mapping: Proxy outpost',
    'ak_proxy',
    'authentik Proxy - User information',
  ],
];

/** @internal */
export function defaultMappings(): ScopeMapping[] {
  return MAPPINGS.map(([managed, name, scopeName, description]) => ({
    pk: newUuid(),
    managed: `goauthentik.io/providers/${managed}`,
    name,
    scopeName,
    description,
    expression: '# provided by the sandbox: claims are computed in code',
  }));
}

/** name, kind, whether any binding points to it */
const POLICIES: [string, Policy['kind'], boolean][] = [
  [
    'default-authentication-flow-authenticator-validate-stage',
    'expression',
    true,
  ],
  ['default-authentication-flow-password-stage', 'expression', true],
  ['default-match-configuration-error', 'event_matcher', true],
  ['default-match-policy-exception', 'event_matcher', true],
  ['default-match-property-mapping-exception', 'event_matcher', true],
  ['default-match-update', 'event_matcher', true],
  ['default-oobe-flow-set-authentication', 'expression', true],
  ['default-oobe-password-usable', 'expression', true],
  ['default-oobe-prefill-user', 'expression', true],
  ['default-password-change-password-policy', 'password', false],
  ['default-source-authentication-if-sso', 'expression', true],
  ['default-source-enrollment-if-sso', 'expression', true],
  ['default-source-enrollment-if-username', 'expression', true],
  ['default-user-settings-authorization', 'expression', false],
];

/** @internal */
export function defaultPolicies(version: AuthentikVersion): Policy[] {
  const shipped = POLICIES.filter(
    ([name]) =>
      version !== '2025.10' ||
      name !== 'default-authentication-flow-authenticator-validate-stage',
  ).map(
    ([name, kind, hasBinding]): Policy => ({
      pk: newUuid(),
      name,
      kind,
      expression:
        kind === 'expression' ? '# not evaluated by the sandbox' : undefined,
      action:
        kind === 'event_matcher'
          ? name.slice('default-match-'.length).replace(/-/g, '_')
          : undefined,
      boundElsewhere: 1,
      hasBinding,
      passes: true,
    }),
  );
  return [
    ...shipped,
    {
      pk: newUuid(),
      name: 'hoop-allow',
      kind: 'expression',
      expression: 'return True',
      boundElsewhere: 0,
      hasBinding: false,
      passes: true,
    },
  ];
}

/**
 * What the service account of an adopter needs, and nothing more.
 *
 * @internal
 */
export const LEAST_PRIVILEGE: readonly string[] = [
  ...['add', 'view', 'change', 'delete'].flatMap(verb => [
    `authentik_core.${verb}_application`,
    `authentik_providers_oauth2.${verb}_oauth2provider`,
    `authentik_policies.${verb}_policybinding`,
  ]),
  'authentik_core.view_group',
  'authentik_core.view_user',
  'authentik_providers_oauth2.view_scopemapping',
  'authentik_policies.view_policy',
  'authentik_flows.view_flow',
  'authentik_crypto.view_certificatekeypair',
  'authentik_crypto.add_certificatekeypair',
  'authentik_crypto.delete_certificatekeypair',
  'authentik_events.view_event',
];
