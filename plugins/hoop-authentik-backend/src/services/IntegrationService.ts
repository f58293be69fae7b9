import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { CompoundEntityRef } from '@backstage/catalog-model';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';

/**
 * The integrations of catalog entities, as the caller may see them.
 *
 * @internal
 */
export interface IntegrationService {
  /**
   * Observes the integration of one entity now.
   *
   * @throws NotFoundError for an entity that is not there, not visible or not attached to a gateway
   * @throws InputError for an entity whose annotation names an application that there cannot be
   * @throws NotAllowedError when the caller may see the entity but not its integration
   */
  getByEntity(
    ref: CompoundEntityRef,
    options: { credentials: BackstageCredentials; signal?: AbortSignal },
  ): Promise<Integration>;
}
