/**
 * What TLS needs to know to talk to an API server.
 *
 * @public
 */
export interface ClusterTls {
  /** PEM certificates to trust; without them those of the system are. */
  ca?: string;
  /** PEM client certificate. */
  cert?: string;
  /** PEM key of the client certificate. */
  key?: string;
  rejectUnauthorized?: boolean;
  /** Name to expect in the server's certificate where it is not the host of the URL. */
  servername?: string;
}

/**
 * A way to talk to one API server.
 *
 * @public
 */
export interface ClusterConnection {
  /** Base URL without a trailing slash. */
  server: string;
  tls: ClusterTls;
  /** Headers that authenticate the next request. */
  headers(): Promise<Record<string, string>>;
}
