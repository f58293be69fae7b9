import type { CatalogApi } from '@backstage/plugin-catalog-react';
import type { HoopAuthentikApi } from '../api';
import { gatewayOf } from './gatewayOf';

/** A binding as the actions take it. @internal */
export interface GroupBinding {
  group: string;
}

/**
 * The groups that the gateway's authentik does not have. Where it cannot be asked, none is known to be missing: the task
 * finds out.
 *
 * @internal
 */
export async function unknownGroups(
  bindings: readonly GroupBinding[],
  form: { entity?: unknown; gateway?: unknown },
  apis: {
    api: Pick<HoopAuthentikApi, 'listGroups'>;
    catalog: Pick<CatalogApi, 'getEntityByRef'>;
  },
): Promise<string[]> {
  try {
    const gateway = await gatewayOf(form, apis.catalog);
    if (!gateway) {
      return [];
    }
    const found = await Promise.all(
      bindings.map(async ({ group }) => {
        const groups = await apis.api.listGroups(gateway, { text: group });
        return groups.some(({ name }) => name === group);
      }),
    );
    return bindings
      .filter((_, index) => !found[index])
      .map(({ group }) => group);
  } catch {
    return [];
  }
}
