import {
  RELATION_OWNED_BY,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import { ANNOTATION_HOOP_GATEWAY } from 'backstage-plugin-hoop-authentik-common';
import {
  resolveGateway,
  type HoopAuthentikService,
} from 'backstage-plugin-hoop-authentik-node';
import { reasonOf } from '../reasonOf';
import type { IntegrationSource } from '../store';

/** What a column holds of a name that people write. */
const LONGEST = 255;

/**
 * The integrations that there are: the entities that are attached to a gateway, and the gateways to which none is attached.
 *
 * @param entities - those that carry the annotation
 * @internal
 */
export function integrationSources(
  gateways: HoopAuthentikService,
  entities: readonly Entity[],
): IntegrationSource[] {
  const attached = entities.map(entity => sourceOfEntity(gateways, entity));
  const used = new Set(attached.map(({ gateway }) => gateway.name));
  return [
    ...attached,
    ...gateways
      .gatewayNames()
      .filter(name => !used.has(name))
      .map(name => ({
        id: `gateway:${name}`,
        ...sourceOfGateway(gateways, { gateway: name }, name),
      })),
  ];
}

/**
 * The integration of one entity.
 *
 * @throws NotFoundError for an entity that is not attached to a gateway, or to an unknown one
 * @throws InputError for a slug that authentik does not accept
 * @internal
 */
export function requireSource(
  gateways: HoopAuthentikService,
  entity: Entity,
): IntegrationSource {
  const { annotations } = entity.metadata;
  const ref = stringifyEntityRef(entity);
  resolveGateway(gateways, { entity: { ref, annotations } });
  return sourceOfEntity(gateways, entity);
}

/** The integration of an entity that carries the annotation. */
function sourceOfEntity(
  gateways: HoopAuthentikService,
  entity: Entity,
): IntegrationSource {
  const ref = stringifyEntityRef(entity);
  const { annotations = {} } = entity.metadata;
  const owner = entity.relations?.find(
    ({ type }) => type === RELATION_OWNED_BY,
  );
  return {
    id: ref,
    entityRef: ref,
    owner: owner?.targetRef.slice(0, LONGEST),
    ...sourceOfGateway(
      gateways,
      { entity: { ref, annotations } },
      annotations[ANNOTATION_HOOP_GATEWAY],
    ),
  };
}

/** An entity that cannot be observed is listed with the reason, as its card shows it. */
function sourceOfGateway(
  gateways: HoopAuthentikService,
  reference: Parameters<typeof resolveGateway>[1],
  name: string,
): Omit<IntegrationSource, 'id'> {
  try {
    const { gateway, desired } = resolveGateway(gateways, reference);
    const { config } = gateway;
    return {
      gateway: {
        name: config.name,
        title: config.title,
        url: config.url,
        targetType: config.target.type,
      },
      authentik: config.authentik,
      application: desired.application.slug,
    };
  } catch (error) {
    const shown = name.slice(0, LONGEST);
    return {
      gateway: { name: shown, title: shown },
      error: reasonOf(error),
    };
  }
}
