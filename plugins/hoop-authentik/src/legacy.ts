/**
 * The same card for apps that still use the old frontend system.
 *
 * @packageDocumentation
 */

import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import {
  createScaffolderFieldExtension,
  type FieldExtensionComponent,
} from '@backstage/plugin-scaffolder-react';
import type { JSX } from 'react';
import { DefaultHoopAuthentikApi, hoopAuthentikApiRef } from './api';
import { accessField } from './fields/accessField';
import { certificateField } from './fields/certificateField';
import { flowField } from './fields/flowField';
import { gatewayField } from './fields/gatewayField';
import { groupsField } from './fields/groupsField';
import { planField } from './fields/planField';
import {
  accessTabRouteRef,
  checksRouteRef,
  gatewaysRouteRef,
  requestsRouteRef,
  taskRouteRef,
  templateRouteRef,
} from './routes';

export { isHoopAuthentikAvailable } from 'backstage-plugin-hoop-authentik-common';

/**
 * The plugin for the old frontend system.
 *
 * @public
 */
export const hoopAuthentikPlugin = createPlugin({
  id: 'hoop-authentik',
  apis: [
    createApiFactory({
      api: hoopAuthentikApiRef,
      // Not coreApis.fetch, which Backstage 1.55 does not have.
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new DefaultHoopAuthentikApi({ fetchApi }),
    }),
  ],
  routes: { access: accessTabRouteRef, gateways: gatewaysRouteRef },
  externalRoutes: {
    checks: checksRouteRef,
    requests: requestsRouteRef,
    task: taskRouteRef,
    template: templateRouteRef,
  },
});

/**
 * The card for entity pages of the old frontend system. Show it where `isHoopAuthentikAvailable` holds; elsewhere it
 * explains which annotation is missing.
 *
 * @public
 */
export const EntityHoopAuthentikCard = hoopAuthentikPlugin.provide(
  createComponentExtension<() => JSX.Element>({
    name: 'EntityHoopAuthentikCard',
    component: {
      lazy: () =>
        import('./components/EntityHoopAuthentikCard').then(
          m => m.EntityHoopAuthentikCard,
        ),
    },
  }),
);

/**
 * The content of the tab "Access" for entity pages of the old frontend system.
 *
 * @public
 */
export const EntityHoopAuthentikAccess = hoopAuthentikPlugin.provide(
  createRoutableExtension<() => JSX.Element>({
    name: 'EntityHoopAuthentikAccess',
    component: () =>
      import('./components/EntityAccessTab').then(m => m.EntityAccessTab),
    mountPoint: accessTabRouteRef,
  }),
);

/**
 * The page of all gateways for apps of the old frontend system.
 *
 * @public
 */
export const HoopGatewaysPage = hoopAuthentikPlugin.provide(
  createRoutableExtension<() => JSX.Element>({
    name: 'HoopGatewaysPage',
    component: () =>
      import('./components/GatewaysPage/LegacyGatewaysPage').then(
        m => m.LegacyGatewaysPage,
      ),
    mountPoint: gatewaysRouteRef,
  }),
);

/**
 * The form field `HoopGroups` for the `<ScaffolderFieldExtensions>` of apps of the old frontend system.
 *
 * @public
 */
export const HoopGroupsFieldExtension: FieldExtensionComponent<
  Array<{ group: string }>,
  {}
> = hoopAuthentikPlugin.provide(
  createScaffolderFieldExtension({
    ...groupsField,
    schema: groupsField.schema.schema,
  }),
);

/**
 * The form field `HoopCertificate` for the `<ScaffolderFieldExtensions>` of apps of the old frontend system.
 *
 * @public
 */
export const HoopCertificateFieldExtension: FieldExtensionComponent<
  string,
  {}
> = hoopAuthentikPlugin.provide(
  createScaffolderFieldExtension({
    ...certificateField,
    schema: certificateField.schema.schema,
  }),
);

/**
 * The form field `HoopFlow` for the `<ScaffolderFieldExtensions>` of apps of the old frontend system.
 *
 * @public
 */
export const HoopFlowFieldExtension: FieldExtensionComponent<string, {}> =
  hoopAuthentikPlugin.provide(
    createScaffolderFieldExtension({
      ...flowField,
      schema: flowField.schema.schema,
    }),
  );

/**
 * The form field `HoopGateway` for the `<ScaffolderFieldExtensions>` of apps of the old frontend system.
 *
 * @public
 */
export const HoopGatewayFieldExtension: FieldExtensionComponent<string, {}> =
  hoopAuthentikPlugin.provide(
    createScaffolderFieldExtension({
      ...gatewayField,
      schema: gatewayField.schema.schema,
    }),
  );

/**
 * The form field `HoopPlan` for the `<ScaffolderFieldExtensions>` of apps of the old frontend system.
 *
 * @public
 */
export const HoopPlanFieldExtension: FieldExtensionComponent<string, {}> =
  hoopAuthentikPlugin.provide(
    createScaffolderFieldExtension({
      ...planField,
      schema: planField.schema.schema,
    }),
  );

/**
 * The form field `HoopAccess` for the `<ScaffolderFieldExtensions>` of apps of the old frontend system.
 *
 * @public
 */
export const HoopAccessFieldExtension: FieldExtensionComponent<string, {}> =
  hoopAuthentikPlugin.provide(
    createScaffolderFieldExtension({
      ...accessField,
      schema: accessField.schema.schema,
    }),
  );
