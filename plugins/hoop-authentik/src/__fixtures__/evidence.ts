import type {
  Access,
  HistoryPage,
  IntegrationPage,
} from 'backstage-plugin-hoop-authentik-common';

/** Two groups, one of them for administrators. */
export const access: Access = {
  everyone: false,
  mode: 'any',
  grants: [
    {
      kind: 'group',
      name: 'engineering',
      enabled: true,
      negate: false,
      memberCount: 2,
      members: [
        { username: 'jane', active: true },
        { username: 'joe', active: false },
      ],
    },
    {
      kind: 'user',
      name: 'bob',
      enabled: true,
      negate: true,
      expires: '2026-12-01T12:00:00.000Z',
    },
  ],
  signIns: [{ username: 'jane', at: '2026-11-23T11:40:00.000Z' }],
  observedAt: '2026-11-23T12:00:00.000Z',
};

/** Connected by a task, drifted since. */
export const history: HistoryPage = {
  items: [
    {
      kind: 'state',
      id: '2',
      at: '2026-11-21T08:30:00.000Z',
      from: 'connected',
      to: 'drifted',
      problems: [
        {
          id: 'authentik.redirect-uri',
          severity: 'fail',
          title: 'Redirect URI is strict',
        },
      ],
    },
    {
      kind: 'run',
      id: '1',
      at: '2026-11-20T10:00:00.000Z',
      endedAt: '2026-11-20T10:01:00.000Z',
      action: 'hoop:gateway:configure',
      outcome: 'completed',
      user: 'user:default/jane',
      taskId: 'task-1',
    },
  ],
};

/** The list: the worst first, one without an entity, and one whose gateway is unknown. */
export const page: IntegrationPage = {
  items: [
    {
      id: '1',
      entityRef: 'resource:default/hoop',
      owner: 'group:default/platform',
      gateway: {
        name: 'production',
        title: 'Production gateway',
        url: 'https://hoop.example.com',
        version: '1.148.2',
        targetType: 'kubernetes',
      },
      authentik: 'main',
      application: 'hoop',
      state: 'drifted',
      since: '2026-11-21T08:30:00.000Z',
      warnings: 1,
      complete: true,
      problem: {
        id: 'authentik.redirect-uri',
        severity: 'fail',
        title: 'Redirect URI is strict',
        remedy: 'Repair it.',
      },
      problems: 3,
      keyExpiry: '2027-05-01T00:00:00.000Z',
      checkedAt: '2026-11-23T12:00:00.000Z',
      stale: false,
    },
    {
      id: '2',
      gateway: {
        name: 'staging',
        title: 'Staging gateway',
        url: 'https://staging.hoop.example.com',
        targetType: 'gatewayApi',
      },
      authentik: 'main',
      application: 'hoop-staging',
      state: 'connected',
      warnings: 1,
      complete: true,
      problems: 1,
      checkedAt: '2026-11-23T11:00:00.000Z',
      stale: true,
    },
    {
      id: '3',
      entityRef: 'resource:default/old',
      gateway: { name: 'mian', title: 'mian' },
      error: 'Unknown gateway "mian". Did you mean "main"?',
      warnings: 0,
      complete: false,
      problems: 0,
      stale: false,
    },
  ],
  nextCursor: 'next',
  counts: {
    states: { drifted: 1, connected: 1, unobserved: 1 },
    warnings: 2,
    owners: { 'group:default/platform': 1 },
    authentik: { main: 2 },
    complete: true,
  },
};
