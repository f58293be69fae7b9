import { LEAST_PRIVILEGE } from '../store/defaults';
import type { Json, JsonObject } from '../../json';
import { isJsonObject } from '../../json';
import { LOGIN } from './loginScenario';
import { OIDC } from './oidcScenario';
import type { Exchange } from '../../replay/exchange';
import type { Replay, Scenario, Step } from './replay';
import {
  addApplication,
  flow,
  keyPair,
  addBinding,
  dashed,
  nameTarget,
  patchApplication,
  patchProvider,
  queryOf,
  scopes,
} from './setup';

const target = (slug: string) => async (replay: Replay, exchange: Exchange) =>
  nameTarget(replay, exchange, slug);

const providerNamed =
  (name: string) => async (replay: Replay, exchange: Exchange) => {
    const pk = /\/providers\/(?:oauth2|all)\/(\d+)\//.exec(
      exchange.request.path,
    )?.[1];
    if (pk) replay.translation.name('provider', pk, name);
  };

const memberOf = (body: Json | undefined, name: string) =>
  isJsonObject(body) ? body[name] : undefined;

/** The pair of the scenario, made again under the key the exchange speaks of. */
const hoopAgain = async (replay: Replay, exchange: Exchange) => {
  await addApplication(replay, 'Hoop');
  await providerNamed('Hoop')(replay, exchange);
};

const other = (kind: 'proxy' | 'saml', name: string) => (replay: Replay) =>
  replay.child.fixture({ op: 'otherProvider', kind, name });

const SIGN_IN_SCOPE = 'openid profile email offline_access';

const wrongRedirect = async (replay: Replay) => {
  const { clientId, clientSecret } = replay.snapshot.providers[0];
  const uri = 'https://evil.example/cb';
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: uri,
    response_type: 'code',
  });
  for (let times = 0; times < 3; times++) {
    // The authorize endpoint keeps such a mistake to itself, the token endpoint does not.
    await replay.raw({
      method: 'GET',
      path: `/application/o/authorize/?${query}`,
      headers: {},
    });
    await replay.raw({
      method: 'POST',
      path: '/application/o/token/',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: 'x',
        redirect_uri: uri,
        client_id: clientId,
        client_secret: clientSecret,
      }).toString(),
    });
  }
};

/** Uploads are not simulated, and only older servers have an endpoint for them. */
const uploadedIcon: Step = async (replay, exchange) => {
  const recorded = exchange.response.body;
  if (memberOf(recorded, 'meta_icon_url') === undefined) {
    await replay.api('POST', 'core/applications/hoop/set_icon_url/', {
      url: memberOf(recorded, 'meta_icon') ?? '',
    });
  }
};

/** Recorded from another server than the rest: its keys of what every server has. */
const onAnotherServer = async (replay: Replay) => {
  const keys = {
    '1f74e23c-cdaa-446c-8f67-92bcd82d7f8a': flow(
      replay,
      'default-provider-authorization-implicit-consent',
    ),
    'e90d3aa9-4e19-42c8-9ebf-079d4a12cd1a': flow(
      replay,
      'default-provider-invalidation-flow',
    ),
    '09348447-8d0e-469e-9ac8-d8967aaf0566': keyPair(replay),
    '1f7b81cb-c5a4-4eff-b1ea-7aa6e7541d55': scopes(replay, 'openid')[0],
    '9e6e029d-a4f4-439a-965c-3159b32e68c0': scopes(replay, 'email')[0],
    '69a16bd3-50c8-4e39-8cc7-2db5e425227c': scopes(replay, 'profile')[0],
  };
  for (const [recorded, here] of Object.entries(keys)) {
    replay.translation.learn(recorded, here);
  }
};

