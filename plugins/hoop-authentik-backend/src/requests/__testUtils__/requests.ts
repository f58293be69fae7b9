import type { RequestToStore } from '../store';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A request for access of one's own to a gateway; names differ, so that none is a duplicate. @internal */
export function requestNamed(
  name: string,
  changes: Partial<RequestToStore> = {},
): RequestToStore {
  return {
    kind: 'access',
    entityRef: `resource:default/${name}`,
    gateway: { name: 'main', title: 'Main gateway' },
    application: 'hoop',
    requester: 'user:default/dev',
    reason: 'On call this week',
    groups: [],
    subject: { kind: 'user', ref: 'user:default/dev', name: 'dev' },
    approvers: ['group:default/sre'],
    expiresAt: Date.now() + 7 * DAY_MS,
    ...changes,
  };
}
