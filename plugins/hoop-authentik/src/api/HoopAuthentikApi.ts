import type { CompoundEntityRef } from '@backstage/catalog-model';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';

/**
 * What the frontend asks the `hoop-authentik` backend.
 *
 * @public
 */
export interface HoopAuthentikApi {
  /**
   * Reads the integration attached to an entity, as the backend remembers it.
   *
   * @param entityRef - the entity, as a compound reference or in its string form
   * @param options - `signal` gives the request up; `observeNow` has it observed first
   * @throws a `ResponseError` when the backend refuses or fails
   */
  getIntegration(
    entityRef: CompoundEntityRef | string,
    options?: { signal?: AbortSignal; observeNow?: boolean },
  ): Promise<Integration>;
}

/**
 * Reference of {@link HoopAuthentikApi}, to use it or to replace its implementation.
 *
 * @public
 */
export const hoopAuthentikApiRef = createApiRef<HoopAuthentikApi>().with({
  id: 'plugin.hoop-authentik.client',
  pluginId: 'hoop-authentik',
});
