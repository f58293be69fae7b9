import type { CallOptions, SecretValue } from '../../core';

/**
 * What a gateway says of itself to anybody.
 *
 * @public
 */
export interface GatewayInfo {
  /** From the `Server` header. */
  version: string | undefined;
  /** `local`, `oidc`, `idp` or `saml`. */
  authMethod: string;
  /** No user exists yet: the first to sign in becomes an administrator. Gateways before 1.59.2 do not tell (`undefined`). */
  setupRequired: boolean | undefined;
}

/**
 * Where a gateway sends people to sign in, taken apart.
 *
 * @public
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
 * How a gateway signs people in with OpenID, as its API says it.
 *
 * @public
 */
export interface GatewayOidcConfig {
  issuer: string;
  clientId: string;
  /** `undefined` where there is none or the gateway does not show it. */
  clientSecret: SecretValue | undefined;
  groupsClaim: string;
}

/**
 * The configuration in force, as a gateway's API tells it: the one stored in its database, or where none is stored, what
 * its environment says. The gateway does not tell which of the two it is.
 *
 * @public
 */
export interface GatewayAuthConfig {
  /** `local`, `oidc` or `saml`. */
  authMethod: string;
  oidc: GatewayOidcConfig | undefined;
  /** Name of the group whose members administer the gateway; `undefined` where the answer does not tell. */
  adminGroup: string | undefined;
  /** Something in it can only come from the database; where this is false, the database may hold one all the same. */
  stored: boolean;
  /** The whole answer as JSON text, with secrets of the gateway in it. */
  document: SecretValue;
}

/**
 * One gateway, as the `hoop` command line and a browser see it. Methods throw `ServiceUnavailableError` when it cannot
 * be reached or answers with a server error.
 *
 * @public
 */
export interface HoopClient {
  /** Public URL without a trailing slash. */
  readonly url: string;
  /**
   * `GET /api/publicserverinfo`
   *
   * @param options - `attempts` is 1 for callers that ask again by themselves; by default a gateway that is just not
   * there is asked up to three times
   */
  getInfo(options?: CallOptions & { attempts?: number }): Promise<GatewayInfo>;
  /**
   * Whether sign-in with OpenID is really loaded: a callback with an unknown state is refused with 400 when it is and
   * with 403 when it is not; 500 says that the provider cannot be loaded. Leaves nothing behind. `GET /api/callback`
   */
  hasOidcLoaded(options?: CallOptions): Promise<boolean>;
  /** Inserts a row in the gateway's database: once before a switch and once for a verification, never to poll. `GET /api/login` */
  getLoginUrl(options?: CallOptions): Promise<GatewayLoginUrl>;
  /** Whether app-config has an API key of the gateway, without which the methods below throw an `InputError`. */
  readonly hasApiKey: boolean;
  /**
   * What is in force, from the database or the environment. `GET /api/serverconfig/auth`
   *
   * @throws ServiceUnavailableError when the key is not accepted, or is not an administrator's or auditor's
   */
  getAuthConfig(options?: CallOptions): Promise<GatewayAuthConfig>;
  /**
   * E-mail addresses of the active administrators that the gateway knows. `GET /api/users`
   *
   * @throws ServiceUnavailableError when the key is not accepted
   */
  listAdministrators(options?: CallOptions): Promise<string[]>;
  /**
   * Stores a configuration, which counts at once and from then on beats the environment. `PUT /api/serverconfig/auth`
   *
   * @param document - the whole configuration as JSON text
   * @throws InputError when the gateway refuses it: nothing was stored then
   * @throws ServiceUnavailableError when the key is not accepted or not an administrator's, or the outcome is unknown
   */
  putAuthConfig(
    document: SecretValue,
    options?: CallOptions,
  ): Promise<GatewayAuthConfig>;
}
