import '@backstage/cli/asset-types';
import { ConfigReader } from '@backstage/config';
import { createApp } from '@backstage/frontend-defaults';
import {
  ApiBlueprint,
  coreApis,
  createFrontendModule,
  PageBlueprint,
  RouterLink,
  useApi,
  useAppSearchParams,
} from '@backstage/frontend-plugin-api';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import VpnKeyIcon from '@material-ui/icons/VpnKey';
import { useEffect, type ReactNode } from 'react';
import ReactDOM from 'react-dom/client';
import hoopAuthentikPlugin, { hoopAuthentikApiRef } from '../src';
import { attachedEntity, detachedEntity } from '../src/__fixtures__/entities';
import { EntityHoopAuthentikCard } from '../src/components/EntityHoopAuthentikCard';
import { FixtureApi, SCENARIOS } from './FixtureApi';

/** The width of a card that takes half of an entity page. */
const DEFAULT_WIDTH = 560;

const fixtureApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: hoopAuthentikApiRef,
      deps: {},
      factory: () => new FixtureApi(),
    }),
});

const statesPage = PageBlueprint.make({
  params: {
    path: '/states',
    title: 'Card states',
    icon: <VpnKeyIcon fontSize="inherit" />,
    noHeader: true,
    loader: async () => <States />,
  },
});

/** The card in the state that the query names, or links to every state. */
function States() {
  const [search] = useAppSearchParams();
  const name = search.get('state');
  return name ? <OneState name={name} /> : <AllStates />;
}

/** Each state takes `theme=light|dark` and `width=<pixels>` as well. */
function AllStates() {
  return (
    <ul>
      {['empty', ...SCENARIOS].map(name => (
        <li key={name}>
          {name}: <RouterLink href={`/states?state=${name}`}>light</RouterLink>{' '}
          <RouterLink href={`/states?state=${name}&theme=dark`}>
            dark
          </RouterLink>
        </li>
      ))}
    </ul>
  );
}

function OneState({ name }: { name: string }) {
  const [search] = useAppSearchParams();
  const width = Number(search.get('width')) || DEFAULT_WIDTH;
  const entity = name === 'empty' ? detachedEntity(name) : attachedEntity(name);

  return (
    <Theme id={search.get('theme') ?? 'light'}>
      <div id="card" style={{ width, padding: 24, boxSizing: 'content-box' }}>
        <EntityProvider entity={entity}>
          <EntityHoopAuthentikCard />
        </EntityProvider>
      </div>
    </Theme>
  );
}

function Theme(props: { id: string; children: ReactNode }) {
  const appThemeApi = useApi(coreApis.appTheme);
  useEffect(
    () => appThemeApi.setActiveThemeId(props.id),
    [appThemeApi, props.id],
  );
  return <>{props.children}</>;
}

/** Not app-config.yaml: that one is of a portal with a backend. Without a sign-in page the visitor is a guest. */
const config = new ConfigReader({
  app: {
    title: 'hoop-authentik',
    baseUrl: window.location.origin,
    extensions: [{ 'sign-in-page:app': false }],
  },
  backend: { baseUrl: window.location.origin },
});

const app = createApp({
  features: [
    hoopAuthentikPlugin,
    createFrontendModule({
      pluginId: 'hoop-authentik',
      extensions: [fixtureApi, statesPage],
    }),
  ],
  advanced: { configLoader: async () => ({ config }) },
});

// Not a static import: the package declares that its imports have no side effects, so the bundler would drop it.
import('./styles.css');

const root = document.getElementById('root');
if (!root) {
  throw new Error('The page has no element with the id "root"');
}
ReactDOM.createRoot(root).render(app.createRoot());
