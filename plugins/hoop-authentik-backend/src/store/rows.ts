import {
  problemSchema,
  type Integration,
  type IntegrationState,
  type IntegrationSummary,
} from 'backstage-plugin-hoop-authentik-common';
import type { WholeReport } from '../observation/report';
import type { IntegrationSource, RememberedSource } from './IntegrationStore';
import type { Standing } from './transition';

/** A number that PostgreSQL gives as a string. @internal */
export type BigNumber = number | string;

/** A row of `integrations`. @internal */
export interface IntegrationRow {
  id: string;
  entity_ref: string;
  owner: string;
  gateway: string;
  gateway_title: string;
  gateway_url: string;
  target_type: string;
  authentik: string;
  application: string;
  source_error: string;
  search: string;
  state: IntegrationState | '';
  state_rank: number;
  standing: Standing;
  failure: string;
  since: BigNumber;
  warnings: number;
  problems: number;
  /** A number on SQLite. */
  complete: boolean | number;
  version: string;
  worst_problem: string;
  key_expiry: BigNumber;
  checked_at: BigNumber;
  refresh_requested_at: BigNumber;
  refreshed_at: BigNumber;
  /** A number on SQLite. */
  bound: boolean | number;
}

/** The worst first; what was not observed yet comes last. */
const RANKS: Record<IntegrationState | '', number> = {
  down: 0,
  drifted: 1,
  unreachable: 2,
  pending: 3,
  'not-connected': 4,
  connected: 5,
  '': 6,
};

/** Later than any certificate: those that do not expire come last. */
const NEVER = 8_640_000_000_000_000;

/** What catalog and app-config say; pure. @internal */
export function sourceColumns(source: IntegrationSource) {
  const { entityRef = '', owner = '', gateway, authentik = '' } = source;
  const { application = '' } = source;
  return {
    entity_ref: entityRef,
    owner,
    gateway: gateway.name,
    gateway_title: gateway.title,
    gateway_url: gateway.url ?? '',
    target_type: gateway.targetType ?? '',
    authentik,
    application,
    source_error: source.error ?? '',
    search: [gateway.name, gateway.title, entityRef, owner, application]
      .join('\n')
      .toLowerCase(),
  };
}

/** The other way round; pure. @internal */
export function sourceOf(row: IntegrationRow): RememberedSource {
  return {
    refreshedAt: Number(row.refreshed_at),
    bound: Boolean(row.bound),
    id: row.id,
    entityRef: row.entity_ref || undefined,
    owner: row.owner || undefined,
    gateway: {
      name: row.gateway,
      title: row.gateway_title,
      url: row.gateway_url || undefined,
      targetType: row.target_type || undefined,
    },
    authentik: row.authentik || undefined,
    application: row.application || undefined,
    error: row.source_error || undefined,
  };
}

/** Of an integration that was not observed yet; pure. @internal */
export const UNOBSERVED = {
  state: '',
  state_rank: RANKS[''],
  standing: 'none',
  failure: '',
  since: 0,
  warnings: 0,
  problems: 0,
  complete: false,
  version: '',
  worst_problem: '',
  key_expiry: NEVER,
  checked_at: 0,
  refreshed_at: 0,
  bound: false,
} as const;

const shownProblem = problemSchema.pick({
  id: true,
  severity: true,
  title: true,
  remedy: true,
  params: true,
});

/** What an observation says; pure. @internal */
export function reportColumns(report: WholeReport) {
  const [worst] = report.problems;
  return {
    state: report.state,
    state_rank: RANKS[report.state],
    failure: '',
    warnings: report.warnings,
    problems: report.problems.length,
    complete: report.complete,
    version: report.gateway.version ?? '',
    worst_problem: worst ? JSON.stringify(shownProblem.parse(worst)) : '',
    key_expiry: keyExpiryOf(report),
    checked_at: Date.parse(report.observedAt),
    bound: report.bound ?? false,
  };
}

function keyExpiryOf({ checks }: Integration): number {
  const day = checks.find(({ id }) => id === 'authentik.signing-key-expiry')
    ?.params?.day;
  return typeof day === 'string' ? Date.parse(day) : NEVER;
}

/**
 * One row of the list; pure.
 *
 * @param staleBefore - what was checked before that is stale
 * @internal
 */
export function summaryOf(
  row: IntegrationRow,
  staleBefore: number,
): IntegrationSummary {
  const checkedAt = Number(row.checked_at);
  const complete = Boolean(row.complete);
  return {
    id: row.id,
    entityRef: row.entity_ref || undefined,
    owner: row.owner || undefined,
    gateway: {
      name: row.gateway,
      title: row.gateway_title,
      url: row.gateway_url || undefined,
      version: row.version || undefined,
      targetType: row.target_type || undefined,
    },
    authentik: row.authentik || undefined,
    application: row.application || undefined,
    state: row.state || undefined,
    error: row.source_error || row.failure || undefined,
    since: isoOf(row.since),
    warnings: row.warnings,
    complete,
    problem: row.worst_problem ? JSON.parse(row.worst_problem) : undefined,
    problems: row.problems,
    keyExpiry:
      Number(row.key_expiry) === NEVER ? undefined : isoOf(row.key_expiry),
    checkedAt: isoOf(checkedAt),
    stale:
      checkedAt > 0 &&
      (!complete || row.failure !== '' || checkedAt < staleBefore),
  };
}

/** Zero is no time. @internal */
export function isoOf(ms: BigNumber): string | undefined {
  return Number(ms) === 0 ? undefined : new Date(Number(ms)).toISOString();
}
