import type { CallOptions } from '../../core';
import type { HttpClient, HttpResponse } from '../../http';

/** The cookie that Django compares with the header of a POST. */
const CSRF_COOKIE = 'authentik_csrf';

/**
 * A session with authentik as a browser has it: cookies kept, redirects shown to the caller.
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
        // What protects a browser's session from other sites is asked of every session.
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
    });
    for (const cookie of answer.cookies ?? []) {
      const [pair] = cookie.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1));
    }
    return answer;
  }
}
