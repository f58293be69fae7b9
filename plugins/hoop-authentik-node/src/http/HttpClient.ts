import { channel } from 'node:diagnostics_channel';
import {
  setImmediate as nextTurn,
  setTimeout as sleep,
} from 'node:timers/promises';
import { ServiceUnavailableError } from '@backstage/errors';
import { type Dispatcher, request } from 'undici';
import { type ForeignTextFormatter, withFailure, withRemedy } from '../core';
import { MOST_BYTES, MOST_ERROR_BYTES, readBody } from './body';
import { forwardedHeaders } from './connection';
import { deadlineOf } from './deadline';
import { withinHostLimit, withinWriteLimit } from './hostLimit';
import { HttpResponse } from './HttpResponse';
import {
  codeOf,
  describeNetworkError,
  isTimeout,
  networkAdvice,
  withoutData,
} from './networkErrors';
import { dispatcherFor } from './proxies';
import { retryDelayMs, shouldRetry } from './retry';
import { formatterOf } from './sentValues';
import type { HttpClientOptions, HttpRequest } from './types';

/** A stream that was opened, or the answer that refused it. @internal */
export type HttpStream =
  | {
      chunks: AsyncIterable<Uint8Array>;
      close(): void;
      /** Makes texts of the stream fit for messages, without anything that was sent. */
      formatter(): ForeignTextFormatter;
    }
  | { refusal: HttpResponse };

const DEFAULT_TIMEOUT_MS = 15_000;

/** Hears of every attempt: the system by its name, and the status of the answer where there was one. */
const attempted = channel('hoop-authentik:request');

