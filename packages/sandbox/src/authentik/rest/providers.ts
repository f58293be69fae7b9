import type { Provider } from '../store/model';
import { claimsOf, issuerOf } from '../oidc/claims';
import { endpointsOf } from '../oidc/endpoints';
import type { Store } from '../store/store';
import type { Answer } from '../support/http';
import type { ApiRequest, Route } from './api';
import {
  ApiError,
  Crash,
  created,
  demand,
  invalid,
  noContent,
  notFound,
  ok,
  writing,
} from './api';
import { checkBody } from './fields';
import type { ListView } from './list';
import { demandRelated, listItems } from './list';
import {
  insertProvider,
  providerFields,
  updateProvider,
} from './providerFields';
import { baseProvider, oauth2Provider } from './serialize';
import { usedByProvider } from './usedBy';

const MODEL = 'authentik_providers_oauth2';

function view(store: Store): ListView<Provider> {
  return {
    exact: {
      name: one => one.name,
      client_id: one => one.client_id,
      client_type: one => one.client_type,
      issuer_mode: one => one.issuer_mode,
      sub_mode: one => one.sub_mode,
      signing_key: one => one.signing_key,
      authorization_flow: one => one.authorization_flow,
      invalidation_flow: one => one.invalidation_flow,
    },
    search: one => [one.name],
    ordering: { name: one => one.name, pk: one => one.pk },
    defaultOrder: 'name',
    serialize: one => oauth2Provider(store, one),
  };
}

function allView(store: Store): ListView<Provider> {
  return {
    exact: {
      application__isnull: one => store.applicationOf(one) === undefined,
    },
    search: one => [one.name],
    ordering: { name: one => one.name, pk: one => one.pk },
    defaultOrder: 'name',
    serialize: one => baseProvider(store, one),
  };
}

/** Proxy providers are OAuth2 providers underneath and show up among them. */
const isOauth2 = (provider: Provider) => provider.kind !== 'saml';

function providerOf(request: ApiRequest, model: string): Provider {
  if (!/^\d+$/.test(request.params[0])) {
    throw new ApiError(404, { detail: 'Not found.' });
  }
  const provider = request.store.provider(Number(request.params[0]));
  if (!provider || (model === 'OAuth2Provider' && !isOauth2(provider))) {
    throw notFound(model);
  }
  return provider;
}

function visible(request: ApiRequest): Provider {
  demand(request, `${MODEL}.view_oauth2provider`);
  return providerOf(request, 'OAuth2Provider');
}

function list(request: ApiRequest): Answer {
  const { store } = request;
  demand(request, `${MODEL}.view_oauth2provider`);
  const application = demandRelated(request, 'application');
  const providers = store.providers.filter(
    one =>
      isOauth2(one) &&
      (application === undefined ||
        store.applicationOf(one)?.pk === application),
  );
  return listItems(request, view(store), providers);
}

async function create(request: ApiRequest): Promise<Answer> {
  const { store } = request;
  demand(request, `${MODEL}.add_oauth2provider`);
  const { values, errors } = checkBody(providerFields(store), request.body(), {
    create: true,
  });
  if (errors) throw invalid(errors);
  await writing(store);
  const lost = store.providers.some(
    one => one.name === values.name || one.client_id === values.client_id,
  );
  if (lost) throw new Crash('the database refuses what was checked before');
  return created(oauth2Provider(store, insertProvider(store, values)));
}

function change(request: ApiRequest, partial: boolean): Answer {
  const { store } = request;
  const provider = visible(request);
  demand(request, `${MODEL}.change_oauth2provider`);
  const { values, errors } = checkBody(
    providerFields(store, provider, partial),
    request.body(),
    { partial },
  );
  if (errors) throw invalid(errors);
  updateProvider(store, provider, values);
  return ok(oauth2Provider(store, provider));
}

/** Anybody with a token may ask; the host of the answer is the host of the question. */
function setupUrls(request: ApiRequest): Answer {
  const { store, raw } = request;
  const provider = providerOf(request, 'OAuth2Provider');
  const application = store.applicationOf(provider);
  const endpoints = endpointsOf(raw.baseUrl, application?.slug ?? '');
  return ok({
    issuer: application ? issuerOf(store, provider, raw.baseUrl) : null,
    authorize: endpoints.authorize,
    token: endpoints.token,
    user_info: endpoints.userinfo,
    provider_info: application ? endpoints.discovery : null,
    logout: application ? endpoints.endSession : null,
    ...(application && { jwks: endpoints.jwks }),
  });
}

function previewUser(request: ApiRequest): Answer {
  const { store, raw } = request;
  const provider = visible(request);
  let { user } = request;
  const forUser = request.query.get('for_user');
  if (forUser !== null) {
    if (!/^\d+$/.test(forUser)) {
      throw invalid({ for_user: 'input must be numerical' });
    }
    const other = store.user(Number(forUser));
    if (!other || !store.may(user, 'authentik_core.preview_user')) {
      throw invalid({ for_user: 'User not found' });
    }
    user = other;
  }
  const now = Math.floor(Date.now() / 1000);
  return ok({
    preview: claimsOf(store, provider, {
      user,
      baseUrl: raw.baseUrl,
      scopes: store.mappingsOf(provider).map(one => one.scopeName),
      issuedAt: now,
      lifetime: 1800,
      authTime: now,
    }),
  });
}

/**
 * Everything below `providers/`.
 *
 * @internal
 */
export const providerRoutes: Route[] = [
  { path: 'providers/oauth2/', methods: { GET: list, POST: create } },
  {
    path: 'providers/oauth2/([^/]+)/',
    methods: {
      GET: request => ok(oauth2Provider(request.store, visible(request))),
      PUT: request => change(request, false),
      PATCH: request => change(request, true),
      DELETE: request => {
        const provider = visible(request);
        demand(request, `${MODEL}.delete_oauth2provider`);
        request.store.removeProvider(provider);
        return noContent();
      },
    },
  },
  {
    path: 'providers/oauth2/([^/]+)/setup_urls/',
    methods: { GET: setupUrls },
  },
  {
    path: 'providers/oauth2/([^/]+)/preview_user/',
    methods: { GET: previewUser },
  },
  {
    path: 'providers/oauth2/([^/]+)/used_by/',
    methods: { GET: request => ok(usedByProvider(request, visible(request))) },
  },
  {
    path: 'providers/all/',
    methods: {
      GET: request => {
        demand(request, 'authentik_core.view_provider');
        const { store } = request;
        return listItems(request, allView(store), store.providers);
      },
    },
  },
  {
    path: 'providers/all/([^/]+)/',
    methods: {
      GET: request => {
        demand(request, 'authentik_core.view_provider');
        return ok(baseProvider(request.store, providerOf(request, 'Provider')));
      },
      DELETE: request => {
        demand(request, 'authentik_core.delete_provider');
        request.store.removeProvider(providerOf(request, 'Provider'));
        return noContent();
      },
    },
  },
];
