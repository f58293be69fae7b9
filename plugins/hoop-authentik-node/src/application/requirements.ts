import { InputError } from '@backstage/errors';
import { callbackOf } from '../core';
import type {
  AuthentikKeyPair,
  AuthentikProvider,
  AuthentikRedirectUri,
} from '../systems/authentik/types';

export { OAUTH2_PROVIDER_MODEL } from '../systems/authentik';

/** Flows that authentik's default blueprints create, the guide's choice. @internal */
export const DEFAULT_AUTHORIZATION_FLOW =
  'default-provider-authorization-implicit-consent';
/** @internal */
export const DEFAULT_INVALIDATION_FLOW = 'default-provider-invalidation-flow';

/**
 * Scopes the gateway always requests; without their mappings authentik omits groups, name and email address.
 *
 * @alpha
 */
export const REQUIRED_SCOPES = ['openid', 'email', 'profile'] as const;

/**
 * Sent to every server: from 2026.5 a provider without them refuses every login, older servers ignore the key.
 *
 * @alpha
 */
export const REQUIRED_GRANT_TYPES = [
  'authorization_code',
  'refresh_token',
] as const;

/**
 * The gateway's callback as it builds it from its API_URL, byte for byte.
 *
 * @throws InputError if it is no http or https URL to the gateway
 * @alpha
 */
export function redirectUriOf(gatewayUrl: string): string {
  const callback = callbackOf(gatewayUrl);
  if (callback === undefined) {
    throw new InputError(
      'Expected the URL of a gateway, such as https://hoop.company; found something else',
    );
  }
  return callback;
}

/**
 * The issuer authentik gives in `per_provider` mode. The gateway compares it byte for byte with the discovery document,
 * the trailing slash included.
 *
 * @alpha
 */
export function issuerOf(authentikBaseUrl: string, slug: string): string {
  return `${authentikBaseUrl}/application/o/${slug}/`;
}

/** The application's page in authentik's admin interface. @internal */
export function adminUrlOf(authentikBaseUrl: string, slug: string): string {
  return `${authentikBaseUrl}/if/admin/#/core/applications/${slug}`;
}

/** Whether a provider's redirect URI is exactly the expected one, for sign-ins and not a pattern. @internal */
export function isStrictRedirectUri(
  uri: AuthentikRedirectUri,
  expected: string,
): boolean {
  return (
    uri.matchingMode === 'strict' &&
    uri.url === expected &&
    uri.redirectUriType === 'authorization'
  );
}

/** Whether a provider returns people who sign in to a gateway's callback. @alpha */
export function leadsTo(
  { redirectUris }: Pick<AuthentikProvider, 'redirectUris'>,
  redirectUri: string,
): boolean {
  return redirectUris.some(uri => isStrictRedirectUri(uri, redirectUri));
}

/**
 * Whose a redirect URI is: `own` leads to the gateway's host; `anyone` is a pattern that names no host; `foreign` is
 * everything else.
 *
 * @internal
 */
export function whoseRedirectUri(
  { matchingMode, url }: AuthentikRedirectUri,
  redirectUri: string,
): 'own' | 'anyone' | 'foreign' {
  const { host } = new URL(redirectUri);
  if (matchingMode === 'strict') {
    return URL.canParse(url) && new URL(url).host === host ? 'own' : 'foreign';
  }
  // A pattern is read and not run: one of another system may take forever.
  const text = url
    .replaceAll('\\', '')
    .replace(/^\^/, '')
    .replace(/^https?\??:\/\//, '');
  if (/^\.[*+]\$?$/.test(text)) {
    return 'anyone';
  }
  return text.startsWith(`${host}/`) && !text.includes('|') ? 'own' : 'foreign';
}

/**
 * Key types whose public part authentik can publish as JWK and the gateway can verify with; an Ed25519 key makes
 * authentik's discovery fail.
 */
const USABLE_KEY_TYPES = ['rsa', 'ec'];

/**
 * The type of a key that authentik cannot publish; `undefined` where it can, or does not state the type.
 *
 * @internal
 */
export function unusableKeyType({
  keyType,
}: Pick<AuthentikKeyPair, 'keyType'>): string | undefined {
  return keyType && !USABLE_KEY_TYPES.includes(keyType) ? keyType : undefined;
}

/**
 * Why a certificate cannot sign the gateway's tokens, or `undefined` when it can.
 *
 * @internal
 */
export function keyPairObjection(
  keyPair: AuthentikKeyPair,
  now: Date,
): string | undefined {
  if (!keyPair.privateKeyAvailable) {
    return 'it has no private key';
  }
  const keyType = unusableKeyType(keyPair);
  if (keyType) {
    return `its key is ${keyType}, and only RSA and EC keys can be used`;
  }
  if (keyPair.expiry && Date.parse(keyPair.expiry) <= now.getTime()) {
    return `it expired on ${keyPair.expiry.slice(0, 10)}`;
  }
  return undefined;
}
