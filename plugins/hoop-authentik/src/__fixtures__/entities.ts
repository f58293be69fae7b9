import type { Entity } from '@backstage/catalog-model';
import { ANNOTATION_HOOP_GATEWAY } from 'backstage-plugin-hoop-authentik-common';

/** A component attached to a gateway. */
export function attachedEntity(name: string): Entity {
  return {
    ...detachedEntity(name),
    metadata: {
      name,
      namespace: 'default',
      annotations: { [ANNOTATION_HOOP_GATEWAY]: 'production' },
    },
  };
}

/** A component without any annotation. */
export function detachedEntity(name: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default' },
    spec: { type: 'service', lifecycle: 'production', owner: 'guests' },
  };
}