/** @internal */
export const SCENARIOS: Record<string, Scenario> = {
  oidc: OIDC,
  login: LOGIN,
  edges: { start: onAnotherServer },
  locale: { start: onAnotherServer },
  concurrency: {
    // Wide enough for six requests to overlap on a busy machine.
    start: replay => replay.child.fixture({ op: 'slowWrites', ms: 100 }),
  },
  identify: {
    before: {
      'expired token': replay =>
        replay.child.fixture({
          op: 'expireToken',
          username: 'expired-sa',
          expired: true,
        }),
      'token of a deactivated user': replay =>
        replay.child.fixture({
          op: 'activate',
          username: 'inactive-sa',
          active: false,
        }),
    },
  },
  'transactional-create': {
    before: {
      'app.provider names an existing free provider': async (
        replay,
        exchange,
      ) => {
        await addApplication(replay, 'Free');
        await replay.api('DELETE', 'core/applications/free/');
        const app = memberOf(exchange.request.body, 'app');
        const pk = memberOf(app as Json, 'provider');
        replay.translation.name('provider', String(pk), 'Free');
      },
    },
  },
  'transactional-errors': {
    tidy: true,
    start: async replay => {
      await addApplication(replay, 'Taken');
      await other('proxy', 'Proxy thing')(replay);
      await other('saml', 'SAML thing')(replay);
    },
    before: {
      'client_id exists': async (replay, exchange) => {
        const provider = memberOf(exchange.request.body, 'provider');
        const id = memberOf(provider as Json, 'client_id');
        replay.translation.name('client', String(id), 'Taken');
      },
      'it was created: bindings': target('hoop'),
      'it was created: bindings (2)': target('hoop'),
      'it was created: bindings (3)': target('hoop'),
      'binding with a target of its own': async (replay, exchange) => {
        await addApplication(replay, 'Other');
        const bindings = memberOf(exchange.request.body, 'policy_bindings');
        const [binding] = bindings as JsonObject[];
        replay.translation.name('application', String(binding.target), 'other');
      },
      'its bindings': target('hoop'),
    },
  },
  icons: {
    before: {
      'application after set_icon': uploadedIcon,
      'application after set_icon, clear': uploadedIcon,
    },
  },
  'two-step-create': {
    before: {
      'provider: name exists on a proxy provider': other(
        'proxy',
        'Proxy thing',
      ),
      'provider: name exists on a SAML provider': other('saml', 'SAML thing'),
    },
  },
  update: {
    start: async replay => {
      await addApplication(replay, 'Other');
      await addApplication(replay, 'Hoop');
      await addBinding(replay, 'hoop', { group: 'engineering', order: 0 });
    },
    before: {
      'setup URLs while detached': providerNamed('Hoop'),
      'application: provider of another application': async (
        replay,
        exchange,
      ) => {
        const pk = memberOf(exchange.request.body, 'provider');
        replay.translation.name('provider', String(pk), 'Other');
      },
      'provider: add a redirect URI': replay =>
        patchApplication(replay, 'hoop-renamed', { slug: 'hoop' }),
      'provider: grant_types': replay =>
        patchProvider(replay, 'Hoop', {
          property_mappings: scopes(replay, 'openid', 'email', 'profile'),
        }),
      'secret check before rotation: old secret': replay =>
        patchProvider(replay, 'Hoop', {
          issuer_mode: 'per_provider',
          grant_types: ['authorization_code', 'refresh_token'],
        }),
      'provider: client_id of another provider': async (replay, exchange) => {
        const id = memberOf(exchange.request.body, 'client_id');
        replay.translation.name('client', String(id), 'Other');
      },
    },
  },
  delete: {
    start: async (replay, exchanges) => {
      await addApplication(replay, 'Hoop');
      await addBinding(replay, 'hoop', { group: 'engineering', order: 0 });
      await addBinding(replay, 'hoop', { user: 'jane', order: 1 });
      const left = exchanges.find(one => one.title === 'bindings left');
      if (left) await nameTarget(replay, left, 'hoop');
      for (const exchange of exchanges) {
        const title = exchange.title;
        const binding = /bindings\/([^/?]+)\/$/.exec(exchange.request.path);
        const order = title === 'its binding' ? 1 : 0;
        if (binding && (title === 'its binding' || /binding$/.test(title))) {
          const mine = replay.snapshot.bindings.find(
            one => one.order === order,
          );
          if (mine && !binding[1].startsWith('0000')) {
            replay.translation.learn(binding[1], mine.pk);
          }
        }
      }
    },
    before: {
      'provider used by': providerNamed('Hoop'),
      'other order: delete the provider first': hoopAgain,
      'delete through the generic provider endpoint': hoopAgain,
    },
  },
  permissions: {
    start: async replay => {
      await addApplication(replay, 'Hoop');
      await addApplication(replay, 'Finance-app');
      await addBinding(replay, 'finance-app', { group: 'finance', order: 0 });
      replay.credentials.setAccount(
        'least-privilege',
        await replay.child.fixture<string>({
          op: 'serviceAccount',
          name: 'scaffolder',
          permissions: [...LEAST_PRIVILEGE],
        }),
      );
      await replay.credentials.addAppPassword('scaffolder');
    },
  },
  events: {
    start: async (replay, exchanges) => {
      const mappings = scopes(
        replay,
        'openid',
        'email',
        'profile',
        'offline_access',
      );
      await addApplication(replay, 'Hoop', {
        provider: { property_mappings: mappings },
      });
      await addApplication(replay, 'Other');
      const name = (title: string, slug: string) => {
        const found = exchanges.find(one => one.title === title);
        const pk = found && queryOf(found).get('context_authorized_app');
        if (pk) replay.translation.name('application', dashed(pk), slug);
      };
      name('before any login', 'hoop');
      name('another application: code issued, never exchanged', 'other');
    },
    before: {
      'last sign-in': async replay => {
        for (const username of ['jane', 'bob', 'jane']) {
          await replay.signIn({
            username,
            client: 'Hoop',
            scope: SIGN_IN_SCOPE,
          });
        }
      },
      'another application: code issued, never exchanged': replay =>
        replay.signIn({ username: 'jane', client: 'Other' }),
      'configuration errors after an authorize and a token request with a wrong redirect_uri':
        wrongRedirect,
      'sign-ins of a deleted application': replay =>
        replay.api('DELETE', 'core/applications/hoop/'),
    },
  },
  'application-list': {
    start: async replay => {
      await addApplication(replay, 'Alpha');
      await addApplication(replay, 'Beta', { app: { group: 'Other' } });
      await addApplication(replay, 'Gamma');
      await addBinding(replay, 'gamma', { group: 'finance', order: 0 });
      await addApplication(replay, 'Hidden', { app: { meta_hide: true } });
    },
    before: {
      'after a change of alpha: list': replay =>
        patchApplication(replay, 'alpha', { meta_description: 'changed' }),
      'after alpha was deleted: list': replay =>
        replay.api('DELETE', 'core/applications/alpha/'),
      'after delta was created: list': replay =>
        addApplication(replay, 'Delta'),
    },
  },
};
