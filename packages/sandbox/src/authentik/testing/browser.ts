import type { Reply } from '../../replay/send';
import { send } from '../../replay/send';

/**
 * A browser as far as signing in needs one: it keeps cookies and posts forms.
 *
 * @internal
 */
export class Browser {
  readonly #cookies = new Map<string, string>();

  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  get(path: string): Promise<Reply> {
    return this.#send('GET', path);
  }

  post(path: string, form: Record<string, string>): Promise<Reply> {
    return this.#send('POST', path, new URLSearchParams(form).toString());
  }

  /** Follows redirects from an authorize URL to the page with the sign-in form. */
  async toSignInPage(authorize: string): Promise<string> {
    let path = authorize;
    for (let hops = 0; !path.startsWith('/if/flow/'); hops++) {
      const reply = await this.get(path);
      if (!reply.headers.location || hops > 3) {
        throw new Error(`no sign-in page: ${reply.status} ${reply.body}`);
      }
      path = reply.headers.location;
    }
    return path;
  }

  /** Signs in for an application; returns where the browser is sent at the end. */
  async signIn(
    authorize: string,
    username: string,
    password: string,
  ): Promise<string> {
    const page = await this.toSignInPage(authorize);
    const reply = await this.post(page, { uid_field: username, password });
    const next = reply.headers.location;
    if (!next) throw new Error(`not signed in: ${reply.status}`);
    return (await this.get(next)).headers.location ?? '';
  }

  async #send(method: string, path: string, body?: string): Promise<Reply> {
    const cookie = [...this.#cookies].map(pair => pair.join('=')).join('; ');
    const reply = await send({
      url: this.url,
      method,
      path,
      headers: {
        ...this.headers,
        ...(cookie && { Cookie: cookie }),
        ...(body !== undefined && {
          'Content-Type': 'application/x-www-form-urlencoded',
        }),
      },
      body,
    });
    for (const line of reply.headers['set-cookie'] ?? []) {
      const [pair] = line.split(';');
      const equals = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    return reply;
  }
}

/**
 * A query whose blanks are written as the recorder wrote them.
 *
 * @internal
 */
export function authorizePath(query: Record<string, string>): string {
  const text = new URLSearchParams(query).toString().replace(/\+/g, '%20');
  return `/application/o/authorize/?${text}`;
}
