import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  stringifyEntityRef,
  type CompoundEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  hoopAuthentikGatewayManagePermission,
  hoopAuthentikIntegrationReadPermission,
  hoopAuthentikRequestDecidePermission,
} from 'backstage-plugin-hoop-authentik-common';

/**
 * What a caller may see and do. Anything but a plain permission to do it is a refusal.
 *
 * @internal
 */
export class Permits {
  readonly #catalog: Pick<
    CatalogService,
    'getEntityByRef' | 'getEntitiesByRefs'
  >;
  readonly #permissions: Pick<PermissionsService, 'authorize'>;

  constructor(options: {
    catalog: Pick<CatalogService, 'getEntityByRef' | 'getEntitiesByRefs'>;
    permissions: Pick<PermissionsService, 'authorize'>;
  }) {
    this.#catalog = options.catalog;
    this.#permissions = options.permissions;
  }

  /**
   * The entity, read with the caller's credentials, so that the rules for reading entities hold.
   *
   * @throws NotFoundError for an entity that is not there or not visible
   * @throws NotAllowedError when the caller may see the entity but lacks the permission
   */
  async requireEntity(
    ref: CompoundEntityRef,
    permission: ResourcePermission,
    credentials: BackstageCredentials,
  ): Promise<Entity> {
    const entity = await this.#catalog.getEntityByRef(ref, { credentials });
    if (!entity) {
      throw new NotFoundError(`There is no entity ${stringifyEntityRef(ref)}`);
    }
    await this.#require(permission, stringifyEntityRef(entity), credentials);
    return entity;
  }

  /** @throws NotAllowedError when the caller may not manage the gateway, whether or not there is one of the name */
  async requireGateway(
    name: string,
    credentials: BackstageCredentials,
  ): Promise<void> {
    await this.#require(
      hoopAuthentikGatewayManagePermission,
      name,
      credentials,
    );
  }

  /** Those of the gateways that the caller may manage. */
  async manageable(
    gateways: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<Set<string>> {
    return this.#allowed(
      hoopAuthentikGatewayManagePermission,
      gateways,
      credentials,
    );
  }

  /** Those of the gateways about whose requests a policy lets the caller decide. */
  async decidable(
    gateways: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<Set<string>> {
    return this.#allowed(
      hoopAuthentikRequestDecidePermission,
      gateways,
      credentials,
    );
  }

  /** Those of the entities that the caller may see, and whose integration too. */
  async readable(
    entityRefs: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<Set<string>> {
    if (entityRefs.length === 0) {
      return new Set();
    }
    const { items } = await this.#catalog.getEntitiesByRefs(
      {
        entityRefs: [...entityRefs],
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
      },
      { credentials },
    );
    return this.#allowed(
      hoopAuthentikIntegrationReadPermission,
      items.flatMap(entity => (entity ? [stringifyEntityRef(entity)] : [])),
      credentials,
    );
  }

  async #require(
    permission: ResourcePermission,
    resourceRef: string,
    credentials: BackstageCredentials,
  ): Promise<void> {
    const allowed = await this.#allowed(permission, [resourceRef], credentials);
    if (!allowed.has(resourceRef)) {
      throw new NotAllowedError(
        `The permission ${permission.name} is required for ${resourceRef}`,
      );
    }
  }

  /** All of them are decided in one call. */
  async #allowed(
    permission: ResourcePermission,
    resourceRefs: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<Set<string>> {
    if (resourceRefs.length === 0) {
      return new Set();
    }
    const decisions = await this.#permissions.authorize(
      resourceRefs.map(resourceRef => ({ permission, resourceRef })),
      { credentials },
    );
    return new Set(
      resourceRefs.filter(
        (_, index) => decisions[index].result === AuthorizeResult.ALLOW,
      ),
    );
  }
}
