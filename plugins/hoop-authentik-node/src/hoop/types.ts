import type { CallOptions } from '../authentik/types';

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
  /** No user exists yet: the first to sign in becomes an administrator. */
  setupRequired: boolean;
}

/**
 * Where a gateway sends people to sign in, taken apart.
 *
 * @public
 */
export interface GatewayLoginUrl {
  /** Origin and path, without the query. */
  endpoint: string;
  clientId: string | undefined;
  redirectUri: string | undefined;
  responseType: string | undefined;
  scopes: string[];
  state: string | undefined;
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
  /** `GET /api/publicserverinfo` */
  getInfo(options?: CallOptions): Promise<GatewayInfo>;
  /**
   * Whether sign-in with OpenID is really loaded: a callback with an unknown state is refused with 400 when it is and
   * with 403 when it is not; 500 says that the provider cannot be loaded. Leaves nothing behind. `GET /api/callback`
   */
  hasOidcLoaded(options?: CallOptions): Promise<boolean>;
  /** Inserts a row in the gateway's database: once for a verification, never to poll. `GET /api/login` */
  getLoginUrl(options?: CallOptions): Promise<GatewayLoginUrl>;
}
