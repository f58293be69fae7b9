import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { HttpResponse } from '../../http';
import { apiObject } from './codec';

// Not marked internal, because the public type is inferred from it and declarations omit what is.
export const discoverySchema = apiObject({
  issuer: z.string(),
  authorizationEndpoint: z.string(),
  tokenEndpoint: z.string(),
  jwksUri: z.string(),
  idTokenSigningAlgValuesSupported: z.array(z.string()).default([]),
  scopesSupported: z.array(z.string()).default([]),
  claimsSupported: z.array(z.string()).default([]),
}).transform(
  ({
    idTokenSigningAlgValuesSupported,
    scopesSupported,
    claimsSupported,
    ...endpoints
  }) => ({
    ...endpoints,
    idTokenSigningAlgorithms: idTokenSigningAlgValuesSupported,
    scopes: scopesSupported,
    claims: claimsSupported,
  }),
);

const keySchema = z
  .object({
    kid: z.string().optional(),
    alg: z.string().optional(),
    kty: z.string().optional(),
    /** `sig` or `enc`; absent if it is for either. */
    use: z.string().optional(),
    x5c: z.array(z.string()).optional(),
  })
  .transform(({ x5c, ...key }) => {
    const expiry = expiryOf(x5c?.[0]);
    const dated: {
      /** When its certificate expires, if one is published with it: ISO 8601. */
      expiry?: string;
    } = expiry === undefined ? {} : { expiry };
    return { ...key, ...dated };
  });

/**
 * A provider without a signing key publishes `{}`.
 *
 * @internal
 */
export const jwksSchema = z
  .object({ keys: z.array(keySchema).default([]) })
  .transform(({ keys }) => keys);

/**
 * The discovery document, as far as the gateway and the checks use it.
 *
 * @alpha
 */
export type DiscoveryDocument = z.infer<typeof discoverySchema>;

/**
 * A key as published for verifying tokens.
 *
 * @alpha
 */
export type PublishedKey = z.infer<typeof keySchema>;

/**
 * The answer to an authorize request without a session and with `prompt=none`: `accepted` if client and redirect URI are
 * right, otherwise what authentik objects to.
 *
 * @alpha
 */
export type AuthorizeProbe =
  | { outcome: 'accepted' }
  | { outcome: 'client-refused' | 'redirect-uri-refused' }
  | { outcome: 'error'; error: string };

/**
 * Where the URL that `hoop login` opens leads a user who is not signed in: to authentik's login page, to a page that
 * says there is no flow to sign in with, back to the client with an error, or elsewhere (`place`, without query).
 *
 * @alpha
 */
export type LoginPageProbe =
  | { outcome: 'login-page' | 'no-login-page' }
  | { outcome: 'client-refused' | 'redirect-uri-refused' }
  | { outcome: 'error'; error: string }
  | { outcome: 'elsewhere'; place: string };

/** An unreadable certificate does not matter: the gateway reads the key alone. */
function expiryOf(certificate: string | undefined): string | undefined {
  if (certificate === undefined) {
    return undefined;
  }
  try {
    const { validTo } = new X509Certificate(Buffer.from(certificate, 'base64'));
    return new Date(validTo).toISOString();
  } catch {
    return undefined;
  }
}

/** Headings of the pages with which authentik refuses a request that it cannot send back to the client. */
const CLIENT_REFUSED = 'Client ID Error';
const REDIRECT_URI_REFUSED = 'Redirect URI Error';

/** Reads the page (400) that refuses an authorize request. @internal */
export function readRefusal(
  answer: HttpResponse,
): Exclude<AuthorizeProbe, { outcome: 'accepted' }> {
  const heading = /<h1[^>]*>([^<]*)<\/h1>/i
    .exec(answer.body.read())?.[1]
    .trim();
  switch (heading) {
    case CLIENT_REFUSED:
      return { outcome: 'client-refused' };
    case REDIRECT_URI_REFUSED:
      return { outcome: 'redirect-uri-refused' };
    default:
      return { outcome: 'error', error: 'http_400' };
  }
}

/**
 * Reads the redirect that answers a `prompt=none` request: one back to the client carries the verdict, one to a login
 * page means no objection. `undefined` for any other.
 *
 * @internal
 */
export function readVerdict(
  answer: HttpResponse,
  base: URL,
  redirectUri: URL,
): AuthorizeProbe | undefined {
  const place = placeOf(answer, base);
  if (place && isAt(place, redirectUri)) {
    const error = errorOf(place);
    return error === 'login_required'
      ? { outcome: 'accepted' }
      : { outcome: 'error', error };
  }
  return place && isFlowPage(place, base) ? { outcome: 'accepted' } : undefined;
}

/**
 * Reads the redirect of a sign-in. Only a page of this authentik's flows is its login page; a proxy in front of it has
 * its own.
 *
 * @internal
 */
export function readWayToLogin(
  answer: HttpResponse,
  base: URL,
  redirectUri: string | null,
): LoginPageProbe {
  const place = placeOf(answer, base);
  if (place && isFlowPage(place, base)) {
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
    place: place ? answer.showPlace() : 'no URL',
  };
}

/** Whether two URLs agree in origin and path. @internal */
export function isAt(place: URL, other: URL): boolean {
  return place.origin === other.origin && place.pathname === other.pathname;
}

function placeOf(answer: HttpResponse, base: URL): URL | undefined {
  const location = answer.header('location')?.read() ?? '';
  return URL.canParse(location, base) ? new URL(location, base) : undefined;
}

function isFlowPage({ origin, pathname }: URL, base: URL): boolean {
  return origin === base.origin && /\/(if\/flow|flows)\//.test(pathname);
}

/** Error codes are words of the protocol; anything else is not repeated. */
function errorOf(place: URL): string {
  const error =
    place.searchParams.get('error') ??
    new URLSearchParams(place.hash.slice(1)).get('error');
  return error !== null && /^[a-z_]{1,60}$/.test(error) ? error : 'unknown';
}
