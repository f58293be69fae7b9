/**
 * The same card for apps that still use the old frontend system.
 *
 * @packageDocumentation
 */

import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import type { JSX } from 'react';
import { DefaultHoopAuthentikApi, hoopAuthentikApiRef } from './api';

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
