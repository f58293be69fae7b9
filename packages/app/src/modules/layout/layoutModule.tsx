import { SidebarPage } from '@backstage/core-components';
import {
  coreExtensionData,
  createExtension,
  createExtensionInput,
  createFrontendModule,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { Navigate } from 'react-router-dom';
import { SandboxFrame } from './SandboxFrame';

/** The layout of the app with a frame around it; it has the id of the app plugin's own layout and so replaces it. */
const layout = createExtension({
  name: 'layout',
  attachTo: { id: 'app/root', input: 'children' },
  inputs: {
    nav: createExtensionInput([coreExtensionData.reactElement], {
      singleton: true,
    }),
    content: createExtensionInput([coreExtensionData.reactElement], {
      singleton: true,
    }),
  },
  output: [coreExtensionData.reactElement],
  factory: ({ inputs }) => [
    coreExtensionData.reactElement(
      <SandboxFrame>
        <SidebarPage>
          {inputs.nav.get(coreExtensionData.reactElement)}
          {inputs.content.get(coreExtensionData.reactElement)}
        </SidebarPage>
      </SandboxFrame>,
    ),
  ],
});

/** The portal opens on its catalog. */
const startPage = PageBlueprint.make({
  name: 'start',
  params: {
    path: '/',
    noHeader: true,
    loader: async () => <Navigate to="/catalog" replace />,
  },
});

/** @internal */
export const layoutModule = createFrontendModule({
  pluginId: 'app',
  extensions: [layout, startPage],
});
