import { createHash } from 'node:crypto';
import type {
  RequestKind,
  RequestState,
} from 'backstage-plugin-hoop-authentik-common';
import { isoOf, type BigNumber } from '../../store/rows';
import type { RequestToStore, StoredRequest } from './RequestStore';

/** A row of `requests`, with what is known of its grant. @internal */
export interface RequestRow {
  seq: BigNumber;
  id: string;
  kind: RequestKind;
  state: RequestState;
  open_key: string | null;
  entity_ref: string;
  gateway: string;
  gateway_title: string;
  application: string;
  requester: string;
  reason: string;
  bound_groups: string;
  subject_kind: 'group' | 'user' | '';
  subject_ref: string;
  subject_name: string;
  until: BigNumber;
  search: string;
  created_at: BigNumber;
  expires_at: BigNumber;
  reminded_at: BigNumber;
  decided_at: BigNumber;
  decided_by: string;
  comment: string;
  plan_digest: string;
  attempt: string;
  attempted_at: BigNumber;
  task_id: string;
  ended_at: BigNumber;
  failure: string;
  grant_until?: BigNumber | null;
  grant_ended_at?: BigNumber | null;
  grant_ended?: 'expired' | 'revoked' | 'missing' | '' | null;
}

/** Of a request that was not decided yet; pure. @internal */
export const UNDECIDED = {
  reminded_at: 0,
  decided_at: 0,
  decided_by: '',
  comment: '',
  plan_digest: '',
  attempt: '',
  attempted_at: 0,
  task_id: '',
  ended_at: 0,
  failure: '',
} as const;

/** What is asked for; pure. @internal */
export function requestColumns(request: RequestToStore) {
  const { gateway, subject } = request;
  return {
    kind: request.kind,
    open_key: openKeyOf(request),
    entity_ref: request.entityRef,
    gateway: gateway.name,
    gateway_title: gateway.title,
    application: request.application,
    requester: request.requester,
    reason: request.reason,
    bound_groups: JSON.stringify(request.groups),
    subject_kind: subject?.kind ?? '',
    subject_ref: subject?.ref ?? '',
    subject_name: subject?.name ?? '',
    until: request.until ? Date.parse(request.until) : 0,
    expires_at: request.expiresAt,
    search: [
      gateway.name,
      gateway.title,
      request.entityRef,
      request.requester,
      subject?.ref ?? '',
      subject?.name ?? '',
      ...request.groups,
    ]
      .join('\n')
      .toLocaleLowerCase('en-US'),
  };
}

/** The same for two requests for the same; pure. */
function openKeyOf(request: RequestToStore): string {
  const { kind, entityRef, gateway, application, requester, until } = request;
  return createHash('sha256')
    .update(
      JSON.stringify([
        kind,
        entityRef,
        gateway.name,
        application,
        requester,
        request.subject?.ref ?? '',
        [...request.groups].sort(),
        until ?? '',
      ]),
    )
    .digest('hex');
}

/** The other way round; pure. @internal */
export function requestOf(
  row: RequestRow,
  approvers: readonly string[],
): StoredRequest {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    entityRef: row.entity_ref,
    gateway: { name: row.gateway, title: row.gateway_title },
    application: row.application,
    requester: row.requester,
    reason: row.reason,
    groups: JSON.parse(row.bound_groups),
    subject: row.subject_kind
      ? {
          kind: row.subject_kind,
          ref: row.subject_ref,
          name: row.subject_name,
        }
      : undefined,
    until: isoOf(row.until),
    approvers: [...approvers],
    createdAt: isoOf(row.created_at)!,
    expiresAt: isoOf(row.expires_at)!,
    decidedAt: isoOf(row.decided_at),
    decidedBy: row.decided_by || undefined,
    comment: row.comment || undefined,
    taskId: row.task_id || undefined,
    endedAt: isoOf(row.ended_at),
    failure: row.failure || undefined,
    grant: grantOf(row),
    planDigest: row.plan_digest,
    attempt: row.attempt,
    attemptedAt: Number(row.attempted_at),
  };
}

function grantOf(row: RequestRow): StoredRequest['grant'] {
  return typeof row.grant_ended === 'string'
    ? {
        until: isoOf(row.grant_until ?? 0),
        endedAt: isoOf(row.grant_ended_at ?? 0),
        ended: row.grant_ended || undefined,
      }
    : undefined;
}
