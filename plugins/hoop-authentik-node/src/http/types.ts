import type { FailedSystem, Lane, SecretValue } from '../core';

/**
 * One request; `path` is relative to the client's base URL.
 *
 * @internal
 */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | string[] | undefined>;
  headers?: Record<string, string>;
  body?: string;
  /** Statuses that the caller reads; only their bodies may be large. Default 200. */
  expect?: readonly number[];
  /** Values among those sent that a message may repeat: names of objects, and words of the protocol. */
  plain?: readonly string[];
  signal?: AbortSignal;
  /** Default `task`. */
  lane?: Lane;
  /** Deadline of one attempt in milliseconds; overrides the client's. */
  timeoutMs?: number;
  /** Attempts for a GET; overrides the client's. */
  attempts?: number;
}

/**
 * How a system is reached.
 *
 * @public
 */
export interface ConnectionOptions {
  /**
   * Origin that requests are sent to instead of the public one, which they name in `Host` and `X-Forwarded-*`; everything
   * that is read or written stays public.
   */
  internalUrl?: string;
  /** Sent with each request, such as the credentials of a proxy in front of the system. */
  extraHeaders?: Readonly<Record<string, SecretValue>>;
  /** PEM of the certificate authority, if the system does not trust it already. */
  ca?: string;
  /** PEM of the certificate that this client shows. */
  cert?: string;
  /** PEM of its private key. */
  key?: SecretValue;
  /** Deadline of one attempt in milliseconds; default 15,000. */
  timeoutMs?: number;
}

/** @internal */
export interface HttpClientOptions
  extends Pick<
    ConnectionOptions,
    'internalUrl' | 'extraHeaders' | 'timeoutMs'
  > {
  /** Names the system in messages, such as `authentik instance "main" (https://authentik.company)`. */
  name: string;
  baseUrl: string;
  /** Noted on errors, where their reader cannot know which system was asked. */
  system?: FailedSystem;
  /** Sent with each request; computed each time, so that tokens from files stay fresh. */
  headers?: () => Record<string, string> | Promise<Record<string, string>>;
  tls?: {
    ca?: string;
    cert?: string;
    key?: string;
    rejectUnauthorized?: boolean;
    servername?: string;
  };
  /** URL of the proxy to use, which may contain a password; by default that of the environment, if any. */
  proxy?: SecretValue;
  /** Deadline of one write in milliseconds; default that of a read. */
  writeTimeoutMs?: number;
  /** Writes that the system gets at a time; default as many as it gets requests. */
  writesInFlight?: number;
  /** Attempts for a GET, including the first; default 3. Writes are only repeated where they were not carried out. */
  attempts?: number;
  /** Connections kept to the host; default 8. */
  connections?: number;
}
