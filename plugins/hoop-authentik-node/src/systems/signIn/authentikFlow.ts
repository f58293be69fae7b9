import { z } from 'zod';
import type { CallOptions, SecretValue } from '../../core';
import type { HttpClient, HttpResponse } from '../../http';

/** Who signs in. @public */
export interface Account {
  username: string;
  password: SecretValue;
}

const challengeSchema = z.object({
  component: z.string(),
  to: z.string().optional(),
  token: z.string().optional(),
  password_fields: z.boolean().optional(),
  error_message: z.string().nullish(),
  response_errors: z.record(z.string(), z.unknown()).nullish(),
});

/** The reaction to a challenge of authentik's flow executor. @internal */
export type ChallengeAnswer =
  | { post: object }
  | { to: string }
  | { refused: string }
  | { unsupported: string };

/**
 * Answers a challenge with a test account; pure. `undefined` if the body is not a challenge.
 *
 * @internal
 */
export function answerChallenge(
  body: unknown,
  account: Account,
): ChallengeAnswer | undefined {
  const parsed = challengeSchema.safeParse(body);
  if (!parsed.success) {
    return undefined;
  }
  const { component, to, token, ...challenge } = parsed.data;
  if (Object.keys(challenge.response_errors ?? {}).length > 0) {
    // The server's own text is dropped, because it may repeat what was sent.
    return {
      refused:
        component === 'ak-stage-password' ||
        component === 'ak-stage-identification'
          ? 'username or password rejected'
          : `the answer to ${component} was rejected`,
    };
  }
  switch (component) {
    case 'xak-flow-redirect':
      return to === undefined ? undefined : { to };
    case 'ak-stage-identification':
      return {
        post: {
          component,
          uid_field: account.username,
          ...(challenge.password_fields
            ? { password: account.password.reveal() }
            : {}),
        },
      };
    case 'ak-stage-password':
      return { post: { component, password: account.password.reveal() } };
    case 'ak-stage-consent':
      return { post: { component, token: token ?? '' } };
    case 'ak-stage-user-login':
      return { post: { component, remember_me: false } };
    case 'ak-stage-access-denied':
      return { refused: 'access denied' };
    default:
      return { unsupported: stageName(component) };
  }
}

/** Only names of the usual form are repeated. */
function stageName(component: string): string {
  return /^[a-z0-9-]{1,60}$/.test(component) ? component : 'an unknown stage';
}

/** The cookie that Django compares with a header of every POST. */
const CSRF_COOKIE = 'authentik_csrf';

/**
 * A browser's session with authentik: it keeps cookies and returns redirects to the caller.
 *
 * @internal
 */
export class Browser {
  readonly #http: HttpClient;
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();
  readonly #options: CallOptions;

  constructor(http: HttpClient, baseUrl: string, options: CallOptions = {}) {
    this.#http = http;
    this.#origin = new URL(baseUrl).origin;
    this.#options = options;
  }

  async get(url: URL, accept: string): Promise<HttpResponse> {
    return this.#send('GET', url, { accept });
  }

  async post(url: URL, body: object): Promise<HttpResponse> {
    const csrf = this.#cookies.get(CSRF_COOKIE);
    return this.#send(
      'POST',
      url,
      {
        accept: 'application/json',
        'content-type': 'application/json',
        // Django requires its protection against cross-site requests from every session.
        referer: `${this.#origin}/`,
        ...(csrf ? { 'x-authentik-csrf': csrf } : {}),
      },
      JSON.stringify(body),
    );
  }

  async #send(
    method: 'GET' | 'POST',
    url: URL,
    headers: Record<string, string>,
    body?: string,
  ): Promise<HttpResponse> {
    const answer = await this.#http.request({
      method,
      path: url.href,
      headers: {
        ...headers,
        'accept-language': 'en',
        cookie: [...this.#cookies]
          .map(([name, value]) => `${name}=${value}`)
          .join('; '),
      },
      body,
      signal: this.#options.signal,
      lane: this.#options.lane,
    });
    for (const cookie of answer.cookies) {
      const [pair] = cookie.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1));
    }
    return answer;
  }
}
