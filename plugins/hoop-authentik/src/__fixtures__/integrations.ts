import {
  type Check,
  type CheckSystem,
  type IntegrationState,
  type Problem,
  type RememberedIntegration,
} from 'backstage-plugin-hoop-authentik-common';

const GATEWAY_URL = 'https://hoop.example.com';
const AUTHENTIK_URL = 'https://authentik.example.com';
const ADMIN_URL = `${AUTHENTIK_URL}/if/admin/#/core/applications/hoop`;
const ISSUER = `${AUTHENTIK_URL}/application/o/hoop/`;

function passing(system: CheckSystem, ...titles: string[]): Check[] {
  return titles.map((title, index) => ({
    id: `${system}.x-passing-${index}` as const,
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
  title: 'Access is bound to a policy, group or user',
  status: 'warn',
  expected: 'at least one binding',
  actual: 'no bindings: everyone with an account in authentik may sign in',
  remedy: 'Bind a group to the application.',
  link: ADMIN_URL,
  fix: { action: 'restrict-access' },
};

const ISSUER_FAILURE: Check = {
  id: 'kubernetes.settings',
  system: 'kubernetes',
  title: 'IDP_ISSUER is the application’s',
  status: 'fail',
  expected: ISSUER,
  actual: ISSUER.replace(/\/$/, ''),
  remedy:
    'Run the template “Connect a gateway”, which writes the issuer with its trailing slash.',
  fix: { action: 'repair' },
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
  fix: { action: 'repair' },
};

const NOT_RESTARTED_FAILURE: Check = {
  id: 'kubernetes.restarted',
  system: 'kubernetes',
  title: 'The running gateway uses the settings as stored',
  status: 'fail',
  expected: 'started after the latest change of the settings',
  actual: 'started before it',
  remedy: 'Restart the hoopgateway deployment.',
  fix: { action: 'restart' },
};

const AUTH_METHOD_FAILURE: Check = {
  id: 'gateway.auth-method',
  system: 'gateway',
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

/** Checks that wait for an outage. */
const AUTHENTIK_UNKNOWN: Check[] = [
  ['authentik.reachable', 'authentik answers'],
  ['authentik.application', 'Application exists'],
  ['authentik.redirect-uri', 'Redirect URI is strict'],
].map(([id, title]) => ({
  id: id as Check['id'],
  system: 'authentik',
  title,
  status: 'unknown',
  actual: 'authentik is unreachable',
  cause: 'authentik.unreachable',
}));

const AUTHENTIK_OUTAGE: Problem = {
  id: 'authentik.unreachable',
  severity: 'unknown',
  title: 'authentik is unreachable',
  error: 'no answer within 10 seconds',
  remedy: `Check that ${AUTHENTIK_URL} can be reached from the portal’s backend.`,
  checks: AUTHENTIK_UNKNOWN.map(({ id }) => id),
};

const ROLLOUT_FAILURE: Check = {
  id: 'kubernetes.rollout',
  system: 'kubernetes',
  title: 'Rollout is complete and containers run',
  status: 'fail',
  expected: 'every replica is updated and available',
  actual: '0 of 1 updated; container "hoopgateway" crashes',
  remedy: 'Read the log of the container.',
  cause: 'gateway.down',
};

const GATEWAY_DOWN: Problem = {
  id: 'gateway.down',
  severity: 'fail',
  title: 'Gateway is down',
  error: '0 of 1 updated; container "hoopgateway" crashes',
  remedy: 'Fix what the error names.',
  checks: ['kubernetes.rollout', 'gateway.reachable'],
};

/** A failing check as a problem. */
function problemOf(check: Check): Problem {
  const { id, title, remedy = '', link, fix } = check;
  return {
    id,
    severity: check.status === 'warn' ? 'warn' : 'fail',
    title,
    remedy,
    ...(link ? { link } : {}),
    ...(fix ? { fix } : {}),
    checks: [id],
  };
}

function skipped(checks: Check[]): Check[] {
  return checks.map(check => ({ ...check, status: 'skipped' as const }));
}

const CONNECTED: RememberedIntegration = {
  entityRef: 'component:default/connected',
  state: 'connected',
  warnings: 0,
  complete: true,
  gateway: {
    name: 'production',
    title: 'Production gateway',
    url: GATEWAY_URL,
    version: '1.46.3',
    authMethod: 'oidc',
    target: 'kubernetes',
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
  problems: [],
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
  since: '2026-11-21T08:30:00.000Z',
  checkedAt: '2026-11-23T12:00:00.000Z',
  stale: false,
  refreshing: false,
};

/** One integration in every state, as the backend would answer. */
export const integrations: Record<IntegrationState, RememberedIntegration> = {
  connected: CONNECTED,
  drifted: {
    ...CONNECTED,
    entityRef: 'component:default/drifted',
    state: 'drifted',
    warnings: 1,
    problems: [
      problemOf(REDIRECT_FAILURE),
      problemOf(ISSUER_FAILURE),
      problemOf(BINDINGS_WARNING),
    ],
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
    problems: [problemOf(NOT_RESTARTED_FAILURE)],
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
    problems: [problemOf(APPLICATION_FAILURE), problemOf(AUTH_METHOD_FAILURE)],
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
  down: {
    ...CONNECTED,
    entityRef: 'component:default/down',
    state: 'down',
    complete: false,
    gateway: {
      name: 'production',
      title: 'Production gateway',
      url: GATEWAY_URL,
      target: 'kubernetes',
    },
    problems: [GATEWAY_DOWN],
    checks: [
      ...APPLICATION_CHECKS,
      ...KUBERNETES_CHECKS,
      ROLLOUT_FAILURE,
      {
        id: 'gateway.reachable',
        system: 'gateway',
        title: 'Gateway answers',
        status: 'fail',
        expected: 'an answer of the gateway',
        actual: 'Gateway is down',
        remedy: 'Fix what keeps the gateway from running.',
        cause: 'gateway.down',
      },
      ...skipped(SIGN_IN_CHECKS),
    ],
  },
  unreachable: {
    ...CONNECTED,
    entityRef: 'component:default/unreachable',
    state: 'unreachable',
    complete: false,
    problems: [AUTHENTIK_OUTAGE],
    gateway: {
      name: 'production',
      title: 'Production gateway',
      url: GATEWAY_URL,
    },
    application: { slug: 'hoop', issuer: ISSUER, adminUrl: ADMIN_URL },
    checks: [
      ...AUTHENTIK_UNKNOWN,
      ...skipped(APPLICATION_CHECKS),
      ...KUBERNETES_CHECKS,
      ...GATEWAY_CHECKS,
      ...skipped(SIGN_IN_CHECKS),
    ],
  },
};

/** Connected, and everyone with an account may sign in. */
export const openIntegration: RememberedIntegration = {
  ...CONNECTED,
  entityRef: 'component:default/open',
  warnings: 1,
  problems: [problemOf(BINDINGS_WARNING)],
  checks: [...CONNECTED.checks, BINDINGS_WARNING],
};

/** Far more than a card has room for, each with long values. */
export const brokenIntegration: RememberedIntegration = {
  ...integrations.drifted,
  entityRef: 'component:default/broken',
  complete: false,
  problems: [
    ...integrations.drifted.problems,
    AUTHENTIK_OUTAGE,
    ...passing('authentik', 'Scope mappings', 'Grant types', 'Issuer mode').map(
      check => problemOf({ ...check, status: 'fail', remedy: 'Repair it.' }),
    ),
  ],
};
