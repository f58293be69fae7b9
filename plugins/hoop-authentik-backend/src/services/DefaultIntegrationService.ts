import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  stringifyEntityRef,
  type CompoundEntityRef,
} from '@backstage/catalog-model';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  hoopAuthentikIntegrationReadPermission,
  type Integration,
} from 'backstage-plugin-hoop-authentik-common';
import {
  resolveGateway,
  type HoopAuthentikService,
} from 'backstage-plugin-hoop-authentik-node';
import {
  integrationReport,
  observeIntegration,
  type AddedCheck,
  type ObservedIntegration,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { IntegrationService } from './IntegrationService';
import { SharedWork } from './SharedWork';

/**
 * Observes integrations when they are asked for, once for all who ask within seconds: however often cards are refreshed, the
 * tasks that change a gateway still get their turn at its systems.
 *
 * @internal
 */
export class DefaultIntegrationService implements IntegrationService {
  readonly #catalog: Pick<CatalogService, 'getEntityByRef'>;
  readonly #gateways: HoopAuthentikService;
  readonly #permissions: Pick<PermissionsService, 'authorize'>;
  readonly #addedChecks: readonly AddedCheck[];
  readonly #observations = new SharedWork<ObservedIntegration>();

  constructor(options: {
    catalog: Pick<CatalogService, 'getEntityByRef'>;
    gateways: HoopAuthentikService;
    permissions: Pick<PermissionsService, 'authorize'>;
    /** Those of modules. */
    addedChecks?: readonly AddedCheck[];
  }) {
    this.#catalog = options.catalog;
    this.#gateways = options.gateways;
    this.#permissions = options.permissions;
    this.#addedChecks = options.addedChecks ?? [];
  }

  async getByEntity(
    ref: CompoundEntityRef,
    options: { credentials: BackstageCredentials; signal?: AbortSignal },
  ): Promise<Integration> {
    const { credentials, signal } = options;
    // With the caller's credentials, so that the rules for reading entities hold.
    const entity = await this.#catalog.getEntityByRef(ref, { credentials });
    if (!entity) {
      throw new NotFoundError(`There is no entity ${stringifyEntityRef(ref)}`);
    }
    const entityRef = stringifyEntityRef(entity);
    await this.#requirePermission(entityRef, credentials);

    const { gateway, desired } = resolveGateway(this.#gateways, {
      entity: { ref: entityRef, annotations: entity.metadata.annotations },
    });
    return integrationReport(
      entityRef,
      { gateway: gateway.config, authentik: gateway.authentik },
      desired,
      await this.#observations.run(
        JSON.stringify([gateway.config.name, desired.application.slug]),
        tooLong =>
          observeIntegration(gateway.systems, desired, {
            signal: tooLong,
            // However many cards are open, tasks get their turn at the systems first.
            lane: 'reader',
          }),
        signal,
      ),
      this.#addedChecks,
    );
  }

  async #requirePermission(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<void> {
    const [decision] = await this.#permissions.authorize(
      [
        {
          permission: hoopAuthentikIntegrationReadPermission,
          resourceRef: entityRef,
        },
      ],
      { credentials },
    );
    if (decision.result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `The permission ${hoopAuthentikIntegrationReadPermission.name} is required for ${entityRef}`,
      );
    }
  }
}
