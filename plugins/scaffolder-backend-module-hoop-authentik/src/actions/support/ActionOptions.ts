import type { PermissionsService } from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { HoopAuthentikService } from 'backstage-plugin-hoop-authentik-node';

/**
 * What the actions work with.
 *
 * @public
 */
export interface ActionOptions {
  gateways: HoopAuthentikService;
  catalog: Pick<CatalogService, 'getEntityByRef'>;
  permissions: Pick<PermissionsService, 'authorize'>;
  /** How long a gateway may take to sign people in after a switch. Default: 30 seconds. */
  verifyTimeoutMs?: number;
}
