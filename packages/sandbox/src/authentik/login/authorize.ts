import type { Application, Flow, Provider, User } from '../store/model';
import { mayUse } from '../store/access';
import { recordAuthorization } from '../store/audit';
import type { Store } from '../store/store';
import { providerByClientId } from '../oidc/clientAuth';
import type { OidcEngine } from '../oidc/engine';
import { describe } from '../oidc/errors';
import { allowsRedirect } from '../oidc/redirectUri';
import { errorPage } from '../support/html';
import type { Answer, RawRequest } from '../support/http';
import { errorView, htmlAnswer, redirectAnswer } from '../support/http';
import { newUuid, randomHex } from '../support/random';
import { deniedPage } from './pages';
import type { Session, Sessions } from './sessions';
import { sessionCookie } from './sessions';

const RESPONSE_TYPES = [
  'code',
  'id_token',
  'id_token token',
  'code token',
  'code id_token',
  'code id_token token',
];

const CLIENT_ID_ERROR = htmlAnswer(
  400,
  errorPage(
    'Client ID Error',
    'The client identifier (client_id) is missing or invalid.',
  ),
);

const REDIRECT_URI_ERROR = htmlAnswer(
  400,
  errorPage(
    'Redirect URI Error',
    'The request fails due to a missing, invalid, or mismatching redirection URI (redirect_uri).',
  ),
);

