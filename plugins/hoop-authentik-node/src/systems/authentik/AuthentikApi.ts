import { InputError } from '@backstage/errors';
import type { z } from 'zod';
import { HttpClient, type HttpRequest, type HttpResponse } from '../../http';
import type { CallOptions, SecretValue } from '../../core';
import { decode } from './decode';
import { errorFromAnswer, isJson } from './errors';
import { PAGE_SIZE, collectPages, pageSchema } from './paging';

/**
 * One call of the API.
 *
 * @internal
 */
export interface ApiCall {
  /** Below `api/v3/`, with the trailing slash the server insists on. */
  path: string;
  /** What the token needs for it. */
  permission?: string;
  options: CallOptions | undefined;
}

/** @internal */
export interface ApiWrite extends ApiCall {
  method: 'POST' | 'PUT' | 'PATCH';
  body: unknown;
  /** Secrets in the body. */
  secrets?: Array<SecretValue | undefined>;
}

/**
 * The conventions that all endpoints of authentik's API share: JSON only, trailing slashes, pages, and what statuses
 * mean. Which endpoint is asked what is the business of the client.
 *
 * @internal
 */
export class AuthentikApi {
  readonly #http: HttpClient;
  readonly #token: SecretValue;

  constructor(options: {
    system: string;
    baseUrl: string;
    token: SecretValue;
    ca?: string;
    timeoutMs?: number;
  }) {
    this.#token = options.token;
    this.#http = new HttpClient({
      name: options.system,
      baseUrl: options.baseUrl,
      timeoutMs: options.timeoutMs,
      tls: options.ca === undefined ? undefined : { ca: options.ca },
      headers: () => ({
        accept: 'application/json',
        // Refusals of the token and of a permission differ by their text alone, so that the language has to be known.
        'accept-language': 'en',
        authorization: `Bearer ${options.token.reveal()}`,
      }),
    });
  }

  /** Reads one object that has to be there. */
  async get<Schema extends z.ZodType>(
    call: ApiCall & { query?: HttpRequest['query'] },
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const answer = await this.#send('GET', call);
    if (answer.status !== 200) {
      throw this.#error('GET', call, answer);
    }
    return decode(this.#asked('GET', call.path), answer, schema);
  }

  /** Reads one object; `undefined` where the server knows the endpoint and has no such object. */
  async find<Schema extends z.ZodType>(
    call: ApiCall & { query?: HttpRequest['query'] },
    schema: Schema,
  ): Promise<z.output<Schema> | undefined> {
    const answer = await this.#send('GET', call);
    if (isNoSuchObject(answer)) {
      return undefined;
    }
    if (answer.status !== 200) {
      throw this.#error('GET', call, answer);
    }
    return decode(this.#asked('GET', call.path), answer, schema);
  }

  /**
   * Reads a list to its end. A filter that the server does not know is ignored by it, so that each caller checks again
   * what it asked for.
   */
  async list<Schema extends z.ZodType<{ pk: string | number }>>(
    call: ApiCall & { query?: Record<string, string | undefined> },
    schema: Schema,
  ): Promise<Array<z.output<Schema>>> {
    const page = pageSchema(schema);
    return collectPages(this.#asked('GET', call.path), async number => {
      const query = {
        ...call.query,
        page: `${number}`,
        page_size: `${PAGE_SIZE}`,
      };
      return number === 1
        ? this.get({ ...call, query }, page)
        : this.find({ ...call, query }, page);
    });
  }

  /** Reads the first object of a list and no more of it. */
  async first<Schema extends z.ZodType>(
    call: ApiCall & { query?: Record<string, string | undefined> },
    schema: Schema,
  ): Promise<z.output<Schema> | undefined> {
    const query = { ...call.query, page_size: '1' };
    const page = await this.get({ ...call, query }, pageSchema(schema));
    return page.results[0];
  }

  /** Writes and reads the answer. */
  async write<Schema extends z.ZodType>(
    call: ApiWrite,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const answer = await this.#write(call);
    return decode(this.#asked(call.method, call.path), answer, schema);
  }

  /** Writes where the answer says nothing. */
  async post(call: Omit<ApiWrite, 'method'>): Promise<void> {
    await this.#write({ ...call, method: 'POST' });
  }

  /** False where there was no such object. */
  async delete(call: ApiCall): Promise<boolean> {
    const answer = await this.#send('DELETE', call);
    if (isNoSuchObject(answer)) {
      return false;
    }
    if (!isSuccess(answer)) {
      throw this.#error('DELETE', call, answer);
    }
    return true;
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  async #write(call: ApiWrite): Promise<HttpResponse> {
    const answer = await this.#send(call.method, call, call.body);
    if (!isSuccess(answer)) {
      throw this.#error(call.method, call, answer, call.secrets);
    }
    return answer;
  }

  #send(
    method: HttpRequest['method'],
    call: ApiCall & { query?: HttpRequest['query'] },
    body?: unknown,
  ): Promise<HttpResponse> {
    return this.#http.request({
      method,
      path: `api/v3/${call.path}`,
      query: call.query,
      signal: call.options?.signal,
      ...(body === undefined
        ? {}
        : {
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
    });
  }

  #error(
    method: HttpRequest['method'],
    { path, permission }: ApiCall,
    answer: HttpResponse,
    secrets: Array<SecretValue | undefined> = [],
  ): Error {
    return errorFromAnswer(
      {
        system: this.#http.name,
        method,
        path: `/api/v3/${path}`,
        permission,
        secrets: [
          this.#token,
          ...secrets.filter(secret => secret !== undefined),
        ],
      },
      answer,
    );
  }

  #asked(method: string, path: string): string {
    return `${this.#http.name}: ${method} /api/v3/${path}`;
  }
}

/**
 * Makes one segment of a path. A segment of dots would be resolved away and the request reach another endpoint.
 *
 * @throws InputError where no object can be called so
 * @internal
 */
export function segment(value: string | number): string {
  if (/^\.{0,2}$/.test(`${value}`)) {
    throw new InputError(`"${value}" does not name an object of authentik`);
  }
  return encodeURIComponent(value);
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/** An unknown URL is answered 404 too, but as a page. */
function isNoSuchObject(answer: HttpResponse): boolean {
  return answer.status === 404 && isJson(answer);
}
