import type { Entity } from '@backstage/catalog-model';

/** Attached to the gateway "main". @internal */
export const ENTITY_REF = 'resource:default/hoop';

/** Attached to the gateway "main" and to an application other than the configured one. @internal */
export const ENTITY_WITH_APPLICATION_REF = 'resource:default/team-hoop';

/** Attached to nothing. @internal */
export const UNATTACHED_ENTITY_REF = 'component:default/website';

function entity(
  kind: string,
  name: string,
  annotations?: Record<string, string>,
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, namespace: 'default', annotations },
  };
}

/** The catalog of the tests. @internal */
export const ENTITIES = [
  entity('Resource', 'hoop', { 'hoop.dev/gateway': 'main' }),
  entity('Resource', 'team-hoop', {
    'hoop.dev/gateway': 'main',
    'goauthentik.io/application': 'team-hoop',
  }),
  entity('Component', 'website'),
];
