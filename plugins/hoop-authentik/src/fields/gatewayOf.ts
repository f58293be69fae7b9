import type { CatalogApi } from '@backstage/plugin-catalog-react';
import { ANNOTATION_HOOP_GATEWAY } from 'backstage-plugin-hoop-authentik-common';

/** The gateway that a form is about: named in it, or by the annotation of its entity. @internal */
export async function gatewayOf(
  form: { entity?: unknown; gateway?: unknown },
  catalog: Pick<CatalogApi, 'getEntityByRef'>,
): Promise<string | undefined> {
  if (typeof form.gateway === 'string' && form.gateway) {
    return form.gateway;
  }
  if (typeof form.entity !== 'string' || !form.entity) {
    return undefined;
  }
  const entity = await catalog.getEntityByRef(form.entity);
  return entity?.metadata.annotations?.[ANNOTATION_HOOP_GATEWAY];
}
