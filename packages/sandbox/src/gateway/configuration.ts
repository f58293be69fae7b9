import { GoUrl, GoUrlError, parseGoUrl } from './goUrl';

/** @internal */
export type AuthMethod = 'local' | 'oidc' | 'idp' | 'saml';

/** A reason the gateway refuses to start. @internal */
export class BootError extends Error {}

/** OIDC options as the gateway uses them, whatever their source. @internal */
export interface OidcOptions {
  issuerUrl: string;
  clientId: string;
  clientSecret: string;
  audience: string;
  customScopes: string[];
  groupsClaim: string;
  /** Access tokens are checked at the userinfo endpoint. */
  withUserInfo: boolean;
}

/** `oidc_config` of the stored configuration. @internal */
export interface StoredOidcConfig {
  issuer_url: string;
  client_id: string;
  client_secret: string;
  scopes: string[] | null;
  audience: string;
  groups_claim: string;
}

/** The row the web form and `PUT /api/serverconfig/auth` write; both halves may be absent independently. @internal */
export interface StoredAuthConfig {
  auth_method: 'local' | 'oidc' | 'saml' | null;
  oidc_config: StoredOidcConfig | null;
  saml_config: unknown;
  provider_name: string | null;
  /** In force: beats the static key of the environment. */
  api_key: string | null;
  /** Made, and not in force before a PUT sends it back. */
  rollout_api_key: string | null;
  webapp_users_management_status: 'active' | 'inactive';
  admin_role_name: string;
  auditor_role_name: string;
}

/** @internal */
export type Environment = Readonly<Record<string, string>>;

/** Default of the environment only; the stored configuration defaults to `groups`. @internal */
export const defaultEnvironmentGroupsClaim = 'https://app.hoop.dev/groups';

const defaultScopes = ['openid', 'profile', 'email'];

function splitScopes(text: string): string[] {
  const scopes = text
    .split(',')
    .map(scope => scope.trim())
    .filter(scope => scope && !defaultScopes.includes(scope));
  return [...new Set(scopes)];
}

/** @internal */
export function environmentAuthMethod(env: Environment): AuthMethod {
  const method = env.AUTH_METHOD ?? '';
  if (method === '') {
    const hasIdp = [
      env.IDP_ISSUER,
      env.IDP_CLIENT_ID,
      env.IDP_CLIENT_SECRET,
      env.IDP_URI,
    ].some(Boolean);
    return hasIdp ? 'oidc' : 'local';
  }
  if (
    method === 'local' ||
    method === 'oidc' ||
    method === 'idp' ||
    method === 'saml'
  ) {
    return method;
  }
  throw new BootError(
    `failed loading gateway configuration, reason=invalid AUTH_METHOD env, got=${method}`,
  );
}

/** @internal */
export interface ApiUrl {
  /** As reported, without trailing slashes. */
  text: string;
  /** Routes are mounted below it. */
  path: string;
  hostname: string;
  host: string;
  /** The path prefix is dropped here, unlike in the routes. */
  redirectUri: string;
}

