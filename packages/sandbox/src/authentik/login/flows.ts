import type { Application, User } from '../store/model';
import { recordLogin } from '../store/audit';
import type { Store } from '../store/store';
import { launchUrl } from '../rest/serialize';
import type { Answer, RawRequest } from '../support/http';
import { errorPage } from '../support/html';
import {
  errorView,
  formOf,
  htmlAnswer,
  jsonAnswer,
  parseJsonObject,
  redirectAnswer,
} from '../support/http';
import type { JsonObject } from '../../json';
import { consentPage, signInPage, signedOutPage } from './pages';
import type { Session, Sessions } from './sessions';
import { sessionCookie, signedInCookies } from './sessions';

const AVATAR = 'data:image/svg+xml;base64,PHN2Zy8+';
const ALLOW = 'GET, POST, HEAD, OPTIONS';
const AUTHENTICATION = 'default-authentication-flow';

/** Only paths of this server are followed, never another host. */
function localPath(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/';
}

function withCookies(answer: Answer, cookies: string[]): Answer {
  return {
    ...answer,
    headers: { ...answer.headers, 'Set-Cookie': cookies },
  };
}

/**
 * The sign-in and consent flows: as the executor API the real login page is built on, and as plain
 * pages for a browser.
 *
 * @internal
 */
export class Flows {
  constructor(
    private readonly store: Store,
    private readonly sessions: Sessions,
  ) {}

  async handle(request: RawRequest): Promise<Answer | undefined> {
    const { path } = request;
    const executor = /^\/api\/v3\/flows\/executor\/([^/]+)\/$/.exec(path);
    if (executor) return this.#execute(request, executor[1]);
    const browser = /^\/if\/flow\/([^/]+)\/$/.exec(path);
    if (browser) return this.#page(request, browser[1]);
    if (path === '/flows/-/default/authentication/') {
      return redirectAnswer(`/if/flow/${AUTHENTICATION}/?${request.query}`);
    }
    if (path === '/flows/-/cancel/') return redirectAnswer('/');
    if (path === '/flows/-/default/invalidation/')
      return this.#signOut(request);
    return undefined;
  }

