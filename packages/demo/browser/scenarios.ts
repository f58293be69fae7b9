/** The parts of an integration that make a state; see the HTTP API of the backend plugin. */
interface Answer {
  state: string;
  warnings: number;
  complete: boolean;
  gateway: { authMethod?: string };
  problems: object[];
  checks: Array<{ id: string; status: string }>;
}

const LONG_URL = 'https://gateway.infrastructure.example.com/api/callback';

function failing(id: string, title: string, fix: string) {
  return {
    check: {
      id,
      system: id.split('.')[0],
      title,
      status: 'fail',
      expected: `strict ${LONG_URL}, and nothing else`,
      actual: `regex ${LONG_URL}/.*, and strict ${LONG_URL}/other`,
      remedy: 'Run the template again: it writes only what differs.',
      fix: { action: fix },
    },
    problem: {
      id,
      severity: 'fail',
      title,
      remedy: 'Run the template again: it writes only what differs.',
      checks: [id],
      fix: { action: fix },
    },
  };
}

const FAILURES = [
  failing('authentik.redirect-uri', 'Redirect URI is strict', 'repair'),
  failing('kubernetes.settings', 'Settings are in place', 'repair'),
  failing(
    'sign-in.administrator',
    'An administrator exists',
    'restrict-access',
  ),
  failing('authentik.scopes', 'Scope mappings are complete', 'repair'),
  failing('gateway.api-url', 'API_URL is the public URL', 'repair'),
];
const OUTAGE = {
  id: 'authentik.unreachable',
  severity: 'unknown',
  title: 'authentik is unreachable',
  error: `GET ${LONG_URL}/api/v3/core/applications/hoop/: connect ECONNREFUSED`,
  remedy: 'Nothing listens at the address. Start authentik.',
  checks: ['authentik.reachable'],
};
const DOWN = {
  id: 'gateway.down',
  severity: 'fail',
  title: 'Gateway is down',
  error: `ImagePullBackOff: Back-off pulling image "registry.infrastructure.example.com/hoop/hoop:1.148.2-a-tag-that-does-not-exist"`,
  remedy: 'Fix what the error names: the log of the gateway has the details.',
  checks: ['kubernetes.rollout'],
};

/** Every state of the card at its longest, made of what the backend answers for a connected gateway. */
export function scenariosOf(connected: Answer): Record<string, Answer> {
  const quiet = connected.checks.map(check => ({ ...check, status: 'pass' }));
  const waiting = connected.checks.map(check => ({
    ...check,
    status: 'unknown',
    cause: 'authentik.unreachable',
  }));
  const broken = [
    ...FAILURES.map(({ check }) => check),
    ...quiet.filter(({ id }) => FAILURES.every(f => f.check.id !== id)),
  ];
  return {
    connected: { ...connected, warnings: 0, problems: [], checks: quiet },
    warned: {
      ...connected,
      warnings: 4,
      problems: FAILURES.slice(0, 4).map(({ problem }) => ({
        ...problem,
        severity: 'warn',
      })),
    },
    drifted: {
      ...connected,
      state: 'drifted',
      complete: false,
      problems: [...FAILURES.map(({ problem }) => problem), OUTAGE],
      checks: broken,
    },
    pending: {
      ...connected,
      state: 'pending',
      problems: [
        { ...FAILURES[0].problem, fix: { action: 'restart' } },
        ...FAILURES.slice(1).map(({ problem }) => problem),
      ],
      checks: broken,
    },
    'not-connected': {
      ...connected,
      state: 'not-connected',
      gateway: { ...connected.gateway, authMethod: 'local' },
      problems: FAILURES.map(({ problem }) => problem),
      checks: broken,
    },
    down: {
      ...connected,
      state: 'down',
      complete: false,
      problems: [DOWN, ...FAILURES.map(({ problem }) => problem), OUTAGE],
      checks: broken,
    },
    unreachable: {
      ...connected,
      state: 'unreachable',
      complete: false,
      problems: [OUTAGE],
      checks: waiting,
    },
  };
}