/**
 * The one way to another system: HTTP with pooled connections, through a proxy where one is configured, with a deadline for
 * each attempt, an abort signal, limits of what is read, retries where they are safe, and a limit of concurrent requests to
 * a host that all clients share (streams do not count: a watch lasts for minutes). Answers of any status are returned: the
 * client of each system interprets them.
 *
 * @internal
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #dispatcher: Dispatcher;
  readonly #proxy: string | undefined;
  readonly #base: URL;
  /** Where requests are sent, and what says which public address is meant. */
  readonly #internal: { url: URL; headers: Record<string, string> } | undefined;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#base = new URL(
      options.baseUrl.endsWith('/') ? options.baseUrl : `${options.baseUrl}/`,
    );
    this.#internal =
      options.internalUrl === undefined
        ? undefined
        : {
            url: new URL(options.internalUrl),
            headers: forwardedHeaders(this.#base),
          };
    const { dispatcher, proxy } = dispatcherFor(options);
    this.#dispatcher = dispatcher;
    this.#proxy = proxy;
  }

  get name(): string {
    return this.#options.name;
  }

  /**
   * Sends a request and reads the answer.
   *
   * @throws ServiceUnavailableError when the system cannot be reached, does not answer in time, answers too much, or, for
   *   readers, is busy
   * @throws the signal's reason when the caller aborts
   */
  async request(req: HttpRequest): Promise<HttpResponse> {
    const attempts = req.attempts ?? this.#options.attempts ?? 3;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(req);
      attempted.publish({
        name: this.name,
        status: 'status' in outcome ? outcome.status : undefined,
      });
      const delay =
        attempt < attempts && shouldRetry(req.method, outcome)
          ? retryDelayMs(outcome, attempt)
          : undefined;
      if (delay === undefined) {
        if ('error' in outcome) {
          throw this.#failure(req, outcome.error);
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
    req: Omit<HttpRequest, 'method' | 'timeoutMs' | 'expect'>,
  ): Promise<HttpStream> {
    const full: HttpRequest = { ...req, method: 'GET' };
    const timeoutMs = this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    try {
      const headers = await this.#headers(req.headers);
      const response = await request(this.#address(req), {
        method: 'GET',
        dispatcher: this.#dispatcher,
        headers,
        signal: req.signal,
        headersTimeout: timeoutMs,
        // A quiet watch is not a broken one: the caller sets the deadline.
        bodyTimeout: 0,
      });
      if (response.statusCode === 200) {
        const { body } = response;
        // Closing it emits an error for what is left unread.
        body.on('error', () => {});
        return {
          chunks: body,
          close: () => body.destroy(),
          formatter: () => formatterOf({ ...full, headers }),
        };
      }
      const deadline = deadlineOf(timeoutMs, req.signal);
      const stop = () => response.body.destroy(deadline.signal.reason);
      deadline.signal.addEventListener('abort', stop, { once: true });
      try {
        const sent = { ...full, headers };
        return { refusal: await this.#read(sent, response, deadline.signal) };
      } finally {
        deadline.clear();
      }
    } catch (error) {
      req.signal?.throwIfAborted();
      throw this.#failure(full, error);
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.close();
  }

  async #attempt(req: HttpRequest): Promise<HttpResponse | { error: unknown }> {
    req.signal?.throwIfAborted();
    const { origin } = this.#url(req);
    // Readers of a silent host do not wait for each other's deadlines.
    const patience =
      req.lane === 'reader'
        ? deadlineOf(this.#timeoutMs(req), req.signal)
        : undefined;
    const turn = { signal: patience?.signal ?? req.signal, lane: req.lane };
    const { writesInFlight } = this.#options;
    try {
      // Before its turn: a token may have to be asked for at the same host, where all turns may wait for it.
      const headers = await this.#headers(req.headers);
      const send = async () =>
        withinHostLimit(origin, turn, async () => {
          patience?.clear();
          return this.#send(req, headers);
        });
      return await (writesInFlight === undefined || req.method === 'GET'
        ? send()
        : withinWriteLimit(origin, writesInFlight, turn, send));
    } catch (error) {
      req.signal?.throwIfAborted();
      return { error };
    } finally {
      patience?.clear();
    }
  }

  /** The deadline begins here: a request that waits for its turn has not been sent. */
  async #send(
    req: HttpRequest,
    headers: Record<string, string>,
  ): Promise<HttpResponse> {
    const deadline = deadlineOf(this.#timeoutMs(req), req.signal);
    const { signal } = deadline;
    try {
      const { method, body } = req;
      const dispatcher = this.#dispatcher;
      const options = { method, dispatcher, headers, body, signal };
      const response = await request(this.#address(req), options);
      const answer = await this.#read({ ...req, headers }, response, signal);
      // undici frees a connection one turn of the event loop after the answer; a request before that opens another one.
      await nextTurn();
      return answer;
    } finally {
      deadline.clear();
    }
  }

  #timeoutMs({ method, timeoutMs }: HttpRequest): number {
    const { writeTimeoutMs } = this.#options;
    return (
      timeoutMs ??
      (method === 'GET' ? undefined : writeTimeoutMs) ??
      this.#options.timeoutMs ??
      DEFAULT_TIMEOUT_MS
    );
  }

  /** @param sent - with all headers, so that no message repeats them */
  async #read(
    sent: HttpRequest,
    response: Dispatcher.ResponseData,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const { statusCode: status, headers } = response;
    const isExpected = (sent.expect ?? [200]).includes(status);
    const most = isExpected ? MOST_BYTES : MOST_ERROR_BYTES;
    const body = await readBody(response, most, signal);
    if (body === undefined && isExpected) {
      throw withFailure(
        new ServiceUnavailableError(
          `${this.#asked(sent)}: answered ${status} with more than ${
            most / 1024 / 1024
          } MB, which no answer of it has. Check that no other service answers at its address.`,
        ),
        {
          kind: 'unexpected-answer',
          status,
          system: this.#options.system,
        },
      );
    }
    return new HttpResponse(
      { status, headers, body: body ?? '', isExpected },
      sent,
    );
  }

  async #headers(own?: Record<string, string>) {
    const extra = Object.entries(this.#options.extraHeaders ?? {}).map(
      ([name, value]) => [name.toLowerCase(), value.reveal()],
    );
    return {
      ...Object.fromEntries(extra),
      ...(await this.#options.headers?.()),
      ...own,
      ...this.#internal?.headers,
    };
  }

  /** Where a request is sent: its URL, at the internal address where there is one. */
  #address(req: Pick<HttpRequest, 'path' | 'query'>): URL {
    const url = this.#url(req);
    if (!this.#internal) {
      return url;
    }
    // By its parts: a path that begins with two slashes would name another host.
    const address = new URL(this.#internal.url);
    address.pathname = url.pathname;
    address.search = url.search;
    return address;
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

  /** Without the query, so that the message cannot show a secret even if one is ever sent there. */
  #asked({ method, path }: Pick<HttpRequest, 'method' | 'path'>): string {
    return `${this.name}: ${method} ${this.#url({ path }).pathname}`;
  }

  #failure(req: HttpRequest, cause: unknown): Error {
    if (ServiceUnavailableError.is(cause)) {
      return cause;
    }
    const advice = networkAdvice(cause);
    const through = [
      this.#internal ? ` at its internalUrl ${this.#internal.url.origin}` : '',
      this.#proxy ? ` through the proxy ${this.#proxy}` : '',
    ].join('');
    const asked = `${req.method} ${this.#url({ path: req.path }).pathname}`;
    const error = withRemedy(
      new ServiceUnavailableError(
        isTimeout(cause)
          ? `${this.name} did not answer${through} within ${
              this.#timeoutMs(req) / 1000
            } s: ${asked}${
              req.method === 'GET' ? '' : ', which it may still carry out'
            }. ${advice}`
          : `${
              this.name
            } cannot be reached${through}: ${asked}: ${describeNetworkError(
              cause,
            )}. ${advice}`,
      ),
      advice,
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
