import type {
  AccessRequest,
  RequestDetail,
  RequestOptions,
  RequestState,
} from 'backstage-plugin-hoop-authentik-common';

/** What a developer can ask for. */
export const requestOptions: RequestOptions = {
  gateway: { name: 'production', title: 'Production gateway' },
  subjects: [
    {
      kind: 'group',
      ref: 'group:default/engineering',
      title: 'Engineering',
      name: 'engineering',
    },
    {
      kind: 'user',
      ref: 'user:default/jane',
      title: 'Jane',
      name: 'jane',
    },
  ],
  allowedGroups: ['admin'],
  approvers: ['group:default/platform'],
};

const NOTHING = { decide: false, withdraw: false, retry: false, revoke: false };

/** A request of Jane for her group. */
export function requestIn(
  state: RequestState,
  may: Partial<AccessRequest['may']> = {},
  fields: Partial<AccessRequest> = {},
): AccessRequest {
  return {
    id: `request-${state}`,
    kind: 'access',
    state,
    entityRef: 'component:default/example',
    gateway: { name: 'production', title: 'Production gateway' },
    application: 'hoop',
    requester: 'user:default/jane',
    reason: 'I am on call this week.',
    groups: [],
    subject: {
      kind: 'group',
      ref: 'group:default/engineering',
      name: 'engineering',
    },
    approvers: ['group:default/platform'],
    createdAt: '2026-11-23T12:00:00.000Z',
    expiresAt: '2026-11-30T12:00:00.000Z',
    may: { ...NOTHING, ...may },
    ...fields,
  };
}

/** With the plan as an approver sees it. */
export function detailOf(
  request: AccessRequest,
  fields: Partial<RequestDetail> = {},
): RequestDetail {
  return {
    ...request,
    problems: [
      {
        id: 'authentik.redirect-uri',
        severity: 'fail',
        title: 'Redirect URI is strict',
      },
    ],
    plan: {
      changes: [
        {
          object: 'application "hoop"',
          field: 'bindings',
          from: 'admin',
          to: 'admin, engineering',
        },
      ],
      notes: ['The gateway is not restarted.'],
      digest: 'digest-1',
    },
    ...fields,
  };
}
