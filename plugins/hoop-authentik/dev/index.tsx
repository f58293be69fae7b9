import {
  ApiBlueprint,
  appThemeApiRef,
  createFrontendModule,
  PageBlueprint,
  useApi,
} from '@backstage/frontend-plugin-api';
import { createDevApp } from '@backstage/frontend-dev-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import VpnKeyIcon from '@material-ui/icons/VpnKey';
import { useEffect, type ReactNode } from 'react';
import {
  Link,
  Route,
  Routes,
  useParams,
  useSearchParams,
} from 'react-router-dom';
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
    loader: async () => (
      <Routes>
        <Route index element={<AllStates />} />
        <Route path=":name" element={<OneState />} />
      </Routes>
    ),
  },
});

/** Links to every state; each takes `?theme=light|dark` and `?width=<pixels>`. */
function AllStates() {
  return (
    <ul>
      {['empty', ...SCENARIOS].map(name => (
        <li key={name}>
          {name}: <Link to={name}>light</Link>{' '}
          <Link to={`${name}?theme=dark`}>dark</Link>
        </li>
      ))}
    </ul>
  );
}

function OneState() {
  const { name = '' } = useParams();
  const [search] = useSearchParams();
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
  const appThemeApi = useApi(appThemeApiRef);
  useEffect(
    () => appThemeApi.setActiveThemeId(props.id),
    [appThemeApi, props.id],
  );
  return <>{props.children}</>;
}

createDevApp({
  features: [
    hoopAuthentikPlugin,
    createFrontendModule({
      pluginId: 'hoop-authentik',
      extensions: [fixtureApi, statesPage],
    }),
  ],
});
