import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import VpnKeyIcon from '@material-ui/icons/VpnKey';
import { ANNOTATION_HOOP_GATEWAY } from 'backstage-plugin-hoop-authentik-common';
import { DefaultHoopAuthentikApi, hoopAuthentikApiRef } from './api';

const hoopAuthentikApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: hoopAuthentikApiRef,
      // Not coreApis.fetch, which Backstage 1.55 does not have.
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new DefaultHoopAuthentikApi({ fetchApi }),
    }),
});

const integrationCard = EntityCardBlueprint.make({
  name: 'integration',
  params: {
    type: 'content',
    filter: {
      [`metadata.annotations.${ANNOTATION_HOOP_GATEWAY}`]: { $exists: true },
    },
    loader: () =>
      import('./components/EntityHoopAuthentikCard').then(m => (
        <m.EntityHoopAuthentikCard />
      )),
  },
});

/**
 * The plugin for the new frontend system: the client of the backend and a card for entity pages.
 *
 * @public
 */
export const hoopAuthentikPlugin = createFrontendPlugin({
  pluginId: 'hoop-authentik',
  title: 'Hoop.dev access',
  icon: <VpnKeyIcon fontSize="inherit" />,
  info: { packageJson: () => import('../package.json') },
  extensions: [hoopAuthentikApi, integrationCard],
});
