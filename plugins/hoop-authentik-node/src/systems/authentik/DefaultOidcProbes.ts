import { randomBytes } from 'node:crypto';
import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { HttpClient, type HttpRequest, type HttpResponse } from '../../http';
import type { CallOptions, SecretValue } from '../../core';
import { segment } from './AuthentikApi';
import { decode } from './decode';
import { AuthentikServerError, errorFromAnswer, withCause } from './errors';
import { describeInstance, type InstanceOptions } from './instance';
import { discoverySchema, jwksSchema } from './oidcSchemas';
import type {
  AuthorizeProbe,
  DiscoveryDocument,
  LoginPageProbe,
  OidcProbes,
  PublishedKey,
} from './types';

const MOUNT = 'application/o/';

/** Headings of the pages by which authentik objects to a request it cannot send back to the client. */
const CLIENT_REFUSED = 'Client ID Error';
const REDIRECT_URI_REFUSED = 'Redirect URI Error';

/**
 * {@link OidcProbes} over authentik's own URLs, which are the same from 2024.6 to 2026.8.
 *
 * @public
 */
export class DefaultOidcProbes implements OidcProbes {
  readonly #http: HttpClient;
  readonly #base: URL;

  static create(options: InstanceOptions): DefaultOidcProbes {
    return new DefaultOidcProbes(options);
  }

