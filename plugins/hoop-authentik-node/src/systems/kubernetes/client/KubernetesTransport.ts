import { ServiceUnavailableError } from '@backstage/errors';
import type { CallOptions } from '../../../core';
import {
  HttpClient,
  HttpRequest,
  HttpResponse,
  withoutData,
} from '../../../http';
import type { ClusterConnection } from '../types';
import {
  describeCall,
  errorFromResponse,
  KubernetesCall,
  unexpectedAnswer,
} from './errors';

/** A watch occupies a connection for as long as it lasts, so there must be some for watches beside other calls. */
const CONNECTIONS = 32;

/**
 * Authenticated HTTP with one API server; a failure becomes an error that names the call.
 *
 * @internal
 */
export class KubernetesTransport {
  readonly server: string;
  readonly #http: HttpClient;
  readonly #connection: ClusterConnection;

  constructor(connection: ClusterConnection, timeoutMs: number | undefined) {
    this.server = connection.server;
    this.#connection = connection;
    this.#http = new HttpClient({
      name: `Kubernetes (${connection.server})`,
      baseUrl: connection.server,
      tls: connection.tls,
      timeoutMs,
      connections: CONNECTIONS,
    });
  }

  /** Sends a request and returns its answer, whatever its status. */
  async request(
    request: HttpRequest,
    options: CallOptions | undefined,
  ): Promise<HttpResponse> {
    return this.#http.request({
      ...request,
      headers: { ...(await this.#headers()), ...request.headers },
      signal: options?.signal,
    });
  }

  /** Sends a request and returns the JSON object of its answer. */
  async json(
    call: KubernetesCall,
    request: HttpRequest,
    options: CallOptions | undefined,
  ): Promise<object> {
    const answer = await this.request(request, options);
    if (answer.status < 200 || answer.status > 299) {
      throw errorFromResponse(call, answer);
    }
    try {
      const value: unknown = JSON.parse(answer.body);
      if (value !== null && typeof value === 'object') {
        return value;
      }
    } catch {
      // Reported below, without the parser's message, which quotes the text.
    }
    throw new ServiceUnavailableError(
      `${describeCall(call)}: ${unexpectedAnswer(answer)}`,
    );
  }

  /**
   * Opens a stream and reads it with `read`; closes the connection when the reader stops before the server does.
   *
   * @throws the signal's reason when the caller aborts
   */
  async *stream<T>(
    call: KubernetesCall,
    request: Pick<HttpRequest, 'path' | 'query'>,
    options: CallOptions | undefined,
    read: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    const { statusCode, headers, body } = await this.#http.stream({
      ...request,
      headers: await this.#headers(),
      signal: options?.signal,
    });
    // Destroying the body below emits an error for what is left unread.
    body.on('error', () => {});
    try {
      if (statusCode !== 200) {
        throw errorFromResponse(call, {
          status: statusCode,
          headers: { 'content-type': String(headers['content-type'] ?? '') },
          body: await body.text(),
        });
      }
      yield* read(broken(call, body));
    } catch (error) {
      options?.signal?.throwIfAborted();
      throw error;
    } finally {
      body.destroy();
    }
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  async #headers(): Promise<Record<string, string>> {
    return {
      accept: 'application/json',
      ...(await this.#connection.headers()),
    };
  }
}

/** The same chunks; marks a broken connection, unlike an error of the reader. */
async function* broken(
  call: KubernetesCall,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw new ServiceUnavailableError(
      `${describeCall(call)}: the stream broke off`,
      withoutData(error),
    );
  }
}
