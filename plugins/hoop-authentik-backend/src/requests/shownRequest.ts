import {
  accessRequestSchema,
  type AccessRequest,
} from 'backstage-plugin-hoop-authentik-common';
import type { RequestsConfig } from './config';
import type { Requester } from './Requester';
import type { StoredRequest } from './store';

/** What a policy and app-config say of deciding. @internal */
export interface DecisionRules
  extends Pick<RequestsConfig, 'allowSelfApproval'> {
  /** Whether a policy lets the reader decide about the gateway. */
  isPermitted: boolean;
}

/** Whether a reader decides about a request, whatever its state; pure. @internal */
export function isDecider(
  { approvers, requester }: Pick<StoredRequest, 'approvers' | 'requester'>,
  { user, ownershipRefs }: Requester,
  { allowSelfApproval, isPermitted }: DecisionRules,
): boolean {
  return (
    isPermitted &&
    approvers.some(ref => ref === user || ownershipRefs.includes(ref)) &&
    (allowSelfApproval || requester !== user)
  );
}

/** A request as a reader sees it, and what the reader may do with it; pure. @internal */
export function shownRequest(
  request: StoredRequest,
  reader: Requester,
  rules: DecisionRules,
): AccessRequest {
  const { state, grant, expiresAt } = request;
  const decides = isDecider(request, reader, rules);
  return accessRequestSchema.parse({
    ...request,
    may: {
      decide:
        decides && state === 'pending' && Date.parse(expiresAt) > Date.now(),
      withdraw: state === 'pending' && request.requester === reader.user,
      retry: decides && state === 'failed',
      revoke:
        grant !== undefined &&
        grant.endedAt === undefined &&
        isDecider(request, reader, { ...rules, allowSelfApproval: true }),
    },
  });
}
