import { createLocalJWKSet, JSONWebKeySet } from 'jose';
import { OidcOptions } from './configuration';
import { recordAt } from './routes/body';

/** Marks the gateway's own requests in the record of requests the sandbox keeps. @internal */
export const gatewayOriginHeader = 'x-sandbox-from';

/** Loading discovery or keys failed; the message is the one the gateway logs. @internal */
export class ProviderError extends Error {}

/** @internal */
export interface DiscoveryDocument {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  userinfo_endpoint: string;
  jwks_uri: string;
  id_token_signing_alg_values_supported: string[];
}

/** A provider ready to sign people in. @internal */
export interface LoadedProvider {
  options: OidcOptions;
  discovery: DiscoveryDocument;
  keys: ReturnType<typeof createLocalJWKSet>;
  /** Asymmetric algorithms only: HS256 never verifies. */
  algorithms: string[];
}

const asymmetric = /^(RS|PS|ES)(256|384|512)$|^EdDSA$/;

/** The code sits in the cause of the error of fetch; Go words a failed request differently from Node. */
function dialFailure(url: string, error: unknown): string {
  const code = String(recordAt(recordAt(error).cause).code ?? '');
  const { hostname, host } = new URL(url);
  let reason = 'EOF';
  // A few ports are closed to the fetch of Node, whoever listens there.
  const isClosed = recordAt(recordAt(error).cause).message === 'bad port';
  if (code === 'ECONNREFUSED' || isClosed) {
    reason = `dial tcp ${host}: connect: connection refused`;
  } else if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    reason = `dial tcp: lookup ${hostname}: no such host`;
  } else if (/WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(code)) {
    reason = 'http: server gave HTTP response to HTTPS client';
  } else if (/CERT|SIGNATURE|SELF_SIGNED|ISSUER/.test(code)) {
    reason =
      'tls: failed to verify certificate: x509: certificate signed by unknown authority';
  } else if (code === 'ECONNRESET') {
    reason = 'read: connection reset by peer';
  }
  return `Get ${JSON.stringify(url)}: ${reason}`;
}

/** @internal */
export async function gatewayFetch(
  url: string,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(url, {
    ...init,
    headers: { ...init.headers, [gatewayOriginHeader]: 'gateway' },
  });
}

async function get(url: string): Promise<Response> {
  if (url.startsWith(':')) {
    throw new ProviderError(
      `parse ${JSON.stringify(url)}: missing protocol scheme`,
    );
  }
  if (!URL.canParse(url)) {
    throw new ProviderError(
      `Get ${JSON.stringify(url)}: unsupported protocol scheme ""`,
    );
  }
  try {
    return await gatewayFetch(url);
  } catch (error) {
    throw new ProviderError(dialFailure(url, error));
  }
}

async function discover(issuer: string): Promise<DiscoveryDocument> {
  const response = await get(
    `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
  );
  const body = await response.text();
  if (response.status !== 200) {
    throw new ProviderError(
      `${response.status} ${response.statusText}: ${body}`,
    );
  }
  let document: DiscoveryDocument;
  try {
    document = JSON.parse(body);
  } catch {
    const type = response.headers.get('content-type') ?? '';
    const detail = unreadable(body);
    throw new ProviderError(
      `oidc: failed to decode provider discovery object: ${
        type.split(';')[0] === 'application/json'
          ? `got Content-Type = application/json, but could not unmarshal as JSON: ${detail}`
          : `expected Content-Type = application/json, got ${JSON.stringify(
              type,
            )}: ${detail}`
      }`,
    );
  }
  if (document.issuer !== issuer) {
    throw new ProviderError(
      `oidc: issuer did not match the issuer returned by provider, expected ${JSON.stringify(
        issuer,
      )} got ${JSON.stringify(document.issuer ?? '')}`,
    );
  }
  return document;
}

function unreadable(text: string): string {
  const first = JSON.stringify(text.charAt(0)).replace(/"/g, "'");
  return `invalid character ${first} looking for beginning of value`;
}

function parseKeys(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An empty object is accepted, as the gateway does: authentik serves it for a provider without signing key. */
async function downloadKeys(url: string): Promise<JSONWebKeySet> {
  let reason: string;
  try {
    const response = await get(url);
    const text = await response.text();
    const keys = response.status === 200 ? parseKeys(text) : undefined;
    if (typeof keys === 'object' && keys !== null) {
      return { keys: [], ...keys };
    }
    reason =
      response.status === 200
        ? unreadable(text)
        : `failed to extract response via extractor function: invalid HTTP status code: ${response.status}`;
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  throw new ProviderError(
    `failed to download JWKS from ${url}, reason=${reason}`,
  );
}

/** Discovery, byte-exact issuer, keys; every call asks the provider anew. @internal */
export async function loadProvider(
  options: OidcOptions,
): Promise<LoadedProvider> {
  const discovery = await discover(options.issuerUrl);
  const keys = await downloadKeys(discovery.jwks_uri);
  return {
    options,
    discovery,
    keys: createLocalJWKSet(keys),
    algorithms: (
      discovery.id_token_signing_alg_values_supported ?? ['RS256']
    ).filter(algorithm => asymmetric.test(algorithm)),
  };
}
