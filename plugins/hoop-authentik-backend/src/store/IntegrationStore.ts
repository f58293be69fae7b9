import type {
  HistoryPage,
  IntegrationState,
  IntegrationSummary,
  Problem,
  integrationQuerySchema,
} from 'backstage-plugin-hoop-authentik-common';
import type { z } from 'zod';
import type { WholeReport } from '../observation/report';

/**
 * What is to be observed: where an integration comes from, as catalog and app-config say.
 *
 * @internal
 */
export interface IntegrationSource {
  id: string;
  entityRef?: string;
  owner?: string;
  gateway: {
    name: string;
    title: string;
    url?: string;
    targetType?: string;
  };
  authentik?: string;
  application?: string;
  /** Why it cannot be observed. */
  error?: string;
}

/** A source that the store knows. @internal */
export interface RememberedSource extends IntegrationSource {
  /** When it was last observed on demand, in milliseconds; 0 where it never was. */
  refreshedAt: number;
  /** Its application is known to let only some people in. */
  bound: boolean;
}

/** What is counted of an integration. @internal */
export interface CountedIntegration {
  entityRef?: string;
  owner?: string;
  gateway: string;
  authentik?: string;
  state?: IntegrationState;
  warnings: number;
}

/** A valid query. @internal */
export type ListQuery = z.output<typeof integrationQuerySchema>;

/** What is remembered of one integration. @internal */
export interface RememberedReport {
  summary: IntegrationSummary;
  refreshRequestedAt: number;
  /** Its application is known to let only some people in. */
  bound: boolean;
  report?: WholeReport;
  lastGood?: WholeReport;
}

/** A change of state whose news has not been spread yet. @internal */
export interface StateChange {
  historyId: string;
  integrationId: string;
  entityRef?: string;
  owner?: string;
  gateway: { name: string; title: string };
  from?: IntegrationState;
  to: IntegrationState;
  /** ISO 8601, UTC. */
  at: string;
  problems: Array<Pick<Problem, 'id' | 'severity' | 'title'>>;
  /** What the owner is to be notified of. */
  announcement?: 'left' | 'back';
}

/**
 * What the backend remembers of integrations, shared by its replicas.
 *
 * @internal
 */
export interface IntegrationStore {
  /** Makes the given ones all there are; one that only changed its name keeps what is remembered of it. */
  sync(sources: readonly IntegrationSource[]): Promise<void>;
  /** Adds or changes one; what was remembered is dropped where it is of another gateway or application. */
  put(source: IntegrationSource): Promise<void>;
  /** Those that can be observed: of one gateway, or of all. */
  sources(gateway?: string): Promise<RememberedSource[]>;
  get(id: string): Promise<RememberedReport | undefined>;
  /** Rows, each with the cursor that continues after it, and whether there are more. */
  list(query: ListQuery): Promise<{
    rows: Array<{ summary: IntegrationSummary; cursor: string }>;
    more: boolean;
  }>;
  /** As many rows as are counted, by the filters `gateway` and `text` alone, and whether there are more. */
  counted(
    query: ListQuery,
    most: number,
  ): Promise<{ rows: CountedIntegration[]; more: boolean }>;
  /** Remembers an observation, unless a later one is remembered already. */
  record(
    id: string,
    report: WholeReport,
    options?: { onDemand?: boolean },
  ): Promise<void>;
  /** Remembers why an attempt to observe failed, for all who may see the integration. */
  recordFailure(id: string, reason: string): Promise<void>;
  requestRefresh(id: string): Promise<void>;
  history(
    of: { id: string; gateway: string },
    page: { cursor?: string; limit: number },
  ): Promise<HistoryPage>;
  /** Changes of state whose news has not been spread, the oldest first. */
  unpublished(): Promise<StateChange[]>;
  /** @returns whether this caller is the one to spread the news, for a minute */
  claim(historyId: string): Promise<boolean>;
  published(historyId: string): Promise<void>;
  beginRun(run: {
    runId: string;
    gateway: string;
    action: string;
    taskId: string;
    user?: string;
  }): Promise<void>;
  /** @returns the action of the run; `undefined` where it has ended already, or is not known */
  endRun(
    runId: string,
    outcome: 'completed' | 'failed',
  ): Promise<string | undefined>;
  /** How many integrations are in each state. */
  countStates(): Promise<Map<string, number>>;
  /** Forgets what is older or more than is kept. */
  prune(keepMs: number): Promise<void>;
}
