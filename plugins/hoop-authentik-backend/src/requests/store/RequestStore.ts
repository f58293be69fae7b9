import type {
  AccessRequest,
  RequestState,
  requestQuerySchema,
} from 'backstage-plugin-hoop-authentik-common';
import type { z } from 'zod';

/** A request as it is remembered, without what a caller may do with it. @internal */
export interface StoredRequest extends Omit<AccessRequest, 'may'> {
  /** Names the plan that was approved last. */
  planDigest: string;
  /** Names the approval that holds; empty before the first one. */
  attempt: string;
  /** When that was, in milliseconds. */
  attemptedAt: number;
}

/** What is asked for, checked and with its names in authentik. @internal */
export type RequestToStore = Pick<
  StoredRequest,
  | 'kind'
  | 'entityRef'
  | 'gateway'
  | 'application'
  | 'requester'
  | 'reason'
  | 'groups'
  | 'subject'
  | 'until'
  | 'approvers'
> & { expiresAt: number };

/** A valid query. @internal */
export type RequestListQuery = z.output<typeof requestQuerySchema>;

/** Whose list it is. @internal */
export interface RequestReader {
  user: string;
  /** Gateways about whose requests the user may decide where one of the references is an approver. */
  gateways: readonly string[];
  /** The user and the groups of the user. */
  ownershipRefs: readonly string[];
  /** Whether users decide about their own requests. */
  allowSelfApproval: boolean;
}

/** What those concerned are notified of. @internal */
export type RequestNewsKind =
  | 'created'
  | 'reminder'
  | 'approved'
  | 'declined'
  | 'withdrawn'
  | 'expired'
  | 'completed'
  | 'failed'
  | 'ending'
  | 'ended';

/** @internal */
export interface RequestNewsItem {
  id: string;
  kind: RequestNewsKind;
  at: number;
  request: StoredRequest;
}

/** An approval: who, for which plan, and the name of the attempt that it allows. @internal */
export interface Approval {
  by: string;
  comment?: string;
  planDigest: string;
  attempt: string;
}

/**
 * The queue of requests, shared by the replicas of the backend. Whatever changes a state is one conditional UPDATE, so of two
 * processes that want to, one does.
 *
 * @internal
 */
export interface RequestStore {
  /**
   * Adds a request, unless the same is open already.
   *
   * @param mostOpen - how many a user may have open
   * @throws ConflictError where the user has that many
   */
  create(
    request: RequestToStore,
    mostOpen: number,
  ): Promise<{ request: StoredRequest; created: boolean }>;
  get(id: string): Promise<StoredRequest | undefined>;
  list(
    query: RequestListQuery,
    reader: RequestReader,
  ): Promise<{ items: StoredRequest[]; nextCursor?: string }>;
  /** Pending ones only, before they expire. @returns whether it did */
  approve(id: string, approval: Approval): Promise<boolean>;
  decline(id: string, by: string, comment: string): Promise<boolean>;
  withdraw(id: string): Promise<boolean>;
  /** Failed ones only. */
  retry(id: string, approval: Approval): Promise<boolean>;
  /** Notes the task that was started for an approval, unless another one has it. */
  started(id: string, attempt: string, taskId: string): Promise<boolean>;
  /**
   * Gives the approval to a task, which is the only one that it allows.
   *
   * @returns whether the task has it, from now or from before
   */
  claim(id: string, attempt: string, taskId: string): Promise<boolean>;
  /** Ends an attempt; one that is not the last has ended already. */
  end(
    id: string,
    attempt: string,
    outcome: { state: 'completed' } | { state: 'failed'; failure: string },
  ): Promise<boolean>;
  /** Those that wait for a task, or that a task carries out. */
  underWay(): Promise<StoredRequest[]>;
  /** Those that were not decided in time become `expired`. */
  expire(): Promise<number>;
  /** Notes that approvers are to be reminded of what has waited for that long since it was created or they were reminded. */
  remind(afterMs: number): Promise<number>;
  /** Makes these the approvers of a pending request. */
  setApprovers(id: string, approvers: readonly string[]): Promise<void>;
  /** Pending ones, the oldest first. */
  pending(most: number): Promise<StoredRequest[]>;
  countStates(): Promise<Map<RequestState, number>>;
  /** Forgets those that ended that long ago, but one whose access lasts, and access of no request that ended then. */
  prune(keepMs: number): Promise<void>;
  addNews(requestId: string, kind: RequestNewsKind): Promise<void>;
  news(): Promise<RequestNewsItem[]>;
  /** Takes news over for spreading. @returns whether no other process did */
  claimNews(id: string): Promise<boolean>;
  removeNews(id: string): Promise<void>;
}
