import type { CatalogApi } from '@backstage/plugin-catalog-react';
import {
  ANNOTATION_AUTHENTIK_APPLICATION,
  ANNOTATION_HOOP_GATEWAY,
} from 'backstage-plugin-hoop-authentik-common';

/** What a form is about. @internal */
export interface Attachment {
  gateway: string;
  /** Slug of the application, where the entity names one. */
  application?: string;
}

/** The fields of a form that say so. @internal */
export interface AttachmentForm {
  entity?: unknown;
  gateway?: unknown;
}

/**
 * The gateway that a form is about: named in it, or by the annotation of its entity.
 *
 * @internal
 */
export async function attachmentOf(
  { entity: ref, gateway: named }: AttachmentForm,
  catalog: Pick<CatalogApi, 'getEntityByRef'>,
): Promise<Attachment | undefined> {
  if (typeof named === 'string' && named) {
    return { gateway: named };
  }
  if (typeof ref !== 'string' || !ref) {
    return undefined;
  }
  const entity = await catalog.getEntityByRef(ref);
  const { annotations = {} } = entity?.metadata ?? {};
  const gateway = annotations[ANNOTATION_HOOP_GATEWAY];
  return gateway
    ? { gateway, application: annotations[ANNOTATION_AUTHENTIK_APPLICATION] }
    : undefined;
}
