import type { RawRequest } from '../support/http';
import type { JsonObject } from '../../json';
import { randomHex } from '../support/random';
import type { Application, Provider, User } from './model';
import type { Store } from './store';
import { timestamp, userSummary } from './store';

function httpRequest(request: RawRequest, query?: URLSearchParams): JsonObject {
  return {
    args: query ? Object.fromEntries(query) : {},
    path: request.path,
    method: request.method,
    request_id: randomHex(32),
    user_agent: String(request.headers['user-agent'] ?? ''),
  };
}

const bare = (uuid: string) => uuid.replace(/-/g, '');

/** @internal */
export function recordLogin(
  store: Store,
  request: RawRequest,
  user: User,
  flow: { slug: string; query: URLSearchParams },
): void {
  user.lastLogin = timestamp();
  store.addEvent({
    user: userSummary(user),
    action: 'login',
    app: 'authentik.events.signals',
    context: {
      auth_method: 'password',
      http_request: {
        ...httpRequest(request, flow.query),
        // Whatever page was used, it is the executor that signs in.
        path: `/api/v3/flows/executor/${flow.slug}/`,
        method: 'GET',
      },
      auth_method_args: {
        known_device: request.cookies.has('authentik_device'),
      },
    },
    clientIp: request.clientIp,
  });
}

/**
 * Written when a code is issued, whether or not it is ever redeemed.
 *
 * @internal
 */
export function recordAuthorization(
  store: Store,
  request: RawRequest,
  details: {
    user: User;
    application: Application;
    flow: string;
    scopes: string[];
  },
): void {
  store.addEvent({
    user: userSummary(details.user),
    action: 'authorize_application',
    app: 'authentik.providers.oauth2.views.authorize',
    context: {
      flow: bare(details.flow),
      scopes: details.scopes.join(' '),
      http_request: httpRequest(request, request.query),
      authorized_application: {
        pk: bare(details.application.pk),
        app: 'authentik_core',
        name: details.application.name,
        model_name: 'application',
      },
    },
    clientIp: request.clientIp,
  });
}

/** @internal */
export function configurationError(
  store: Store,
  request: RawRequest,
  details: { provider: Provider; redirectUri: string },
): void {
  const { provider } = details;
  store.addEvent({
    user: { pk: 1, email: '', username: 'AnonymousUser', is_anonymous: true },
    action: 'configuration_error',
    app: 'authentik.providers.oauth2.views.token',
    context: {
      message: 'Invalid redirect URI used by provider',
      expected: provider.redirect_uris.map(uri => ({
        url: uri.url,
        matching_mode: uri.matching_mode,
        ...(store.modern &&
          uri.redirect_uri_type && {
            redirect_uri_type: uri.redirect_uri_type,
          }),
      })),
      provider: {
        pk: provider.pk,
        app: 'authentik_providers_oauth2',
        name: provider.name,
        model_name: 'oauth2provider',
      },
      http_request: httpRequest(request),
      redirect_uri: details.redirectUri,
    },
    clientIp: request.clientIp,
  });
}
