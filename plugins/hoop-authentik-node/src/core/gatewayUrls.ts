import { parseGoUrl, parseUrl } from './goUrl';

/** Makes the gateway check access tokens with the identity provider. */
const USER_INFO = '_userinfo';

/**
 * The part of an `API_URL` that a gateway builds its redirect URI from: scheme and host as written, with their port.
 *
 * @returns `undefined` if it is no http or https URL to the gateway
 * @internal
 */
export function originOfApiUrl(apiUrl: string): string | undefined {
  const url = parseGoUrl(apiUrl);
  return url && /^https?$/.test(url.scheme)
    ? `${url.scheme}://${url.host}`
    : undefined;
}

/** The redirect URI that a gateway builds, byte for byte: authentik compares it strictly. @internal */
export function callbackOf(apiUrl: string): string | undefined {
  const origin = originOfApiUrl(apiUrl);
  return origin && `${origin}/api/callback`;
}

/** The path of an `API_URL`, which the gateway drops from its redirect URI; empty if it has none. @internal */
export function pathOfApiUrl(apiUrl: string): string {
  return parseGoUrl(apiUrl)?.path.replace(/\/+$/, '') ?? '';
}

/**
 * The issuer as the gateway rebuilds it from a setting: scheme, host and path as written, and the rest of the query, sorted.
 *
 * @param options - parameters of the query that are options of the gateway
 * @returns `undefined` if it is not a URL
 * @internal
 */
export function rebuiltIssuer(
  text: string,
  options: readonly string[] = [USER_INFO],
): string | undefined {
  const url = parseGoUrl(text);
  if (!url || !parseUrl(text)) {
    return undefined;
  }
  const left = new URLSearchParams(url.query);
  options.forEach(name => left.delete(name));
  left.sort();
  const rest = left.toString();
  return `${url.scheme}://${url.host}${url.path}${rest ? `?${rest}` : ''}`;
}

/** The issuer with the option of the gateway that another spelling of it has. @internal */
export function withUserInfoOf(issuer: string, found: string): string {
  const query = new URLSearchParams(parseGoUrl(found)?.query);
  return query.get(USER_INFO) === '1'
    ? `${issuer}${issuer.includes('?') ? '&' : '?'}${USER_INFO}=1`
    : issuer;
}