  private constructor(options: InstanceOptions) {
    const { system, baseUrl } = describeInstance(options);
    this.#base = new URL(`${baseUrl}/`);
    this.#http = new HttpClient({
      name: system,
      baseUrl,
      timeoutMs: options.timeoutMs,
      tls: options.ca === undefined ? undefined : { ca: options.ca },
      // The pages that refuse a request are told apart by their headings.
      headers: () => ({ 'accept-language': 'en' }),
    });
  }

  /** Closes the connections kept to the server. */
  async close(): Promise<void> {
    await this.#http.close();
  }

  async getDiscovery(
    slug: string,
    options?: CallOptions,
  ): Promise<DiscoveryDocument | undefined> {
    // With a trailing slash this is 404.
    const path = `${MOUNT}${segment(slug)}/.well-known/openid-configuration`;
    const answer = await this.#get(path, options);
    if (answer.status === 404) {
      return undefined;
    }
    this.#expectPublished(path, answer);
    return decode(this.#asked('GET', path), answer, discoverySchema);
  }

  async getKeys(
    jwksUri: string,
    options?: CallOptions,
  ): Promise<PublishedKey[]> {
    const path = this.#pathOf(jwksUri);
    const answer = await this.#get(path, options);
    this.#expectPublished(path, answer);
    return decode(this.#asked('GET', path), answer, jwksSchema);
  }

  async probeAuthorize(
    request: { clientId: string; redirectUri: string; scopes: string[] },
    options?: CallOptions,
  ): Promise<AuthorizeProbe> {
    if (!URL.canParse(request.redirectUri)) {
      throw new InputError('The redirect URI to ask for is not a URL');
    }
    const path = `${MOUNT}authorize/`;
    const answer = await this.#http.request({
      method: 'GET',
      path,
      query: {
        client_id: request.clientId,
        redirect_uri: request.redirectUri,
        response_type: 'code',
        scope: request.scopes.join(' '),
        state: randomBytes(16).toString('hex'),
        // Without it authentik starts a session and shows its login page.
        prompt: 'none',
      },
      signal: options?.signal,
    });
    const { status } = answer;
    if (status >= 300 && status < 400) {
      return this.#readRedirect(answer, request.redirectUri);
    }
    if (status === 400) {
      return readRefusal(answer);
    }
    if (status === 200 || status === 404) {
      // 200: a page says no; 404: there is no authentication flow to send anybody to.
      return { outcome: 'error', error: `http_${status}` };
    }
    throw this.#unexpected('GET', path, answer);
  }

  async probeLoginPage(
    url: string,
    options?: CallOptions,
  ): Promise<LoginPageProbe> {
    const asked = URL.canParse(url) ? new URL(url) : undefined;
    const endpoint = new URL(`${MOUNT}authorize/`, this.#base);
    if (!asked || !isAt(asked, endpoint)) {
      throw new InputError(
        `The URL to sign in at is not ${endpoint.href}, and no other is asked`,
      );
    }
    const answer = await this.#http.request({
      method: 'GET',
      // What else a URL may carry, such as a name and a password, stays here.
      path: `${endpoint.href}${asked.search}`,
      headers: { accept: 'text/html' },
      signal: options?.signal,
    });
    const { status } = answer;
    if (status >= 300 && status < 400) {
      return this.#readWayToLogin(
        answer,
        asked.searchParams.get('redirect_uri'),
      );
    }
    switch (status) {
      case 400:
        return readRefusal(answer);
      case 404:
        return { outcome: 'no-login-page' };
      case 200:
        // A page that says no.
        return { outcome: 'error', error: 'http_200' };
      default:
        throw this.#unexpected('GET', endpoint.href, answer);
    }
  }

  async probeClientSecret(
    request: { clientId: string; clientSecret: SecretValue },
    options?: CallOptions,
  ): Promise<boolean> {
    const path = `${MOUNT}revoke/`;
    const answer = await this.#http.request({
      method: 'POST',
      path,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      },
      // In the body rather than by HTTP Basic: servers differ in whether they percent-decode the latter.
      body: new URLSearchParams({
        client_id: request.clientId,
        client_secret: request.clientSecret.reveal(),
        token: 'x',
      }).toString(),
      signal: options?.signal,
    });
    if (answer.status === 200) {
      return true;
    }
    if (answer.status === 401) {
      return false;
    }
    throw this.#unexpected('POST', path, answer, [request.clientSecret]);
  }

  /**
   * authentik takes any key for signing, and then fails over publishing one that is neither RSA nor EC. Whether that is
   * why it fails only the key itself can tell.
   */
  #expectPublished(path: string, answer: HttpResponse): void {
    if (answer.status === 500) {
      throw withCause(
        new AuthentikServerError(
          `${this.#asked('GET', path)}: server error, ` +
            'an outage, or a signing key that is neither RSA nor EC',
        ),
        'HTTP 500',
      );
    }
    if (answer.status !== 200) {
      throw this.#unexpected('GET', path, answer);
    }
  }

  #get(path: string, options: CallOptions | undefined) {
    return this.#http.request({
      method: 'GET',
      path,
      headers: { accept: 'application/json' },
      signal: options?.signal,
    });
  }

  /** A redirect back to the client carries the verdict; one to a login page means that nothing was objected to. */
  #readRedirect(answer: HttpResponse, redirectUri: string): AuthorizeProbe {
    const place = this.#placeOf(answer);
    if (place && isAt(place, new URL(redirectUri))) {
      const error = errorOf(place);
      return error === 'login_required'
        ? { outcome: 'accepted' }
        : { outcome: 'error', error };
    }
    if (place && this.#isFlowPage(place)) {
      return { outcome: 'accepted' };
    }
    throw this.#unexpected('GET', `${MOUNT}authorize/`, answer);
  }

  /** Only a page of this authentik's flows is its login page; a proxy in front of it has one of its own. */
  #readWayToLogin(
    answer: HttpResponse,
    redirectUri: string | null,
  ): LoginPageProbe {
    const place = this.#placeOf(answer);
    if (place && this.#isFlowPage(place)) {
      return { outcome: 'login-page' };
    }
    if (
      place &&
      redirectUri !== null &&
      URL.canParse(redirectUri) &&
      isAt(place, new URL(redirectUri))
    ) {
      return { outcome: 'error', error: errorOf(place) };
    }
    return {
      outcome: 'elsewhere',
      place: place ? `${place.origin}${place.pathname}` : 'no URL',
    };
  }

  #placeOf({ headers: { location = '' } }: HttpResponse): URL | undefined {
    return URL.canParse(location, this.#base)
      ? new URL(location, this.#base)
      : undefined;
  }

  #isFlowPage({ origin, pathname }: URL): boolean {
    return (
      origin === this.#base.origin && /\/(if\/flow|flows)\//.test(pathname)
    );
  }

  /** The path of a URL of this instance; another origin is not asked, wherever a document may point. */
  #pathOf(uri: string): string {
    const target = URL.canParse(uri) ? new URL(uri) : undefined;
    if (target?.origin !== this.#base.origin) {
      throw new ServiceUnavailableError(
        `${this.#http.name}: the keys are said to be at ${
          target?.origin ?? 'no URL'
        }, which is not where the instance is; the proxy in front of authentik must pass on Host and X-Forwarded-Proto`,
      );
    }
    return target.href;
  }

  #unexpected(
    method: HttpRequest['method'],
    path: string,
    answer: HttpResponse,
    secrets: SecretValue[] = [],
  ): Error {
    return errorFromAnswer(
      { system: this.#http.name, method, path: shownPath(path), secrets },
      answer,
    );
  }

  #asked(method: string, path: string): string {
    return `${this.#http.name}: ${method} ${shownPath(path)}`;
  }
}

function shownPath(path: string): string {
  return URL.canParse(path) ? new URL(path).pathname : `/${path}`;
}

function isAt(place: URL, redirectUri: URL): boolean {
  return (
    place.origin === redirectUri.origin &&
    place.pathname === redirectUri.pathname
  );
}

function readRefusal(
  answer: HttpResponse,
): Exclude<AuthorizeProbe, { outcome: 'accepted' }> {
  const heading = /<h1[^>]*>([^<]*)<\/h1>/i.exec(answer.body)?.[1].trim();
  switch (heading) {
    case CLIENT_REFUSED:
      return { outcome: 'client-refused' };
    case REDIRECT_URI_REFUSED:
      return { outcome: 'redirect-uri-refused' };
    default:
      return { outcome: 'error', error: 'http_400' };
  }
}

/** Error codes are words of the protocol; anything else is not repeated. */
function errorOf(place: URL): string {
  const error =
    place.searchParams.get('error') ??
    new URLSearchParams(place.hash.slice(1)).get('error');
  return error !== null && /^[a-z_]{1,60}$/.test(error) ? error : 'unknown';
}
