import type { AuthService } from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { ANNOTATION_HOOP_GATEWAY } from 'backstage-plugin-hoop-authentik-common';

/**
 * Every entity that is attached to a gateway, read page by page with the plugin's own credentials.
 *
 * @internal
 */
export async function readAttachedEntities(options: {
  auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  catalog: Pick<CatalogService, 'streamEntities'>;
}): Promise<Entity[]> {
  const { auth, catalog } = options;
  const found: Entity[] = [];
  const pages = catalog.streamEntities(
    {
      filter: {
        [`metadata.annotations.${ANNOTATION_HOOP_GATEWAY}`]:
          CATALOG_FILTER_EXISTS,
      },
      fields: [
        'kind',
        'metadata.name',
        'metadata.namespace',
        'metadata.annotations',
        'relations',
      ],
    },
    { credentials: await auth.getOwnServiceCredentials() },
  );
  for await (const page of pages) {
    found.push(...page.filter(hasGateway));
  }
  return found;
}

/** An empty annotation attaches to nothing. */
function hasGateway({ metadata }: Entity): boolean {
  return Boolean(metadata.annotations?.[ANNOTATION_HOOP_GATEWAY]);
}
