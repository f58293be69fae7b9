/**
 * A browser reduced to what signing in needs: cookies, redirects and HTML forms.
 */

/**
 * How a sign-in ended.
 * @public
 */
export interface SignInResult {
  /** The address outside the two systems that the last redirect points to, or the page where the sign-in got stuck. */
  finalUrl: string;
  /** Access token handed to the client, when the gateway let the user in. */
  token: string | undefined;
  error: string | undefined;
  /** Every address visited, in order. */
  visited: string[];
  /** Status and text of the last page, when it was no redirect. */
  stuckOn: { status: number; text: string } | undefined;
}

class CookieJar {
  private readonly cookies = new Map<string, string>();

  store(url: string, response: Response): void {
    for (const header of response.headers.getSetCookie()) {
      const [pair] = header.split(';');
      const separator = pair.indexOf('=');
      const key = `${new URL(url).host} ${pair.slice(0, separator)}`;
      this.cookies.set(key, pair.slice(separator + 1));
    }
  }

  headerFor(url: string): string {
    const { host } = new URL(url);
    return [...this.cookies]
      .filter(([key]) => key.startsWith(`${host} `))
      .map(([key, value]) => `${key.slice(host.length + 1)}=${value}`)
      .join('; ');
  }
}

function unescapeHtml(text: string): string {
  return text
    .replace(/&quot;/g, '"')
    .replace(/&#39;|&#x27;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

function attribute(tag: string, name: string): string | undefined {
  const match = new RegExp(`\\b${name}="([^"]*)"`).exec(tag);
  return match ? unescapeHtml(match[1]) : undefined;
}

/** The first form of a page, filled in. */
function fillForm(
  html: string,
  values: Record<string, string>,
): { action: string; body: URLSearchParams } | undefined {
  const form = /<form\b[^>]*>[\s\S]*?<\/form>/.exec(html)?.[0];
  if (!form) {
    return undefined;
  }
  const body = new URLSearchParams();
  for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
    const name = attribute(tag, 'name');
    if (name) {
      body.set(name, values[name] ?? attribute(tag, 'value') ?? '');
    }
  }
  return { action: attribute(form, 'action') ?? '', body };
}

/**
 * Signs a user in as `hoop login` and a browser do together: starts at a login URL, fills in the forms it meets and stops
 * at the first address that belongs to neither of the given origins.
 * @public
 */
export async function signIn(options: {
  loginUrl: string;
  username: string;
  password: string;
  /** Origins the browser may visit; the redirect to the command line client leads elsewhere. */
  origins: string[];
}): Promise<SignInResult> {
  const jar = new CookieJar();
  const visited: string[] = [];
  let url = options.loginUrl;
  let body: URLSearchParams | undefined;
  let stuckOn: SignInResult['stuckOn'];
  for (let step = 0; step < 15; step += 1) {
    if (!options.origins.includes(new URL(url).origin)) {
      break;
    }
    visited.push(url);
    const response: Response = await fetch(url, {
      method: body ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: jar.headerFor(url), accept: 'text/html' },
      ...(body ? { body } : {}),
    });
    jar.store(url, response);
    const location = response.headers.get('location');
    const text = await response.text();
    if (location) {
      url = new URL(location, url).toString();
      body = undefined;
      continue;
    }
    const wasPost = body !== undefined;
    const form = fillForm(text, {
      uid_field: options.username,
      password: options.password,
    });
    // The same form again means that the credentials were refused.
    if (!form || (wasPost && form.body.has('password'))) {
      stuckOn = { status: response.status, text };
      break;
    }
    url = new URL(form.action, url).toString();
    body = form.body;
  }
  const { searchParams } = new URL(url);
  return {
    finalUrl: url,
    token: stuckOn ? undefined : searchParams.get('token') ?? undefined,
    error: searchParams.get('error') ?? undefined,
    visited,
    stuckOn,
  };
}
