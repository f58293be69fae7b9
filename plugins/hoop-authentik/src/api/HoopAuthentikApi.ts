import { createApiRef } from '@backstage/frontend-plugin-api';
import type { HoopAuthentikClient } from 'backstage-plugin-hoop-authentik-common';

/**
 * What the frontend asks the `hoop-authentik` backend. Every method throws a `ResponseError` when the backend refuses or
 * fails.
 *
 * @public
 */
export interface HoopAuthentikApi
  extends Pick<HoopAuthentikClient, keyof HoopAuthentikClient> {}

/**
 * Reference of {@link HoopAuthentikApi}, to use it or to replace its implementation.
 *
 * @public
 */
export const hoopAuthentikApiRef = createApiRef<HoopAuthentikApi>().with({
  id: 'plugin.hoop-authentik.client',
  pluginId: 'hoop-authentik',
});
