import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type {
  CreatedRequest,
  NewRequest,
} from 'backstage-plugin-hoop-authentik-common';
import type { HoopAuthentikService } from 'backstage-plugin-hoop-authentik-node';
import type { GatewayRuns } from 'backstage-plugin-hoop-authentik-node/alpha';

/**
 * What the actions work with.
 *
 * @public
 */
export interface ActionOptions {
  gateways: HoopAuthentikService;
  /** Sees to it that runs which write to the same gateway never overlap. */
  runs: GatewayRuns;
  catalog: Pick<CatalogService, 'getEntityByRef'>;
  permissions: Pick<PermissionsService, 'authorize' | 'authorizeConditional'>;
  /** Sends a request to its approvers, as the user with these credentials. */
  createRequest(
    request: NewRequest,
    credentials: BackstageCredentials,
  ): Promise<CreatedRequest>;
  /** How long a gateway may take to sign people in after a switch. Default: 30 seconds. */
  verifyTimeoutMs?: number;
}
