import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import {
  createFormField,
  FormFieldBlueprint,
} from '@backstage/plugin-scaffolder-react/alpha';
import VpnKeyIcon from '@material-ui/icons/VpnKey';
import { ANNOTATION_HOOP_GATEWAY } from 'backstage-plugin-hoop-authentik-common';
import { DefaultHoopAuthentikApi, hoopAuthentikApiRef } from './api';
import { FixMode } from './fixes/FixMode';
import {
  accessTabRouteRef,
  checksRouteRef,
  gatewaysRouteRef,
  requestsRouteRef,
  taskRouteRef,
  templateRouteRef,
} from './routes';

const hoopAuthentikApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: hoopAuthentikApiRef,
      // Not coreApis.fetch, which Backstage 1.55 does not have.
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new DefaultHoopAuthentikApi({ fetchApi }),
    }),
});

const IS_ATTACHED = {
  [`metadata.annotations.${ANNOTATION_HOOP_GATEWAY}`]: { $exists: true },
};

const integrationCard = EntityCardBlueprint.make({
  name: 'integration',
  params: {
    type: 'content',
    filter: IS_ATTACHED,
    loader: () =>
      import('./components/EntityHoopAuthentikCard').then(m => (
        <FixMode.Provider value="dialog">
          <m.EntityHoopAuthentikCard />
        </FixMode.Provider>
      )),
  },
});

const accessTab = EntityContentBlueprint.make({
  name: 'access',
  params: {
    path: '/access',
    title: 'Access',
    filter: IS_ATTACHED,
    routeRef: accessTabRouteRef,
    loader: () =>
      import('./components/EntityAccessTab').then(m => (
        <FixMode.Provider value="dialog">
          <m.EntityAccessTab />
        </FixMode.Provider>
      )),
  },
});

const gatewaysPage = PageBlueprint.make({
  params: {
    path: '/hoop-gateways',
    title: 'Access gateways',
    icon: <VpnKeyIcon fontSize="inherit" />,
    routeRef: gatewaysRouteRef,
    loader: () =>
      import('./components/GatewaysPage').then(m => (
        <FixMode.Provider value="dialog">
          <m.GatewaysPage />
        </FixMode.Provider>
      )),
  },
});

const accessField = FormFieldBlueprint.make({
  name: 'access',
  params: {
    field: () =>
      import('./fields/accessField').then(m => createFormField(m.accessField)),
  },
});

const certificateField = FormFieldBlueprint.make({
  name: 'certificate',
  params: {
    field: () =>
      import('./fields/certificateField').then(m =>
        createFormField(m.certificateField),
      ),
  },
});

const flowField = FormFieldBlueprint.make({
  name: 'flow',
  params: {
    field: () =>
      import('./fields/flowField').then(m => createFormField(m.flowField)),
  },
});

const gatewayField = FormFieldBlueprint.make({
  name: 'gateway',
  params: {
    field: () =>
      import('./fields/gatewayField').then(m =>
        createFormField(m.gatewayField),
      ),
  },
});

const groupsField = FormFieldBlueprint.make({
  name: 'groups',
  params: {
    field: () =>
      import('./fields/groupsField').then(m => createFormField(m.groupsField)),
  },
});

const planField = FormFieldBlueprint.make({
  name: 'plan',
  params: {
    field: () =>
      import('./fields/planField').then(m => createFormField(m.planField)),
  },
});

/**
 * The plugin for the new frontend system: the client of the backend a card and a tab for entity pages, and the page of all gateways.
 *
 * @public
 */
export const hoopAuthentikPlugin = createFrontendPlugin({
  pluginId: 'hoop-authentik',
  title: 'Hoop.dev access',
  icon: <VpnKeyIcon fontSize="inherit" />,
  info: { packageJson: () => import('../package.json') },
  externalRoutes: {
    checks: checksRouteRef,
    requests: requestsRouteRef,
    task: taskRouteRef,
    template: templateRouteRef,
  },
  routes: { access: accessTabRouteRef, gateways: gatewaysRouteRef },
  extensions: [
    hoopAuthentikApi,
    integrationCard,
    accessTab,
    gatewaysPage,
    accessField,
    certificateField,
    flowField,
    gatewayField,
    groupsField,
    planField,
  ],
});
