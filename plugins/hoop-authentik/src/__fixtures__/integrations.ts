import {
  type Check,
  type CheckSystem,
  type Integration,
  type IntegrationState,
} from 'backstage-plugin-hoop-authentik-common';

const GATEWAY_URL = 'https://hoop.example.com';
const AUTHENTIK_URL = 'https://authentik.example.com';
const ADMIN_URL = `${AUTHENTIK_URL}/if/admin/#/core/applications/hoop`;
const ISSUER = `${AUTHENTIK_URL}/application/o/hoop/`;

function passing(system: CheckSystem, ...titles: string[]): Check[] {
  return titles.map((title, index) => ({
    id: `${system}.passing-${index}`,
    system,
    title,
    status: 'pass',
  }));
}

const APPLICATION_CHECKS = passing(
  'authentik',
  'Application exists',
  'Provider is OAuth2/OpenID and confidential',
  'Redirect URI is strict',
  'Signing key is set',
  'Scope mappings include openid, email and profile',
);
const KUBERNETES_CHECKS = passing(
  'kubernetes',
  'AUTH_METHOD is oidc',
  'IDP_CLIENT_ID is the application’s',
  'IDP_CLIENT_SECRET is the application’s',
  'IDP_GROUPS_CLAIM is groups',
  'IDP_ISSUER is the application’s',
);
const GATEWAY_CHECKS = passing(
  'gateway',
  'Gateway answers',
  'Gateway signs people in with OIDC',
);
const SIGN_IN_CHECKS = passing(
  'sign-in',
  'Issuer of the discovery document is exact',
  'Sign-in redirects to authentik',
);

const BINDINGS_WARNING: Check = {
  id: 'authentik.bindings',
  system: 'authentik',
  title: 'Somebody decides who may sign in',
  status: 'warn',
  expected: 'at least one binding',
  actual: 'no bindings: everyone with an account in authentik may sign in',
  remedy: 'Bind a group to the application.',
  link: ADMIN_URL,
};

const ISSUER_FAILURE: Check = {
  id: 'kubernetes.idp-issuer',
  system: 'kubernetes',
  title: 'IDP_ISSUER is the application’s',
  status: 'fail',
  expected: ISSUER,
  actual: ISSUER.replace(/\/$/, ''),
  remedy:
    'Run the template “Connect a gateway”, which writes the issuer with its trailing slash.',
};

const REDIRECT_FAILURE: Check = {
  id: 'authentik.redirect-uri',
  system: 'authentik',
  title: 'Redirect URI is strict',
  status: 'fail',
  expected: `strict ${GATEWAY_URL}/api/callback`,
  actual: `regex ${GATEWAY_URL}/.*`,
  remedy: 'Set the redirect URI of the provider to the strict one.',
  link: ADMIN_URL,
};

const NOT_RESTARTED_FAILURE: Check = {
  id: 'kubernetes.restart',
  system: 'kubernetes',
  title: 'The running gateway uses the settings as stored',
  status: 'fail',
  expected: 'started after the latest change of the settings',
  actual: 'started before it',
  remedy: 'Restart the hoopgateway deployment.',
};

const AUTH_METHOD_FAILURE: Check = {
  id: 'kubernetes.auth-method',
  system: 'kubernetes',
  title: 'AUTH_METHOD is oidc',
  status: 'fail',
  expected: 'oidc',
  actual: 'not set',
  remedy: 'Run the template “Connect a gateway”.',
};

const APPLICATION_FAILURE: Check = {
  id: 'authentik.application',
  system: 'authentik',
  title: 'Application exists',
  status: 'fail',
  expected: 'application hoop',
  actual: 'none',
  remedy: 'Run the template “Connect a gateway”.',
};

const AUTHENTIK_UNKNOWN: Check = {
  id: 'authentik.reachable',
  system: 'authentik',
  title: 'authentik answers',
  status: 'unknown',
  expected: 'an answer of the API',
  actual: 'no answer within 10 seconds',
  remedy: `Check that ${AUTHENTIK_URL} can be reached from the portal’s backend.`,
  link: AUTHENTIK_URL,
};

