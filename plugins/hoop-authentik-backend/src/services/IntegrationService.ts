import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { CompoundEntityRef } from '@backstage/catalog-model';
import type {
  HistoryPage,
  IntegrationPage,
  RefreshStatus,
  RememberedIntegration,
} from 'backstage-plugin-hoop-authentik-common';
import type { ListQuery } from '../store';

/** Of each call. @internal */
export interface CallerOptions {
  credentials: BackstageCredentials;
  /** Fires when the caller has left. */
  signal?: AbortSignal;
}

/**
 * The integrations of catalog entities, as the caller may see them. Each method for one entity
 *
 * - throws a `NotFoundError` for an entity that is not there, not visible or not attached to a gateway,
 * - throws an `InputError` for an entity whose annotation names an application that there cannot be,
 * - throws a `NotAllowedError` when the caller may see the entity but lacks the permission.
 *
 * @internal
 */
export interface IntegrationService {
  /** Those that the caller may see, and gateways without an entity that the caller may manage. */
  list(query: ListQuery, options: CallerOptions): Promise<IntegrationPage>;
  /** As remembered; observed now where nothing is remembered yet. */
  getByEntity(
    ref: CompoundEntityRef,
    options: CallerOptions,
  ): Promise<RememberedIntegration>;
  /** Has it observed now, without waiting for it. */
  refresh(
    ref: CompoundEntityRef,
    options: CallerOptions,
  ): Promise<RefreshStatus>;
  getRefresh(
    ref: CompoundEntityRef,
    options: CallerOptions,
  ): Promise<RefreshStatus>;
  getHistory(
    ref: CompoundEntityRef,
    page: { cursor?: string; limit: number },
    options: CallerOptions,
  ): Promise<HistoryPage>;
}
