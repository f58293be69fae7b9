import type { AuthService } from '@backstage/backend-plugin-api';
import { RELATION_OWNED_BY, type Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { ANNOTATION_HOOP_GATEWAY } from 'backstage-plugin-hoop-authentik-common';
import type { HoopAuthentikService } from 'backstage-plugin-hoop-authentik-node';
import type { GatewayResource } from './gatewayRules';

/** Entities of one gateway that are looked at; more of them have no say. */
const MOST_ENTITIES = 500;

/**
 * The gateways as rules see them. Read with the plugin's own credentials: who owns an entity decides what users may do,
 * whether or not they may see it.
 *
 * @returns for each name its gateway, `undefined` where app-config declares none
 * @internal
 */
export function readGatewayResources(options: {
  auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  catalog: Pick<CatalogService, 'getEntities'>;
  gateways: Pick<HoopAuthentikService, 'gatewayNames'>;
}): (names: string[]) => Promise<Array<GatewayResource | undefined>> {
  const { auth, catalog, gateways } = options;
  return async names => {
    const declared = names.filter(name =>
      gateways.gatewayNames().includes(name),
    );
    const { items } =
      declared.length === 0
        ? { items: [] }
        : await catalog.getEntities(
            {
              filter: {
                [`metadata.annotations.${ANNOTATION_HOOP_GATEWAY}`]: declared,
              },
              fields: ['metadata.annotations', 'relations'],
              limit: MOST_ENTITIES,
            },
            { credentials: await auth.getOwnServiceCredentials() },
          );
    return names.map(name =>
      declared.includes(name)
        ? { name, owners: ownersOf(items.filter(isAttachedTo(name))) }
        : undefined,
    );
  };
}

function isAttachedTo(name: string) {
  return ({ metadata }: Entity) =>
    metadata.annotations?.[ANNOTATION_HOOP_GATEWAY] === name;
}

function ownersOf(entities: Entity[]): string[] {
  return entities.flatMap(({ relations = [] }) =>
    relations
      .filter(({ type }) => type === RELATION_OWNED_BY)
      .map(({ targetRef }) => targetRef),
  );
}
