import { ServiceUnavailableError } from '@backstage/errors';
import type { z } from 'zod';
import type { CallOptions, ForeignTextFormatter } from '../../../core';
import {
  decodeAnswer,
  HttpClient,
  type HttpRequest,
  type HttpResponse,
  withoutData,
} from '../../../http';
import type { ClusterConnection } from '../types';
import { type CalledServer, describeCall, type KubernetesCall } from './call';
import { errorFromResponse, unexpectedAnswer } from './errors';
import { GrantedRights } from './grantedRights';

/** A write is repeated where the API server had no free seat for it, which lasts for seconds. */
const WRITE_ATTEMPTS = 12;

/** A watch occupies a connection for as long as it lasts, so there must be some for watches beside other calls. */
const CONNECTIONS = 32;

/**
 * Authenticated HTTP with one API server; a failure becomes an error that names the call.
 *
 * @internal
 */
export class KubernetesTransport {
  readonly called: CalledServer;
  readonly rights = new GrantedRights();
  readonly #http: HttpClient;
  readonly #connection: ClusterConnection;

  constructor(connection: ClusterConnection, timeoutMs: number | undefined) {
    const { server, behindPlugin } = connection;
    this.called =
      behindPlugin === undefined
        ? { server }
        : {
            server: `cluster "${behindPlugin}" of the Kubernetes plugin`,
            behindPlugin,
          };
    this.#connection = connection;
    this.#http = new HttpClient({
      name: `Kubernetes (${this.called.server})`,
      baseUrl: connection.server,
      tls: connection.tls,
      proxy: connection.proxy,
      timeoutMs,
      connections: CONNECTIONS,
    });
  }

  /** Sends a request and returns its answer, whatever its status; once more where a credential can be renewed. */
  async request(
    request: HttpRequest,
    options: CallOptions | undefined,
  ): Promise<HttpResponse> {
    const send = async () =>
      this.#http.request({
        attempts: request.method === 'GET' ? undefined : WRITE_ATTEMPTS,
        ...request,
        headers: { ...(await this.#headers()), ...request.headers },
        signal: options?.signal,
        lane: options?.lane,
      });
    const answer = await send();
    return this.#isRenewable(answer) ? send() : answer;
  }

  /** Sends a request and reads the JSON of its answer by a schema. */
  async json<Schema extends z.ZodType>(
    call: KubernetesCall,
    request: HttpRequest & { expect: readonly number[] },
    options: CallOptions | undefined,
    schema: Schema,
  ): Promise<{ value: z.output<Schema>; size: number }> {
    const answer = await this.rights.use(
      call,
      async () => {
        const received = await this.request(request, options);
        if (!received.isExpected) {
          throw errorFromResponse(call, received);
        }
        if (received.json() === undefined) {
          // Within, since the page of a proxy proves no right.
          throw new ServiceUnavailableError(
            `${describeCall(call)}: ${unexpectedAnswer(received)}`,
          );
        }
        return received;
      },
      options,
    );
    return {
      value: decodeAnswer(describeCall(call), answer, schema),
      size: answer.body.length,
    };
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
    read: (
      chunks: AsyncIterable<Uint8Array>,
      formatter: () => ForeignTextFormatter,
    ) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    const stream = await this.rights.use(
      call,
      async () => {
        const open = async () =>
          this.#http.stream({
            ...request,
            headers: await this.#headers(),
            signal: options?.signal,
          });
        let opened = await open();
        if ('refusal' in opened && this.#isRenewable(opened.refusal)) {
          opened = await open();
        }
        if ('refusal' in opened) {
          throw errorFromResponse(call, opened.refusal);
        }
        return opened;
      },
      options,
    );
    try {
      yield* read(broken(call, stream.chunks), stream.formatter);
    } catch (error) {
      options?.signal?.throwIfAborted();
      throw error;
    } finally {
      stream.close();
    }
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  /** A credential may end before its time, such as when its account was changed. */
  #isRenewable({ status }: HttpResponse): boolean {
    return status === 401 && this.#connection.forget?.() === true;
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
