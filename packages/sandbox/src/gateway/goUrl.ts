/**
 * The gateway is written in Go; its boot messages quote Go's URL parser, which is stricter than WHATWG's.
 * @internal
 */
export class GoUrlError extends Error {}

/** The pieces of a URL the gateway rebuilds its settings from. @internal */
export interface GoUrl {
  scheme: string;
  userinfo: { username: string; password: string } | undefined;
  /** Host and port. */
  host: string;
  hostname: string;
  path: string;
  query: URLSearchParams;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function fail(text: string, reason: string): never {
  throw new GoUrlError(`parse ${quote(text)}: ${reason}`);
}

function hasControlCharacter(text: string): boolean {
  return [...text].some(character => {
    const code = character.charCodeAt(0);
    return code < 0x20 || code === 0x7f;
  });
}

function decodeUserinfo(text: string, whole: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return fail(whole, 'invalid URL escape');
  }
}

/** Parses as net/url does, as far as the settings of the gateway can tell the difference. @internal */
export function parseGoUrl(text: string): GoUrl {
  if (hasControlCharacter(text)) {
    fail(text, 'net/url: invalid control character in URL');
  }
  const [withoutFragment] = text.split('#');
  const queryStart = withoutFragment.indexOf('?');
  const address =
    queryStart === -1 ? withoutFragment : withoutFragment.slice(0, queryStart);
  const query = new URLSearchParams(
    queryStart === -1 ? '' : withoutFragment.slice(queryStart + 1),
  );
  const schemeMatch = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$/s.exec(address);
  if (address.startsWith(':')) {
    fail(text, 'missing protocol scheme');
  }
  const scheme = schemeMatch ? schemeMatch[1].toLowerCase() : '';
  const rest = schemeMatch ? schemeMatch[2] : address;
  if (!schemeMatch && rest.split('/')[0].includes(':')) {
    fail(text, 'first path segment in URL cannot contain colon');
  }
  if (!rest.startsWith('//')) {
    return {
      scheme,
      userinfo: undefined,
      host: '',
      hostname: '',
      path: rest,
      query,
    };
  }
  const pathStart = rest.indexOf('/', 2);
  const authority = pathStart === -1 ? rest.slice(2) : rest.slice(2, pathStart);
  const path = pathStart === -1 ? '' : rest.slice(pathStart);
  const [brokenEscape] = /%(?![0-9a-f]{2}).{0,2}/i.exec(path) ?? [];
  if (brokenEscape) {
    fail(text, `invalid URL escape ${quote(brokenEscape)}`);
  }
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  if (/\s/.test(host)) {
    fail(text, 'invalid character " " in host name');
  }
  const port = /:([^\]:]*)$/.exec(host);
  if (port && !/^\d*$/.test(port[1])) {
    fail(text, `invalid port ${quote(`:${port[1]}`)} after host`);
  }
  const [username, ...password] = authority
    .slice(0, Math.max(at, 0))
    .split(':');
  return {
    scheme,
    userinfo:
      at === -1
        ? undefined
        : {
            username: decodeUserinfo(username, text),
            password: decodeUserinfo(password.join(':'), text),
          },
    host,
    hostname: host.replace(/:\d*$/, ''),
    path: path.replace(/ /g, '%20'),
    query,
  };
}