/** @internal */
export function parseApiUrl(env: Environment): ApiUrl {
  const text = (env.API_URL || 'http://127.0.0.1:8009').replace(/\/+$/, '');
  let url: GoUrl;
  try {
    url = parseGoUrl(text);
  } catch (error) {
    throw new BootError(
      `failed loading gateway configuration, reason=failed parsing API_URL env, reason=${messageOf(
        error,
      )}`,
    );
  }
  return {
    text,
    path: url.scheme ? url.path : '',
    hostname: url.hostname,
    host: url.host,
    redirectUri: `${url.scheme}://${url.host}/api/callback`,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** scheme://host + path + sorted query; userinfo and fragment are dropped. */
function rebuildIssuer(url: GoUrl, dropped: string[]): string {
  const query = new URLSearchParams(url.query);
  dropped.forEach(key => query.delete(key));
  query.sort();
  const suffix = query.toString();
  return `${url.scheme}://${url.host}${url.path}${suffix ? `?${suffix}` : ''}`;
}

const idpUriFormat =
  '. Valid format is: <scheme>://<client-id>:<client-secret>@<issuer-host>?<options>=';

function parseSetting(name: string, value: string): GoUrl {
  try {
    return parseGoUrl(value);
  } catch (error) {
    if (error instanceof GoUrlError) {
      throw new BootError(
        `failed to parse OIDC provider options from env: failed parsing ${name} env, reason=${
          error.message
        }${name === 'IDP_URI' ? idpUriFormat : ''}`,
      );
    }
    throw error;
  }
}

function optionsFromIdpUri(env: Environment): OidcOptions {
  const url = parseSetting('IDP_URI', env.IDP_URI ?? '');
  if (!url.userinfo?.username || !url.userinfo.password) {
    throw new BootError(
      `failed to parse OIDC provider options from env: missing credentials for IDP_URI env${idpUriFormat}`,
    );
  }
  return {
    issuerUrl: rebuildIssuer(url, ['_userinfo', 'groupsclaim', 'scopes']),
    clientId: url.userinfo.username,
    clientSecret: url.userinfo.password,
    audience: env.IDP_AUDIENCE ?? '',
    customScopes: splitScopes(url.query.get('scopes') ?? ''),
    groupsClaim: url.query.get('groupsclaim') || defaultEnvironmentGroupsClaim,
    withUserInfo: url.query.get('_userinfo') === '1',
  };
}

function optionsFromVariables(env: Environment): OidcOptions {
  const url = parseSetting('IDP_ISSUER', env.IDP_ISSUER ?? '');
  return {
    issuerUrl: rebuildIssuer(url, ['_userinfo']),
    clientId: env.IDP_CLIENT_ID ?? '',
    clientSecret: env.IDP_CLIENT_SECRET ?? '',
    audience: env.IDP_AUDIENCE ?? '',
    customScopes: splitScopes(env.IDP_CUSTOM_SCOPES ?? ''),
    groupsClaim: env.IDP_GROUPS_CLAIM || defaultEnvironmentGroupsClaim,
    withUserInfo: url.query.get('_userinfo') === '1',
  };
}

function requireCredentials(options: OidcOptions | undefined): OidcOptions {
  if (!options?.issuerUrl || !options.clientId || !options.clientSecret) {
    throw new BootError(
      'missing required oidc attributes (issuer-url, client-id, client-secret)',
    );
  }
  return options;
}

/** @internal */
export function optionsFromStored(config: StoredOidcConfig): OidcOptions {
  return requireCredentials({
    issuerUrl: config.issuer_url,
    clientId: config.client_id,
    clientSecret: config.client_secret,
    audience: config.audience,
    customScopes: splitScopes((config.scopes ?? []).join(',')),
    groupsClaim: config.groups_claim || 'groups',
    withUserInfo: false,
  });
}

/** Stored configuration first; IDP_URI next; the separate variables last. @internal */
export function resolveOidcOptions(
  env: Environment,
  stored: StoredAuthConfig | undefined,
): OidcOptions {
  if (stored?.oidc_config) {
    return optionsFromStored(stored.oidc_config);
  }
  return requireCredentials(environmentOidcOptions(env));
}

/** As the environment has them, complete or not; undefined where it names no issuer. @internal */
export function environmentOidcOptions(
  env: Environment,
): OidcOptions | undefined {
  if (env.IDP_URI) {
    return optionsFromIdpUri(env);
  }
  return env.IDP_ISSUER ? optionsFromVariables(env) : undefined;
}

/** The scopes of the environment as they were written, for whoever reads the configuration. @internal */
export function writtenScopes(env: Environment): string[] {
  const scopes = env.IDP_URI
    ? parseSetting('IDP_URI', env.IDP_URI).query.get('scopes')
    : env.IDP_CUSTOM_SCOPES;
  return scopes ? scopes.split(',') : [];
}

/** @internal */
export function resolveAuthMethod(
  env: Environment,
  stored: StoredAuthConfig | undefined,
): AuthMethod {
  return stored?.auth_method ?? environmentAuthMethod(env);
}

/** @internal */
export function usesOidc(method: AuthMethod): boolean {
  return method === 'oidc' || method === 'idp';
}

/** @internal */
export function scopesOf(options: OidcOptions): string[] {
  return [...defaultScopes, ...options.customScopes];
}
