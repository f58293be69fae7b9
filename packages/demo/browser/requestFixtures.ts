import type { Page } from 'playwright-core';

const AT = new Date(Date.now() - 3 * 3_600_000).toISOString();
const NOTHING = { decide: false, withdraw: false, retry: false, revoke: false };

/** A request as the backend answers it; see the HTTP API of the backend plugin. */
function requestIn(state: string, fields: object = {}) {
  return {
    id: state,
    kind: 'access',
    state,
    entityRef: 'resource:default/hoop',
    gateway: { name: 'main', title: 'Company gateway' },
    application: 'hoop',
    requester: 'user:default/dana',
    reason: 'I am on call this week and need the production databases.',
    groups: [],
    subject: {
      kind: 'group',
      ref: 'group:default/finance',
      name: 'finance',
    },
    approvers: ['group:default/platform'],
    createdAt: AT,
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    may: NOTHING,
    ...fields,
  };
}

/** One in every state, each as it looks at its longest. */
export const REQUESTS = [
  requestIn('pending', { may: { ...NOTHING, decide: true } }),
  requestIn('approved', { decidedBy: 'user:default/guest', decidedAt: AT }),
  requestIn('running', { taskId: 'task' }),
  requestIn('completed', {
    until: new Date(Date.now() + 7 * 86_400_000).toISOString(),
    may: { ...NOTHING, revoke: true },
  }),
  requestIn('failed', {
    failure:
      'authentik cannot be reached: connect ECONNREFUSED 127.0.0.1:9000. Start authentik, then try again.',
    may: { ...NOTHING, retry: true },
  }),
  requestIn('declined', {
    decidedBy: 'user:default/guest',
    decidedAt: AT,
    comment: 'Ask for the staging gateway first: that has the same data.',
  }),
  requestIn('withdrawn'),
  requestIn('expired'),
];

const DETAIL = {
  problems: [
    {
      id: 'authentik.signing-key-expiry',
      severity: 'warn',
      title: 'Signing certificate valid for 30 days',
    },
  ],
  plan: {
    changes: [
      {
        object: 'application "hoop"',
        field: 'bindings',
        from: 'engineering',
        to: 'engineering, finance until 5 December',
      },
    ],
    notes: ['The gateway is not restarted.'],
    digest: 'digest',
  },
};

const OPTIONS = {
  gateway: { name: 'main', title: 'Company gateway' },
  subjects: [
    {
      kind: 'group',
      ref: 'group:default/finance',
      title: 'Finance',
      name: 'finance',
    },
    { kind: 'user', ref: 'user:default/dana', title: 'Dana', name: 'dana' },
  ],
  allowedGroups: [],
  approvers: ['group:default/platform'],
};

/** Answers for the queue of requests, whatever the backend has in it. */
export async function showRequests(page: Page): Promise<void> {
  await page.route('**/api/hoop-authentik/requests**', route => {
    const { pathname, searchParams } = new URL(route.request().url());
    const [, id] = pathname.split('/requests/');
    const shown = REQUESTS.find(one => one.id === id);
    const isMine = searchParams.get('view') === 'mine';
    return route.fulfill({
      json: shown ? { ...shown, ...DETAIL } : { items: isMine ? [] : REQUESTS },
    });
  });
  await page.route('**/request-options', route =>
    route.fulfill({ json: OPTIONS }),
  );
}

interface Question {
  items: Array<{ id: string; permission: { name: string } }>;
}

/** Lets the viewer see everything and change no gateway. */
export async function refuseManaging(page: Page): Promise<void> {
  await page.route('**/api/permission/authorize', route => {
    const { items }: Question = route.request().postDataJSON();
    return route.fulfill({
      json: {
        items: items.map(({ id, permission }) => ({
          id,
          result:
            permission.name === 'hoop-authentik.gateway.manage'
              ? 'DENY'
              : 'ALLOW',
        })),
      },
    });
  });
}
