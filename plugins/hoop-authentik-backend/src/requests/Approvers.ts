import type { AuthService } from '@backstage/backend-plugin-api';
import { RELATION_OWNED_BY, type Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { HoopAuthentikService } from 'backstage-plugin-hoop-authentik-node';
import type { StoredRequest } from './store';

/** Who decides about requests for an entity: those named in app-config, else its owners, in a fixed order; pure. @internal */
export function approversOf(
  configured: readonly string[] | undefined,
  entity: Pick<Entity, 'relations'> | undefined,
): string[] {
  return [
    ...new Set(
      configured ??
        (entity?.relations ?? [])
          .filter(({ type }) => type === RELATION_OWNED_BY)
          .map(({ targetRef }) => targetRef.toLocaleLowerCase('en-US')),
    ),
  ].sort();
}

/**
 * Who decides at present, since entities change their owners.
 *
 * @internal
 */
export class Approvers {
  readonly #auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  readonly #catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
  readonly #gateways: Pick<HoopAuthentikService, 'gatewayNames' | 'getGateway'>;

  constructor(options: {
    auth: Pick<AuthService, 'getOwnServiceCredentials'>;
    catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
    gateways: Pick<HoopAuthentikService, 'gatewayNames' | 'getGateway'>;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#gateways = options.gateways;
  }

  /** In the order of the requests; read with one call. */
  async current(
    requests: ReadonlyArray<Pick<StoredRequest, 'entityRef' | 'gateway'>>,
  ): Promise<string[][]> {
    if (requests.length === 0) {
      return [];
    }
    const { items } = await this.#catalog.getEntitiesByRefs(
      {
        entityRefs: requests.map(({ entityRef }) => entityRef),
        fields: ['kind', 'metadata.name', 'metadata.namespace', 'relations'],
      },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    return requests.map(({ gateway }, index) =>
      approversOf(this.#configured(gateway.name), items[index]),
    );
  }

  #configured(gateway: string): readonly string[] | undefined {
    return this.#gateways.gatewayNames().includes(gateway)
      ? this.#gateways.getGateway(gateway).config.approvers
      : undefined;
  }
}
