import { ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';
import { type CallOptions, failureKindOf, withFailure } from '../../core';
import {
  type ConnectionOptions,
  connectionTo,
  HttpClient,
  type HttpResponse,
} from '../../http';
import { type Account, answerChallenge, Browser } from './authentikFlow';
import type { SignInProof, TestSignIn } from './types';

const loginSchema = z.object({ login_url: z.string() });
const userSchema = z.object({
  groups: z.array(z.string()).nullish(),
  is_admin: z.boolean().optional(),
});

/** The most challenges or redirects of a sign-in, which ends a loop. */
const MOST_STEPS = 30;

/** How one system is reached. */
interface Reached extends ConnectionOptions {
  name: string;
  url: string;
}

type Refused = Exclude<SignInProof, { outcome: 'signed-in' }>;

/**
 * {@link TestSignIn} over HTTP: authentik's flow executor, as its login page uses it, and the gateway's callback.
 *
 * @public
 */
export class DefaultTestSignIn implements TestSignIn {
  readonly #account: Account;
  readonly #authentikUrl: string;
  readonly #gatewayUrl: string;
  readonly #authentik: HttpClient;
  readonly #gateway: HttpClient;

  static create(options: {
    authentik: Reached;
    gateway: Reached;
    account: Account;
  }): DefaultTestSignIn {
    return new DefaultTestSignIn(options);
  }

  private constructor(options: {
    authentik: Reached;
    gateway: Reached;
    account: Account;
  }) {
    const { authentik, gateway, account } = options;
    this.#account = account;
    this.#authentikUrl = authentik.url;
    this.#gatewayUrl = gateway.url;
    this.#authentik = clientOf('authentik', authentik);
    this.#gateway = clientOf('gateway', gateway);
  }

  async signIn(options: CallOptions = {}): Promise<SignInProof> {
    const start = await this.#ask('/api/login', {}, options);
    const login = loginSchema.safeParse(start.json());
    if (!login.success || !URL.canParse(login.data.login_url)) {
      throw this.#unexpected(this.#gateway, '/api/login', start);
    }
    const callback = await this.#throughAuthentik(
      new URL(login.data.login_url),
      options,
    );
    return callback instanceof URL
      ? this.#throughGateway(callback, options)
      : callback;
  }

  /** Closes the pooled connections after their requests end. */
  async close(): Promise<void> {
    await Promise.all([this.#authentik.close(), this.#gateway.close()]);
  }

  /** From the login URL to the gateway's URL to which authentik redirects the browser. */
  async #throughAuthentik(
    loginUrl: URL,
    options: CallOptions,
  ): Promise<URL | Refused> {
    const browser = new Browser(this.#authentik, this.#authentikUrl, options);
    const { origin } = new URL(this.#authentikUrl);
    let url = loginUrl;
    for (let step = 0; step < MOST_STEPS; step++) {
      if (url.origin === new URL(this.#gatewayUrl).origin) {
        return url;
      }
      if (url.origin !== origin) {
        return refused(
          'authentik',
          `it redirects to another host, ${url.host}`,
        );
      }
      const slug = /\/if\/flow\/([^/]+)\/$/.exec(url.pathname)?.[1];
      if (slug) {
        const next = await this.#throughFlow(browser, slug, url);
        if (!(next instanceof URL)) {
          return next;
        }
        url = next;
        continue;
      }
      const answer = await browser.get(url, 'text/html');
      const location = answer.header('location')?.read();
      if (!location || !URL.canParse(location, url)) {
        return answer.status < 500
          ? refused(
              'authentik',
              `${url.pathname} answers ${answer.status} with a page, as it does for users without access`,
            )
          : Promise.reject(
              this.#unexpected(this.#authentik, url.pathname, answer),
            );
      }
      url = new URL(location, url);
    }
    return refused('authentik', 'the sign-in redirects in a loop');
  }

  /** Answers the challenges of one flow until the redirect that ends it. */
  async #throughFlow(
    browser: Browser,
    slug: string,
    page: URL,
  ): Promise<URL | Refused> {
    const path = `api/v3/flows/executor/${slug}/`;
    const executor = new URL(path, `${this.#authentikUrl}/`);
    executor.searchParams.set('query', page.search.slice(1));
    let answer = await browser.get(executor, 'application/json');
    for (let step = 0; step < MOST_STEPS; step++) {
      if (answer.status >= 300 && answer.status < 400) {
        answer = await browser.get(executor, 'application/json');
        continue;
      }
      const reaction = answerChallenge(answer.json(), this.#account);
      if (!reaction) {
        throw this.#unexpected(this.#authentik, `/${path}`, answer);
      }
      if ('to' in reaction) {
        return new URL(reaction.to, page);
      }
      if ('refused' in reaction) {
        return refused('authentik', reaction.refused);
      }
      if ('unsupported' in reaction) {
        return { outcome: 'unsupported', stage: reaction.unsupported };
      }
      answer = await browser.post(executor, reaction.post);
    }
    return refused('authentik', 'its flow repeats the same challenge');
  }

  /** The gateway redeems the code and returns a token, which then reads its own user. */
  async #throughGateway(
    callback: URL,
    options: CallOptions,
  ): Promise<SignInProof> {
    const answer = await this.#ask(
      callback.pathname,
      Object.fromEntries(callback.searchParams),
      options,
    );
    const location = answer.header('location')?.read();
    const token =
      location && URL.canParse(location)
        ? new URL(location).searchParams.get('token')
        : undefined;
    if (!token) {
      return refused(
        'gateway',
        location
          ? 'its callback ends in an error; check its log'
          : `its callback answers ${answer.status} without a token; check its log`,
      );
    }
    const path = '/api/userinfo';
    const info = await this.#ask(path, {}, options, {
      authorization: `Bearer ${token}`,
    });
    if (info.status === 401 || info.status === 403) {
      return refused('gateway', 'it rejects the token it issued');
    }
    const user = userSchema.safeParse(info.json());
    if (info.status !== 200 || !user.success) {
      throw this.#unexpected(this.#gateway, path, info);
    }
    return {
      outcome: 'signed-in',
      groups: user.data.groups ?? [],
      isAdmin: user.data.is_admin ?? false,
    };
  }

  #ask(
    path: string,
    query: Record<string, string>,
    options: CallOptions,
    headers: Record<string, string> = {},
  ): Promise<HttpResponse> {
    return this.#gateway.request({
      method: 'GET',
      path,
      query,
      headers: { accept: 'application/json', ...headers },
      signal: options.signal,
      lane: options.lane,
    });
  }

  #unexpected(http: HttpClient, path: string, answer: HttpResponse): Error {
    return withFailure(
      new ServiceUnavailableError(
        `${
          http.name
        }: GET ${path}: expected a sign-in response, found ${answer.describe()}`,
      ),
      {
        kind: failureKindOf(answer.status),
        status: answer.status,
        system: http === this.#gateway ? 'gateway' : 'authentik',
      },
    );
  }
}

function clientOf(
  system: 'authentik' | 'gateway',
  { name, url, ...connection }: Reached,
): HttpClient {
  return new HttpClient({
    name: `${
      system === 'authentik' ? 'authentik instance' : system
    } "${name}" (${url})`,
    baseUrl: url,
    system,
    ...connectionTo(connection),
    // A callback redeems its code once, so a retry would fail.
    attempts: 1,
  });
}

function refused(by: 'authentik' | 'gateway', reason: string): Refused {
  return { outcome: 'refused', by, reason };
}