/** Python's quoting, which keeps fewer characters than JavaScript's. */
function quote(text: string, safe = ''): string {
  return encodeURIComponent(text)
    .replace(
      /[!'()*]/g,
      char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    )
    .replace(/%2F/g, safe.includes('/') ? '/' : '%2F');
}

/** The authorization endpoint. */
interface AuthorizeRequest {
  raw: RawRequest;
  provider: Provider;
  redirectUri: string;
  state: string | null;
  responseType: string;
}

function backToClient(
  request: AuthorizeRequest,
  params: Record<string, string>,
): string {
  const { redirectUri, state, responseType } = request;
  const pairs = Object.entries({
    ...params,
    ...(state !== null && { state }),
  }).map(([name, value]) => `${name}=${quote(value)}`);
  const implicit =
    responseType !== 'code' && RESPONSE_TYPES.includes(responseType);
  const separator = redirectUri.includes('?') ? '&' : '?';
  return `${redirectUri}${implicit ? '#' : separator}${pairs.join('&')}`;
}

function refuse(
  request: AuthorizeRequest,
  error: string,
  description = describe(error),
): Answer {
  return redirectAnswer(
    backToClient(request, { error, error_description: description }),
  );
}

/**
 * `/application/o/authorize/` and the end of a session.
 *
 * @internal
 */
export class Authorize {
  /** Who agreed to what before: user and provider. */
  readonly #consents = new Set<string>();

  constructor(
    private readonly store: Store,
    private readonly engine: OidcEngine,
    private readonly sessions: Sessions,
  ) {}

  reset(): void {
    this.#consents.clear();
  }

  async handle(request: RawRequest): Promise<Answer | undefined> {
    if (request.path === '/application/o/authorize/') {
      return this.#authorize(request);
    }
    const end = /^\/application\/o\/([^/]+)\/end-session\/$/.exec(request.path);
    return end ? this.#endSession(request, end[1]) : undefined;
  }

  async #authorize(raw: RawRequest): Promise<Answer> {
    const { store } = this;
    if (raw.rawQuery === '') return errorView(raw.method, 404);
    const { query } = raw;
    const provider = providerByClientId(store, query.get('client_id') ?? '');
    if (!provider) return CLIENT_ID_ERROR;
    const redirectUri = query.get('redirect_uri') ?? '';
    if (
      !store.modern &&
      provider.redirect_uris.length === 0 &&
      redirectUri !== ''
    ) {
      // Older servers trust the first URI they ever see and keep it.
      provider.redirect_uris = [
        {
          matching_mode: 'strict',
          url: redirectUri,
          redirect_uri_type: 'authorization',
        },
      ];
      store.revision += 1;
    }
    if (!allowsRedirect(provider, redirectUri)) {
      return REDIRECT_URI_ERROR;
    }
    const request: AuthorizeRequest = {
      raw,
      provider,
      redirectUri,
      state: query.get('state'),
      responseType: query.get('response_type') ?? '',
    };
    return this.#parameterProblem(request) ?? this.#signedIn(request);
  }

  #parameterProblem(request: AuthorizeRequest): Answer | undefined {
    const { query } = request.raw;
    if (query.has('request')) return refuse(request, 'request_not_supported');
    if (!RESPONSE_TYPES.includes(request.responseType)) {
      return refuse(request, 'unsupported_response_type');
    }
    const grant =
      request.responseType === 'code' ? 'authorization_code' : 'implicit';
    const { grant_types: grants } = request.provider;
    if (this.store.modern && !grants.includes(grant)) {
      return refuse(request, 'invalid_request');
    }
    const method = query.get('code_challenge_method');
    if (query.has('code_challenge') && method !== null) {
      if (!['plain', 'S256'].includes(method)) {
        return refuse(
          request,
          'invalid_request',
          `Unsupported challenge method ${method}`,
        );
      }
    }
    return undefined;
  }

  async #signedIn(request: AuthorizeRequest): Promise<Answer> {
    const { store } = this;
    const { raw, provider } = request;
    const found = this.sessions.find(raw);
    const session = found?.user?.isActive ? found : undefined;
    const prompts = (raw.query.get('prompt') ?? '').split(' ');
    const silent = prompts.includes('none');
    if (!session?.user && silent) return refuse(request, 'login_required');
    const application = store.applicationOf(provider);
    if (!application) return this.#denied();

    const here = `${raw.path}?${raw.rawQuery}`;
    const stale = prompts.includes('login') && session?.freshFor !== here;
    if (!session?.user || stale) return this.#toLogin(request, here);
    session.freshFor = undefined;
    if (!mayUse(store, application, session.user)) {
      return this.#denied(session.user.username);
    }
    if (request.responseType !== 'code') {
      return htmlAnswer(
        501,
        errorPage('Not simulated', 'The sandbox only knows the code flow.'),
      );
    }
    return this.#authorized(request, session, session.user, application);
  }

  #denied(username?: string): Answer {
    const answer = htmlAnswer(200, deniedPage(username));
    // The page of older servers carries a form, and with it this cookie.
    return this.store.modern
      ? answer
      : {
          ...answer,
          headers: {
            ...answer.headers,
            'Set-Cookie': [`authentik_csrf=${randomHex(32)}; Path=/`],
          },
        };
  }

  async #authorized(
    request: AuthorizeRequest,
    session: Session,
    user: User,
    application: Application,
  ): Promise<Answer> {
    const { provider, raw } = request;
    const flow = this.store.flows.find(
      one => one.pk === provider.authorization_flow,
    );
    const scopes = this.#grantedScopes(request);
    const complete = () =>
      this.#issue(request, session, user, application, scopes);
    const respond = (answer: Answer): Answer => ({
      ...answer,
      headers: { ...answer.headers, 'Set-Cookie': [sessionCookie(session)] },
    });
    if (flow && flow.stages.length > 0) {
      const key = `${user.pk}/${provider.pk}`;
      const granted = this.#consents.has(key);
      if (raw.query.get('prompt') === 'none' && !granted) {
        return refuse(request, 'consent_required');
      }
      session.consent = {
        flowSlug: flow.slug,
        header: `You're about to sign into ${application.name}.`,
        permissions: this.store
          .mappingsOf(provider)
          .filter(one => scopes.includes(one.scopeName))
          .map(one => ({ name: one.description, id: one.scopeName })),
        token: granted ? '' : newUuid(),
        granted,
        remember: () => this.#consents.add(key),
        complete,
      };
      return respond(redirectAnswer(this.#flowLocation(flow, raw)));
    }
    return respond(redirectAnswer(await complete()));
  }

  #flowLocation(flow: Flow, raw: RawRequest): string {
    return `/if/flow/${flow.slug}/?${raw.query}`;
  }

  /** Scopes nobody mapped are dropped without a word; no scope at all asks for everything. */
  #grantedScopes({ raw, provider }: AuthorizeRequest): string[] {
    const mapped = this.store.mappingsOf(provider).map(one => one.scopeName);
    const asked = (raw.query.get('scope') ?? '').split(' ').filter(Boolean);
    return asked.length
      ? [...new Set(asked.filter(scope => mapped.includes(scope)))]
      : mapped;
  }

  async #issue(
    request: AuthorizeRequest,
    session: Session,
    user: User,
    application: Application,
    scopes: string[],
  ): Promise<string> {
    const { provider, raw, redirectUri } = request;
    const challenge = raw.query.get('code_challenge');
    const code = await this.engine.issueCode(provider, raw.baseUrl, {
      user,
      sid: session.sid,
      authTime: session.authTime,
      scopes,
      redirectUri,
      nonce: raw.query.get('nonce') ?? undefined,
      ...(challenge && {
        codeChallenge: challenge,
        codeChallengeMethod: raw.query.get('code_challenge_method') ?? 'plain',
      }),
    });
    recordAuthorization(this.store, raw, {
      user,
      application,
      flow: provider.authorization_flow,
      scopes,
    });
    return backToClient(request, { code });
  }

  #toLogin({ raw }: AuthorizeRequest, here: string): Answer {
    const session = this.sessions.findOrCreate(raw);
    session.step = 'identification';
    let location: string;
    if (this.store.modern) {
      const params = new URLSearchParams(raw.query);
      params.append('next', here);
      location = `/if/flow/default-authentication-flow/?${params}`;
    } else {
      location = `/flows/-/default/authentication/?next=${quote(here, '/')}`;
    }
    const answer = redirectAnswer(location);
    return {
      ...answer,
      headers: { ...answer.headers, 'Set-Cookie': [sessionCookie(session)] },
    };
  }

  #endSession(raw: RawRequest, slug: string): Answer {
    const application = this.store.applicationBySlug(slug);
    if (!application) return errorView(raw.method, 404);
    const session = this.sessions.find(raw);
    if (!session?.user) {
      return this.#toLoginFromEnd(raw);
    }
    this.sessions.end(session);
    return redirectAnswer('/if/flow/default-provider-invalidation-flow/');
  }

  #toLoginFromEnd(raw: RawRequest): Answer {
    const session = this.sessions.findOrCreate(raw);
    const here = raw.rawQuery ? `${raw.path}?${raw.rawQuery}` : raw.path;
    const location = this.store.modern
      ? `/if/flow/default-authentication-flow/?${new URLSearchParams({
          next: here,
        })}`
      : `/flows/-/default/authentication/?next=${quote(here, '/')}`;
    const answer = redirectAnswer(location);
    return {
      ...answer,
      headers: { ...answer.headers, 'Set-Cookie': [sessionCookie(session)] },
    };
  }
}
