import type { CallOptions, SecretValue } from '../../core';

/**
 * What a gateway publishes about itself without authentication.
 *
 * @alpha
 */
export interface GatewayInfo {
  /** From the `Server` header. */
  version: string | undefined;
  /** `local`, `oidc`, `idp` or `saml`. */
  authMethod: string;
  /** No user exists yet: the first to sign in becomes an administrator. `undefined` before 1.59.2, which omits it. */
  setupRequired: boolean | undefined;
}

/**
 * Where a gateway sends people to sign in, as a URL and its parts.
 *
 * @alpha
 */
export interface GatewayLoginUrl {
  /** As received. */
  url: string;
  /** Origin and path, without the query. */
  endpoint: string;
  clientId: string | undefined;
  redirectUri: string | undefined;
  responseType: string | undefined;
  scopes: string[];
  state: string | undefined;
}

/**
 * How a gateway signs people in with OpenID, according to its API.
 *
 * @alpha
 */
export interface GatewayOidcConfig {
  issuer: string;
  clientId: string;
  /** `undefined` if there is none or the gateway hides it. */
  clientSecret: SecretValue | undefined;
  groupsClaim: string;
}

/**
 * The configuration in force, according to the gateway's API: the one stored in its database, or without one, that of its
 * environment. The gateway does not say which of the two it is.
 *
 * @alpha
 */
export interface GatewayAuthConfig {
  /** `local`, `oidc` or `saml`. */
  authMethod: string;
  oidc: GatewayOidcConfig | undefined;
  /** Name of the group whose members administer the gateway; `undefined` if the response omits it. */
  adminGroup: string | undefined;
  /** Some of it can only come from the database. False does not rule out a stored configuration. */
  stored: boolean;
  /** The whole response as JSON text, including secrets of the gateway. */
  document: SecretValue;
}

/**
 * An active administrator whom a gateway knows.
 *
 * @alpha
 */
export interface GatewayAdministrator {
  email: string;
  /** The account is the gateway's own: signing in with OpenID ties it to its provider, which ends its local sign-in. */
  isLocal: boolean;
}

/**
 * One gateway, as the `hoop` command line and a browser see it. Methods throw `ServiceUnavailableError` if it cannot be
 * reached or answers with a server error.
 *
 * @alpha
 */
export interface HoopClient {
  /** Public URL without a trailing slash. */
  readonly url: string;
  /**
   * `GET /api/publicserverinfo`
   *
   * @param options - `attempts` is 1 for callers with retries of their own; by default an unavailable gateway is asked up
   * to three times
   */
  getInfo(options?: CallOptions & { attempts?: number }): Promise<GatewayInfo>;
  /**
   * Whether the gateway has loaded sign-in with OpenID: it refuses a callback with an unknown state with 400 if it has,
   * with 403 if it has not, and with 500 if it cannot load the provider. Stores nothing. `GET /api/callback`
   */
  hasOidcLoaded(options?: CallOptions): Promise<boolean>;
  /** Inserts a row in the gateway's database, so call it once for each switch or verification and never poll. `GET /api/login` */
  getLoginUrl(options?: CallOptions): Promise<GatewayLoginUrl>;
  /** Whether app-config has an API key for the gateway; without one the methods below throw an `InputError`. */
  readonly hasApiKey: boolean;
  /**
   * The configuration in force, from the database or the environment. `GET /api/serverconfig/auth`
   *
   * @throws ServiceUnavailableError if the key is rejected, or is not an administrator's or auditor's
   */
  getAuthConfig(options?: CallOptions): Promise<GatewayAuthConfig>;
  /**
   * The active administrators that the gateway knows. `GET /api/users`
   *
   * @throws ServiceUnavailableError if the key is rejected
   */
  listAdministrators(options?: CallOptions): Promise<GatewayAdministrator[]>;
  /**
   * Stores a configuration, which takes effect immediately and overrides the environment. `PUT /api/serverconfig/auth`
   *
   * @param document - the whole configuration as JSON text
   * @throws InputError if the gateway rejects it and stores nothing
   * @throws ServiceUnavailableError if the key is rejected or not an administrator's, or the outcome is unknown
   */
  putAuthConfig(
    document: SecretValue,
    options?: CallOptions,
  ): Promise<GatewayAuthConfig>;
}
