import { randomBytes } from 'node:crypto';
import {
  InputError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  failureOf,
  takeApartRemedy,
  type CallOptions,
  type SecretValue,
} from '../../core';
import {
  connectionTo,
  decodeAnswer,
  HttpClient,
  type HttpRequest,
  type HttpResponse,
} from '../../http';
import { AuthentikServerError, errorFromAnswer, withCause } from './errors';
import { describeInstance, type InstanceOptions, segment } from './names';
import {
  type AuthorizeProbe,
  type DiscoveryDocument,
  discoverySchema,
  isAt,
  jwksSchema,
  type LoginPageProbe,
  type PublishedKey,
  readRefusal,
  readVerdict,
  readWayToLogin,
} from './oidc';

const MOUNT = 'application/o/';

/**
 * authentik as an OpenID provider, seen from outside: without a token, and without side effects other than the one named.
 *
 * @alpha
 */
export interface OidcProbes {
  /** `undefined` if there is no such application or it has no OAuth2 provider (404). */
  getDiscovery(
    slug: string,
    options?: CallOptions,
  ): Promise<DiscoveryDocument | undefined>;
  /** The published keys; empty without a signing key. */
  getKeys(jwksUri: string, options?: CallOptions): Promise<PublishedKey[]>;
  /**
   * Must not be called for a provider without redirect URIs: older servers adopt the first one that is requested.
   */
  probeAuthorize(
    request: { clientId: string; redirectUri: string; scopes: string[] },
    options?: CallOptions,
  ): Promise<AuthorizeProbe>;
  /**
   * Opens the URL of a sign-in as a browser does, up to the login page; authentik starts a session that stays unused.
   * Like `probeAuthorize`, not for a provider without redirect URIs.
   *
   * @param url - of this instance's authorize endpoint; no other URL is requested
   * @throws InputError when the URL is another one
   */
  probeLoginPage(url: string, options?: CallOptions): Promise<LoginPageProbe>;
  /** Whether authentik accepts the secret, tested by revoking a token that does not exist (RFC 7009). */
  probeClientSecret(
    request: { clientId: string; clientSecret: SecretValue },
    options?: CallOptions,
  ): Promise<boolean>;
}

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
      ...connectionTo(options),
      // Only their headings distinguish the pages that refuse a request.
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
    const answer = await this.#getPublished(path, options);
    if (answer.status === 404) {
      return undefined;
    }
    this.#expectPublished(path, answer);
    return decodeAnswer(this.#asked('GET', path), answer, discoverySchema);
  }

  async getKeys(
    jwksUri: string,
    options?: CallOptions,
  ): Promise<PublishedKey[]> {
    const path = this.#pathOf(jwksUri);
    const answer = await this.#getPublished(path, options);
    this.#expectPublished(path, answer);
    return decodeAnswer(this.#asked('GET', path), answer, jwksSchema);
  }

  async probeAuthorize(
    request: { clientId: string; redirectUri: string; scopes: string[] },
    options?: CallOptions,
  ): Promise<AuthorizeProbe> {
    if (!URL.canParse(request.redirectUri)) {
      throw new InputError('The redirect URI to probe is not a URL');
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
      lane: options?.lane,
    });
    const { status } = answer;
    if (status === 400) {
      return readRefusal(answer);
    }
    if (status === 200 || status === 404) {
      // 200 is a page that denies access, 404 the lack of an authentication flow.
      return { outcome: 'error', error: `http_${status}` };
    }
    const verdict =
      status >= 300 && status < 400
        ? readVerdict(answer, this.#base, new URL(request.redirectUri))
        : undefined;
    if (!verdict) {
      throw this.#unexpected('GET', path, answer);
    }
    return verdict;
  }

  async probeLoginPage(
    url: string,
    options?: CallOptions,
  ): Promise<LoginPageProbe> {
    const asked = URL.canParse(url) ? new URL(url) : undefined;
    const endpoint = new URL(`${MOUNT}authorize/`, this.#base);
    if (!asked || !isAt(asked, endpoint)) {
      throw new InputError(
        `The sign-in URL is not ${endpoint.href}, and no other URL is requested`,
      );
    }
    const answer = await this.#http.request({
      method: 'GET',
      // Anything else in the URL, such as a name and a password, is dropped.
      path: `${endpoint.href}${asked.search}`,
      headers: { accept: 'text/html' },
      signal: options?.signal,
      lane: options?.lane,
    });
    const { status } = answer;
    if (status >= 300 && status < 400) {
      return readWayToLogin(
        answer,
        this.#base,
        asked.searchParams.get('redirect_uri'),
      );
    }
    switch (status) {
      case 400:
        return readRefusal(answer);
      case 404:
        return { outcome: 'no-login-page' };
      case 200:
        // A page that denies access.
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
      lane: options?.lane,
    });
    // Both are JSON of authentik; a page would be a proxy's.
    const isAuthentik = answer.json() !== undefined;
    if (answer.status === 200 && isAuthentik) {
      return true;
    }
    if (answer.status === 401 && isAuthentik) {
      return false;
    }
    throw this.#unexpected('POST', path, answer, [request.clientSecret]);
  }

  /**
   * authentik accepts any signing key and then fails to publish one that is neither RSA nor EC. The answer does not say
   * whether that is the cause.
   */
  #expectPublished(path: string, answer: HttpResponse): void {
    if (answer.status === 500) {
      throw withCause(
        new AuthentikServerError(
          `${this.#asked('GET', path)} (500): server error, ` +
            'from an outage or a signing key that is neither RSA nor EC',
        ),
        'HTTP 500',
      );
    }
    if (answer.status !== 200) {
      throw this.#unexpected('GET', path, answer);
    }
  }

  /** What gateways load when they start, for as long as it takes. */
  async #getPublished(path: string, options: CallOptions | undefined) {
    try {
      return await this.#get(path, options);
    } catch (error) {
      if (isError(error) && failureOf(error)?.code === 'TimeoutError') {
        const { fact, remedy = '' } = takeApartRemedy(error);
        error.message = `${fact} A gateway waits for it without a limit when it starts, and opens no port until then. ${remedy}`;
      }
      throw error;
    }
  }

  #get(path: string, options: CallOptions | undefined) {
    return this.#http.request({
      method: 'GET',
      path,
      headers: { accept: 'application/json' },
      signal: options?.signal,
      lane: options?.lane,
    });
  }

  /** The path of a URL of this instance; no other origin is requested, wherever a document may point. */
  #pathOf(uri: string): string {
    const target = URL.canParse(uri) ? new URL(uri) : undefined;
    if (target?.origin !== this.#base.origin) {
      throw new ServiceUnavailableError(
        `${this.#http.name}: the discovery document places the keys at ${
          target?.origin ?? 'no URL'
        }, not at this instance; the proxy in front of authentik must forward Host and X-Forwarded-Proto`,
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
