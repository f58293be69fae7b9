import type { FailedSystem } from '../core';

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
  signal?: AbortSignal;
  /** Deadline of one attempt in milliseconds; overrides the client's. */
  timeoutMs?: number;
  /** Attempts for a GET; overrides the client's. */
  attempts?: number;
}

/**
 * An answer with its body read; redirects are not followed.
 *
 * @internal
 */
export interface HttpResponse {
  status: number;
  /** By lower-case name; a repeated header has its values joined by a comma. */
  headers: Record<string, string>;
  body: string;
  /** The values of `set-cookie`, not joined because their dates contain commas. */
  cookies?: string[];
}

/** @internal */
export interface HttpClientOptions {
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
  };
  /** Deadline of one attempt in milliseconds; default 15,000. */
  timeoutMs?: number;
  /** Attempts for a GET, including the first; default 3. Writes are never retried. */
  attempts?: number;
  /** Connections kept to the host; default 8. */
  connections?: number;
}
