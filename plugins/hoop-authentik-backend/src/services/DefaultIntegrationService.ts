import type { CompoundEntityRef } from '@backstage/catalog-model';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  hoopAuthentikIntegrationReadPermission,
  hoopAuthentikIntegrationRefreshPermission,
  type HistoryPage,
  type Integration,
  type IntegrationCounts,
  type IntegrationPage,
  type IntegrationSummary,
  type RefreshStatus,
  type RememberedIntegration,
} from 'backstage-plugin-hoop-authentik-common';
import type { HoopAuthentikService } from 'backstage-plugin-hoop-authentik-node';
import { requireSource } from '../sources';
import type {
  CountedIntegration,
  IntegrationSource,
  IntegrationStore,
  ListQuery,
} from '../store';
import type { Refresher } from '../sweep/Refresher';
import { answerOf, refreshStatusOf } from './answers';
import { countsOf } from './counts';
import type { CallerOptions, IntegrationService } from './IntegrationService';
import type { Permits } from './Permits';

/** Rows that are read to fill a page, where the caller may see only some of them. */
const ROWS_AT_ONCE = 200;
const MOST_READS = 10;
const MOST_COUNTED = ROWS_AT_ONCE * MOST_READS;

/** How long an observation of a pending integration holds. */
const PENDING_FOR_MS = 3_000;

/**
 * Answers from the store.
 *
 * @internal
 */
export class DefaultIntegrationService implements IntegrationService {
  readonly #gateways: HoopAuthentikService;
  readonly #permits: Permits;
  readonly #refresher: Pick<Refresher, 'observe' | 'request'>;
  readonly #store: IntegrationStore;

  constructor(options: {
    gateways: HoopAuthentikService;
    permits: Permits;
    refresher: Pick<Refresher, 'observe' | 'request'>;
    store: IntegrationStore;
  }) {
    this.#gateways = options.gateways;
    this.#permits = options.permits;
    this.#refresher = options.refresher;
    this.#store = options.store;
  }

  async list(
    query: ListQuery,
    options: CallerOptions,
  ): Promise<IntegrationPage> {
    const [page, counts] = await Promise.all([
      this.#page(query, options),
      query.counts ? this.#counts(query, options) : undefined,
    ]);
    return { ...page, ...(counts ? { counts } : {}) };
  }

  async #page(
    query: ListQuery,
    options: CallerOptions,
  ): Promise<IntegrationPage> {
    const items: IntegrationSummary[] = [];
    let { cursor } = query;
    for (let reads = 0; reads < MOST_READS; reads++) {
      const { rows, more } = await this.#store.list({
        ...query,
        cursor,
        // Most callers may see most of them.
        limit: reads === 0 ? query.limit : ROWS_AT_ONCE,
      });
      const isVisible = await this.#visible(
        rows.map(({ summary }) => placeOf(summary)),
        options,
      );
      for (const row of rows) {
        if (isVisible(placeOf(row.summary))) {
          items.push(row.summary);
        }
        cursor = row.cursor;
        if (items.length === query.limit) {
          const isLast = !more && row === rows.at(-1);
          return { items, ...(isLast ? {} : { nextCursor: cursor }) };
        }
      }
      if (!more) {
        return { items };
      }
    }
    return { items, nextCursor: cursor };
  }

  async #counts(
    query: ListQuery,
    options: CallerOptions,
  ): Promise<IntegrationCounts> {
    const { rows, more } = await this.#store.counted(query, MOST_COUNTED);
    const visible = rows.filter(await this.#visible(rows, options));
    return { ...countsOf(visible, query), complete: !more };
  }

  async getByEntity(
    ref: CompoundEntityRef,
    options: CallerOptions,
  ): Promise<RememberedIntegration> {
    const source = await this.#sourceOf(
      ref,
      hoopAuthentikIntegrationReadPermission,
      options,
    );
    const { name } = source.gateway;
    const managed = await this.#permits.manageable([name], options.credentials);
    const shown = { isManager: managed.has(name) };
    const remembered = await this.#store.get(source.id);
    if (
      remembered?.report &&
      isSameSubject(remembered.summary, source) &&
      !isPassing(remembered.report)
    ) {
      return answerOf(remembered, remembered.report, shown);
    }
    const report = await this.#refresher.observe(source, options);
    return answerOf(await this.#store.get(source.id), report, shown);
  }

  async refresh(
    ref: CompoundEntityRef,
    options: CallerOptions,
  ): Promise<RefreshStatus> {
    const source = await this.#sourceOf(
      ref,
      hoopAuthentikIntegrationRefreshPermission,
      options,
    );
    await this.#refresher.request(source);
    return refreshStatusOf(await this.#store.get(source.id));
  }

  async getRefresh(
    ref: CompoundEntityRef,
    options: CallerOptions,
  ): Promise<RefreshStatus> {
    const { id } = await this.#sourceOf(
      ref,
      hoopAuthentikIntegrationReadPermission,
      options,
    );
    return refreshStatusOf(await this.#store.get(id));
  }

  async getHistory(
    ref: CompoundEntityRef,
    page: { cursor?: string; limit: number },
    options: CallerOptions,
  ): Promise<HistoryPage> {
    const { id, gateway } = await this.#sourceOf(
      ref,
      hoopAuthentikIntegrationReadPermission,
      options,
    );
    return this.#store.history({ id, gateway: gateway.name }, page);
  }

  async #sourceOf(
    ref: CompoundEntityRef,
    permission: ResourcePermission,
    { credentials }: CallerOptions,
  ): Promise<IntegrationSource> {
    const entity = await this.#permits.requireEntity(
      ref,
      permission,
      credentials,
    );
    return requireSource(this.#gateways, entity);
  }

  /** Decides about many rows with one call for entities and one for gateways. */
  async #visible(
    rows: Place[],
    { credentials }: CallerOptions,
  ): Promise<(row: Place) => boolean> {
    const [entities, gateways] = await Promise.all([
      this.#permits.readable(
        rows.flatMap(({ entityRef }) => entityRef ?? []),
        credentials,
      ),
      this.#permits.manageable(
        rows.flatMap(({ entityRef, gateway }) => (entityRef ? [] : gateway)),
        credentials,
      ),
    ]);
    return ({ entityRef, gateway }) =>
      entityRef ? entities.has(entityRef) : gateways.has(gateway);
  }
}

/** What decides who may see an integration. */
type Place = Pick<CountedIntegration, 'entityRef' | 'gateway'>;

function placeOf({ entityRef, gateway }: IntegrationSummary): Place {
  return { entityRef, gateway: gateway.name };
}

/** A gateway that takes over its settings does so within seconds, so that its page asks again and again. */
function isPassing({ state, observedAt }: Integration): boolean {
  return (
    state === 'pending' && Date.now() - Date.parse(observedAt) > PENDING_FOR_MS
  );
}

/** The entity may have been attached to another gateway since. */
function isSameSubject(
  { gateway, application }: IntegrationSummary,
  source: IntegrationSource,
): boolean {
  return (
    gateway.name === source.gateway.name && application === source.application
  );
}
