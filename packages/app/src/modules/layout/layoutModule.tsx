import { SidebarPage } from '@backstage/core-components';
import {
  coreExtensionData,
  createExtension,
  createExtensionInput,
  createFrontendModule,
  PageBlueprint,
  useAppNavigate,
} from '@backstage/frontend-plugin-api';
import { useEffect } from 'react';
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

function OpenGateways() {
  const navigate = useAppNavigate();
  useEffect(() => navigate('/hoop-gateways', { replace: true }), [navigate]);
  return null;
}

/** The portal opens on the page of all gateways. */
const startPage = PageBlueprint.make({
  name: 'start',
  params: {
    path: '/',
    noHeader: true,
    loader: async () => <OpenGateways />,
  },
});

/** @internal */
export const layoutModule = createFrontendModule({
  pluginId: 'app',
  extensions: [layout, startPage],
});