function skipped(checks: Check[]): Check[] {
  return checks.map(check => ({ ...check, status: 'skipped' as const }));
}

const CONNECTED: Integration = {
  entityRef: 'component:default/connected',
  state: 'connected',
  gateway: {
    name: 'production',
    title: 'Production gateway',
    url: GATEWAY_URL,
    version: '1.46.3',
    authMethod: 'oidc',
  },
  authentik: {
    name: 'main',
    baseUrl: AUTHENTIK_URL,
    version: '2026.8.1',
  },
  application: {
    slug: 'hoop',
    exists: true,
    name: 'Hoop.dev',
    clientId: 'wGJPfK0Sk5GDjeVVhxg2w7vLhQb7yV3bKQh0d2Ta',
    issuer: ISSUER,
    adminUrl: ADMIN_URL,
  },
  checks: [
    ...APPLICATION_CHECKS,
    ...KUBERNETES_CHECKS,
    ...GATEWAY_CHECKS,
    ...SIGN_IN_CHECKS,
  ],
  commands: [
    {
      title: 'Point the client at the gateway',
      command: `hoop config create --api-url ${GATEWAY_URL}`,
    },
    { title: 'Sign in', command: 'hoop login' },
  ],
  observedAt: '2026-11-23T12:00:00.000Z',
};

/** One integration in every state, as the backend would answer. */
export const integrations: Record<IntegrationState, Integration> = {
  connected: CONNECTED,
  drifted: {
    ...CONNECTED,
    entityRef: 'component:default/drifted',
    state: 'drifted',
    checks: [
      ...APPLICATION_CHECKS.filter(c => c.title !== REDIRECT_FAILURE.title),
      REDIRECT_FAILURE,
      BINDINGS_WARNING,
      ...KUBERNETES_CHECKS.filter(c => c.title !== ISSUER_FAILURE.title),
      ISSUER_FAILURE,
      ...GATEWAY_CHECKS,
      ...SIGN_IN_CHECKS,
    ],
  },
  pending: {
    ...CONNECTED,
    entityRef: 'component:default/pending',
    state: 'pending',
    gateway: { ...CONNECTED.gateway, authMethod: 'local' },
    checks: [
      ...APPLICATION_CHECKS,
      ...KUBERNETES_CHECKS,
      NOT_RESTARTED_FAILURE,
      ...GATEWAY_CHECKS.slice(0, 1),
      ...skipped(SIGN_IN_CHECKS),
    ],
  },
  'not-connected': {
    ...CONNECTED,
    entityRef: 'component:default/not-connected',
    state: 'not-connected',
    gateway: { ...CONNECTED.gateway, authMethod: 'local' },
    application: {
      slug: 'hoop',
      exists: false,
      issuer: ISSUER,
      adminUrl: ADMIN_URL,
    },
    checks: [
      APPLICATION_FAILURE,
      ...skipped(APPLICATION_CHECKS.slice(1)),
      AUTH_METHOD_FAILURE,
      ...skipped(KUBERNETES_CHECKS.slice(1)),
      ...GATEWAY_CHECKS.slice(0, 1),
      ...skipped(SIGN_IN_CHECKS),
    ],
  },
  unreachable: {
    ...CONNECTED,
    entityRef: 'component:default/unreachable',
    state: 'unreachable',
    gateway: {
      name: 'production',
      title: 'Production gateway',
      url: GATEWAY_URL,
    },
    application: { slug: 'hoop', issuer: ISSUER, adminUrl: ADMIN_URL },
    checks: [
      AUTHENTIK_UNKNOWN,
      ...skipped(APPLICATION_CHECKS),
      ...KUBERNETES_CHECKS,
      ...GATEWAY_CHECKS,
      ...skipped(SIGN_IN_CHECKS),
    ],
  },
};
