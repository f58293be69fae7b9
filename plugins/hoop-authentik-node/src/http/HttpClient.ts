import {
  setImmediate as nextTurn,
  setTimeout as sleep,
} from 'node:timers/promises';
import { isError, ServiceUnavailableError } from '@backstage/errors';
import { Agent, Dispatcher, request } from 'undici';
import { withFailure, withRemedy } from '../core';
import { withinHostLimit } from './hostLimit';
import { retryDelayMs, shouldRetry } from './retry';
import type { HttpClientOptions, HttpRequest, HttpResponse } from './types';

const CHECK_ADDRESS =
  'Check its address in app-config and that this backend can reach it.';

/**
 * HTTP with pooled connections for each system, a deadline for each attempt, an abort signal, retries of reads only, and a
 * limit of concurrent requests to a host that all clients share (streams do not count: a watch lasts for minutes). Answers
 * of any status are returned: the client of each system interprets them.
 *
 * @internal
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #agent: Agent;
  readonly #base: URL;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#base = new URL(
      options.baseUrl.endsWith('/') ? options.baseUrl : `${options.baseUrl}/`,
    );
    this.#agent = new Agent({
      connections: options.connections ?? 8,
      connect: { ...options.tls },
    });
  }

  get name(): string {
    return this.#options.name;
  }

  /**
   * Sends a request and reads the answer.
   *
   * @throws ServiceUnavailableError when the system cannot be reached or does not answer in time
   * @throws the signal's reason when the caller aborts
   */
  async request(req: HttpRequest): Promise<HttpResponse> {
    const attempts =
      req.method === 'GET' ? req.attempts ?? this.#options.attempts ?? 3 : 1;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(req);
      const delay =
        attempt < attempts && shouldRetry(outcome)
          ? retryDelayMs(outcome, attempt)
          : undefined;
      if (delay === undefined) {
        if ('error' in outcome) {
          throw this.#unreachable(req, outcome.error);
        }
        return outcome;
      }
      await sleep(delay, undefined, { signal: req.signal }).catch(() =>
        req.signal?.throwIfAborted(),
      );
    }
  }

  /**
   * Opens a streaming GET, such as a watch. The stream ends when the server closes it or the signal is aborted.
   *
   * @throws ServiceUnavailableError when the system cannot be reached
   */
  async stream(
    req: Omit<HttpRequest, 'method' | 'timeoutMs'>,
  ): Promise<Dispatcher.ResponseData> {
    const url = this.#url(req);
    try {
      return await request(url, {
        method: 'GET',
        dispatcher: this.#agent,
        headers: await this.#headers(req.headers),
        signal: req.signal,
        headersTimeout: this.#options.timeoutMs ?? 15_000,
        // A quiet watch is not a broken one: the caller sets the deadline.
        bodyTimeout: 0,
      });
    } catch (error) {
      req.signal?.throwIfAborted();
      throw this.#unreachable({ ...req, method: 'GET' }, error);
    }
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #attempt(req: HttpRequest): Promise<HttpResponse | { error: unknown }> {
    req.signal?.throwIfAborted();
    const url = this.#url(req);
    const deadline = deadlineOf(
      req.timeoutMs ?? this.#options.timeoutMs ?? 15_000,
      req.signal,
    );
    try {
      // Waiting for a turn counts, so that callers of a silent host do not wait for each other's deadlines.
      return await withinHostLimit(url.origin, deadline.signal, () =>
        this.#exchange(req, url, deadline.signal),
      );
    } catch (error) {
      req.signal?.throwIfAborted();
      return { error };
    } finally {
      deadline.clear();
    }
  }

  async #exchange(
    req: HttpRequest,
    url: URL,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const response = await request(url, {
      method: req.method,
      dispatcher: this.#agent,
      headers: await this.#headers(req.headers),
      body: req.body,
      signal,
    });
    const body = await response.body.text();
    // undici frees a connection one turn of the event loop after the answer; a request before that opens another one.
    await nextTurn();
    return {
      status: response.statusCode,
      headers: plainHeaders(response.headers),
      body,
      cookies: [response.headers['set-cookie'] ?? []].flat(),
    };
  }

  async #headers(own?: Record<string, string>) {
    return { ...(await this.#options.headers?.()), ...own };
  }

  #url({ path, query }: Pick<HttpRequest, 'path' | 'query'>): URL {
    const url = new URL(path.replace(/^\/+/, ''), this.#base);
    if (url.origin !== this.#base.origin) {
      // Every request carries our credentials: a path from an answer must not take them to another host.
      throw new TypeError(
        `${this.name}: refused to send a request to another host`,
      );
    }
    for (const [key, value] of Object.entries(query ?? {})) {
      for (const one of [value ?? []].flat()) {
        url.searchParams.append(key, one);
      }
    }
    return url;
  }

  #unreachable(req: HttpRequest, cause: unknown): Error {
    // Without the query, so that the message cannot show a secret even if one is ever sent there.
    const error = withRemedy(
      new ServiceUnavailableError(
        `${this.name} cannot be reached: ${req.method} ${
          this.#url({ path: req.path }).pathname
        }: ${describeNetworkError(cause)}. ${CHECK_ADDRESS}`,
      ),
      CHECK_ADDRESS,
    );
    withFailure(error, {
      kind: 'unreachable',
      code: codeOf(cause),
      system: this.#options.system,
    });
    // Passed to the constructor, the cause would be repeated in the message.
    return Object.assign(error, { cause: withoutData(cause) });
  }
}

/**
 * A signal that fires at the deadline or when the caller aborts. It uses a plain timer: `AbortSignal.any` with
 * `AbortSignal.timeout` leaves a listener on a long-lived signal for each request.
 */
function deadlineOf(ms: number, signal: AbortSignal | undefined) {
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  const timer = setTimeout(
    () =>
      controller.abort(
        new DOMException('no answer within the deadline', 'TimeoutError'),
      ),
    ms,
  );
  signal?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}

function plainHeaders(
  headers: Record<string, string | string[] | undefined>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join(', ')]],
    ),
  );
}

/** The part of a network error that shows an operator what is wrong. */
function describeNetworkError(error: unknown): string {
  if (!isError(error)) {
    return String(error);
  }
  const { code, message } = firstOf(error);
  return typeof code === 'string' && !message.includes(code)
    ? `${message} (${code})`
    : message;
}

/** By which the kind of a network error is known. */
function codeOf(error: unknown): string | undefined {
  if (!isError(error)) {
    return undefined;
  }
  const { code, name } = firstOf(error);
  return typeof code === 'string' ? code : name;
}

/** A host name with several addresses fails with one error for each of them and no message of its own. */
function firstOf(error: Error & { errors?: unknown; code?: unknown }) {
  const [first] = Array.isArray(error.errors) ? error.errors : [];
  return isError(first) ? first : error;
}

/**
 * A network error without received data. Errors of undici carry it, such as the rest of an answer that is not valid HTTP,
 * and causes are logged, stored with a task and sent to browsers.
 *
 * @internal
 */
export function withoutData(error: unknown): Error {
  const cause = new Error(describeNetworkError(error));
  if (isError(error)) {
    cause.name = error.name;
    if (typeof error.code === 'string') {
      Object.assign(cause, { code: error.code });
    }
  }
  return cause;
}