  #credentialsMatch(username: string, password: string): User | undefined {
    const user = this.#findUser(username);
    return user?.isActive && user.password && user.password === password
      ? user
      : undefined;
  }

  #findUser(username: string): User | undefined {
    return this.store.users.find(
      one =>
        one.type === 'internal' &&
        (one.username === username || (one.email && one.email === username)),
    );
  }

  /** The application a sign-in is for, found through the URL that comes after it. */
  #applicationBehind(next: string): Application | undefined {
    const id = new URLSearchParams(next.split('?')[1] ?? '').get('client_id');
    const provider = this.store.providers.find(one => one.client_id === id);
    return provider && this.store.applicationOf(provider);
  }

  #signOut(request: RawRequest): Answer {
    const session = this.sessions.find(request);
    if (session) this.sessions.end(session);
    return htmlAnswer(200, signedOutPage());
  }

  /** `query` is that of the login page, which names the application and what comes after. */
  #finish(
    request: RawRequest,
    session: Session,
    user: User,
    query: URLSearchParams,
  ): void {
    this.sessions.signIn(session, user);
    session.freshFor = localPath(query.get('next'));
    recordLogin(this.store, request, user, { slug: AUTHENTICATION, query });
  }

  // --- executor API -------------------------------------------------------------------------

  async #execute(request: RawRequest, slug: string): Promise<Answer> {
    const flow = this.store.flows.find(one => one.slug === slug);
    if (!flow) return errorView(request.method, 404);
    const session = this.sessions.findOrCreate(request);
    const again = withCookies(
      redirectAnswer(`${request.path}?${request.rawQuery}`),
      [sessionCookie(session)],
    );
    const answer =
      session.consent?.flowSlug === slug
        ? await this.#consentStep(request, session, again)
        : this.#signInStep(request, session, again);
    return { ...answer, headers: { Allow: ALLOW, ...answer.headers } };
  }

  #challenge(session: Session, body: JsonObject): Answer {
    return withCookies(jsonAnswer(200, body), [sessionCookie(session)]);
  }

  #flowInfo(title: string, next?: string): JsonObject {
    const cancel = '/flows/-/cancel/';
    return {
      title,
      background: '/static/dist/assets/images/flow_background.jpg',
      ...(this.store.modern && { background_themed_urls: null }),
      cancel_url:
        next && this.store.modern
          ? `${cancel}?${new URLSearchParams({ next })}`
          : cancel,
      layout: 'stacked',
    };
  }

  #signInStep(request: RawRequest, session: Session, again: Answer): Answer {
    const query = new URLSearchParams(request.query.get('query') ?? '');
    const next = localPath(query.get('next'));
    const body = parseJsonObject(request.body.toString('utf8')) ?? {};
    const posted = request.method === 'POST';
    switch (session.step) {
      case 'identification':
        if (!posted) return this.#identification(session, next);
        session.username = String(body.uid_field ?? '');
        session.step = 'password';
        return again;
      case 'password': {
        if (!posted) return this.#password(session, next, false);
        const password = String(body.password ?? '');
        if (!this.#credentialsMatch(session.username ?? '', password)) {
          return this.#password(session, next, true);
        }
        session.step = 'checks';
        return again;
      }
      case 'checks':
        session.step = 'login';
        return again;
      default: {
        const user = this.#findUser(session.username ?? '');
        if (user) this.#finish(request, session, user, query);
        return withCookies(
          jsonAnswer(200, { component: 'xak-flow-redirect', to: next }),
          signedInCookies(session),
        );
      }
    }
  }

  #identification(session: Session, next: string): Answer {
    const { store } = this;
    const application = this.#applicationBehind(next);
    return this.#challenge(session, {
      flow_info: this.#flowInfo('Welcome to authentik!', next),
      component: 'ak-stage-identification',
      user_fields: ['email', 'username'],
      ...(store.modern && { pending_user_identifier: null }),
      password_fields: false,
      allow_show_password: false,
      ...(application && { application_pre: application.name }),
      ...(application &&
        store.modern && {
          application_pre_launch: launchUrl(store, application) ?? '',
        }),
      flow_designation: 'authentication',
      captcha_stage: null,
      primary_action: 'Log in',
      sources: [],
      show_source_labels: false,
      enable_remember_me: false,
      ...(store.modern && { passkey_challenge: null }),
    });
  }

  #password(session: Session, next: string, failed: boolean): Answer {
    return this.#challenge(session, {
      flow_info: this.#flowInfo('Welcome to authentik!', next),
      component: 'ak-stage-password',
      ...(failed && {
        response_errors: {
          password: [{ string: 'Invalid password', code: 'invalid' }],
        },
      }),
      pending_user: session.username ?? '',
      pending_user_avatar: AVATAR,
      allow_show_password: false,
    });
  }

  async #consentStep(
    request: RawRequest,
    session: Session,
    again: Answer,
  ): Promise<Answer> {
    const { consent } = session;
    if (!consent) return errorView(request.method, 404);
    if (consent.granted) {
      if (consent.token === '') {
        // Remembered consent is skipped with one more redirect, as a stage without a challenge is.
        consent.token = 'skipped';
        return again;
      }
      session.consent = undefined;
      return this.#challenge(session, {
        component: 'xak-flow-redirect',
        to: await consent.complete(),
      });
    }
    if (request.method === 'POST') {
      const body = parseJsonObject(request.body.toString('utf8')) ?? {};
      if (body.token === consent.token) {
        consent.granted = true;
        consent.remember();
        return again;
      }
    }
    return this.#challenge(session, {
      flow_info: this.#flowInfo(
        consent.header.replace(
          /^You're about to sign into (.*)\.$/,
          'Redirecting to $1',
        ),
      ),
      component: 'ak-stage-consent',
      pending_user: session.user?.username ?? '',
      pending_user_avatar: AVATAR,
      header_text: consent.header,
      permissions: consent.permissions,
      additional_permissions: [],
      token: consent.token,
    });
  }

  // --- pages for a browser ------------------------------------------------------------------

  async #page(request: RawRequest, slug: string): Promise<Answer> {
    const flow = this.store.flows.find(one => one.slug === slug);
    if (!flow) return errorView(request.method, 404);
    const session = this.sessions.findOrCreate(request);
    if (session.consent?.flowSlug === slug) {
      return this.#consentPage(request, session);
    }
    if (flow.designation === 'invalidation') return this.#signOut(request);
    if (flow.designation !== 'authentication') {
      return htmlAnswer(
        501,
        errorPage('Not simulated', 'The sandbox does not play this flow.'),
      );
    }
    return this.#signInPage(request, session);
  }

  #signInPage(request: RawRequest, session: Session): Answer {
    const next = localPath(request.query.get('next'));
    const action = `${request.path}?${request.rawQuery}`;
    const application = this.#applicationBehind(next)?.name;
    if (request.method !== 'POST') {
      return withCookies(htmlAnswer(200, signInPage({ action, application })), [
        sessionCookie(session),
      ]);
    }
    const form = formOf(request);
    const username = form.get('uid_field') ?? '';
    const user = this.#credentialsMatch(username, form.get('password') ?? '');
    if (!user) {
      return withCookies(
        htmlAnswer(
          200,
          signInPage({ action, application, username, failed: true }),
        ),
        [sessionCookie(session)],
      );
    }
    this.#finish(request, session, user, request.query);
    return withCookies(redirectAnswer(next), signedInCookies(session));
  }

  async #consentPage(request: RawRequest, session: Session): Promise<Answer> {
    const { consent } = session;
    if (!consent) return errorView(request.method, 404);
    const given =
      consent.granted ||
      (request.method === 'POST' &&
        formOf(request).get('token') === consent.token);
    if (given) {
      if (!consent.granted) consent.remember();
      session.consent = undefined;
      return redirectAnswer(await consent.complete());
    }
    return htmlAnswer(
      200,
      consentPage({
        action: `${request.path}?${request.rawQuery}`,
        ...consent,
      }),
    );
  }
}
