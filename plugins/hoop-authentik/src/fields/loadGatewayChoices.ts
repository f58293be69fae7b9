import { toError } from '@backstage/errors';
import {
  CATALOG_FILTER_EXISTS,
  type CatalogApi,
} from '@backstage/plugin-catalog-react';
import {
  ANNOTATION_HOOP_GATEWAY,
  type IntegrationSummary,
} from 'backstage-plugin-hoop-authentik-common';
import type { HoopAuthentikApi } from '../api';
import {
  gatewayChoices,
  type GatewayChoice,
  type GatewayNeeds,
} from './gatewayChoices';

/** Pages of integrations, each of 200. */
const MOST_PAGES = 10;

/** What the pickers ask. @internal */
export interface LookupApis {
  api: Pick<
    HoopAuthentikApi,
    | 'getAccess'
    | 'listCertificates'
    | 'listFlows'
    | 'listGateways'
    | 'listGroups'
    | 'listIntegrations'
    | 'planConnection'
  >;
  catalog: Pick<CatalogApi, 'getEntities' | 'getEntityByRef'>;
}

/**
 * The gateways of the catalog with what the backend knows of them. Where only the backend cannot be asked, they are still
 * listed, with the reason.
 *
 * @internal
 */
export async function loadGatewayChoices(
  { api, catalog }: LookupApis,
  needs?: GatewayNeeds,
  options?: { signal?: AbortSignal },
): Promise<{ choices: GatewayChoice[]; error?: Error }> {
  const [entities, manageable, integrations] = await Promise.all([
    catalog.getEntities({
      filter: {
        [`metadata.annotations.${ANNOTATION_HOOP_GATEWAY}`]:
          CATALOG_FILTER_EXISTS,
      },
      fields: ['kind', 'metadata'],
    }),
    settled(api.listGateways(options)),
    settled(listIntegrations(api, options)),
  ]);
  return {
    choices: gatewayChoices(
      {
        entities: entities.items,
        manageable: manageable.value,
        integrations: integrations.value,
      },
      needs,
    ),
    error: manageable.error ?? integrations.error,
  };
}

async function listIntegrations(
  api: LookupApis['api'],
  options?: { signal?: AbortSignal },
): Promise<IntegrationSummary[]> {
  const items: IntegrationSummary[] = [];
  let cursor: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const answer = await api.listIntegrations({ cursor, limit: 200 }, options);
    items.push(...answer.items);
    cursor = answer.nextCursor;
    if (!cursor) {
      break;
    }
  }
  return items;
}

async function settled<T>(
  request: Promise<T>,
): Promise<{ value?: T; error?: Error }> {
  return request.then(
    value => ({ value }),
    error => ({ error: toError(error) }),
  );
}
