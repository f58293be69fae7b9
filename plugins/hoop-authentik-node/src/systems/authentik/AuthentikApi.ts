import {
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { z } from 'zod';
import { HttpClient, type HttpRequest, type HttpResponse } from '../../http';
import type { CallOptions, SecretValue } from '../../core';
import { decode } from './codec';
import { errorFromAnswer, isJson } from './errors';

/** The most that a server from 2025.12 returns per page unless its tenant says otherwise; older ones return more. */
const PAGE_SIZE = 100;

/**
 * Where an authentik instance is.
 *
 * @public
 */
export interface InstanceOptions {
  /** Name of the instance in app-config. */
  name: string;
  /** Public base URL. */
  baseUrl: string;
  /** PEM of the certificate authority, if the system does not trust it already. */
  ca?: string;
  /** Deadline of one attempt in milliseconds. */
  timeoutMs?: number;
}

/**
 * The base URL without a trailing slash, and the name of the instance in messages, without credentials that the URL may
 * contain.
 *
 * @internal
 */
export function describeInstance({ name, baseUrl }: InstanceOptions): {
  baseUrl: string;
  system: string;
} {
  const bare = baseUrl.replace(/\/+$/, '');
  const shown = new URL(bare);
  shown.username = '';
  shown.password = '';
  return {
    baseUrl: bare,
    system: `authentik instance "${name}" (${shown.href.replace(/\/$/, '')})`,
  };
}

/**
 * One call of the API.
 *
 * @internal
 */
export interface ApiCall {
  /** Below `api/v3/`, with the trailing slash the server requires. */
  path: string;
  /** What the token needs for this call. */
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
 * The conventions that all endpoints of authentik's API share: JSON only, trailing slashes, pages, and the meaning of
 * statuses.
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
        // A refused token and a missing permission differ only in their text, so the language must be known.
        'accept-language': 'en',
        authorization: `Bearer ${options.token.reveal()}`,
      }),
    });
  }

  /** Reads one object that must exist. */
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

  /** Reads one object; `undefined` if the server knows the endpoint but has no such object. */
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

  /** Reads a list to its end. Servers ignore filters they do not know, so callers check each match again. */
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

  /** Reads only the first object of a list. */
  async first<Schema extends z.ZodType>(
    call: ApiCall & { query?: Record<string, string | undefined> },
    schema: Schema,
  ): Promise<z.output<Schema> | undefined> {
    const query = { ...call.query, page_size: '1' };
    const page = await this.get({ ...call, query }, pageSchema(schema));
    return page.results[0];
  }

  /** Writes and decodes the response. */
  async write<Schema extends z.ZodType>(
    call: ApiWrite,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const answer = await this.#write(call);
    return decode(this.#asked(call.method, call.path), answer, schema);
  }

  /** Writes and ignores the body of the response. */
  async post(call: Omit<ApiWrite, 'method'>): Promise<void> {
    await this.#write({ ...call, method: 'POST' });
  }

  /** False if there was no such object. */
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
 * Makes one segment of a path. A segment of dots would be resolved away, and the request would reach another endpoint.
 *
 * @throws InputError if no object can have this name
 * @internal
 */
export function segment(value: string | number): string {
  if (/^\.{0,2}$/.test(`${value}`)) {
    throw new InputError(
      `"${value}" is not a valid name of an authentik object`,
    );
  }
  return encodeURIComponent(value);
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/** An unknown URL is a 404 too, but an HTML page. */
function isNoSuchObject(answer: HttpResponse): boolean {
  return answer.status === 404 && isJson(answer);
}

/**
 * One page of a list; `next` is the number of the following page, 0 on the last one.
 */
function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    pagination: z.object({ next: z.number().nullish() }),
    results: z.array(item),
  });
}

/**
 * Reads a list to its end. Objects created meanwhile push others onto the following page, which then repeats them: each
 * is kept once. Objects deleted meanwhile can make the last page disappear, which ends the list.
 *
 * @param readPage - returns `undefined` if there is no such page
 */
async function collectPages<Item extends { pk: string | number }>(
  asked: string,
  readPage: (
    page: number,
  ) => Promise<
    { pagination: { next?: number | null }; results: Item[] } | undefined
  >,
): Promise<Item[]> {
  const found = new Map<string | number, Item>();
  for (let page = 1; ; ) {
    const answer = await readPage(page);
    for (const item of answer?.results ?? []) {
      if (!found.has(item.pk)) {
        found.set(item.pk, item);
      }
    }
    const next = answer?.pagination.next ?? 0;
    if (next === 0) {
      return [...found.values()];
    }
    if (next <= page) {
      throw new ServiceUnavailableError(
        `${asked}: page ${page} names page ${next} as the next one`,
      );
    }
    page = next;
  }
}

/**
 * The one object that matches. Names of groups were not unique before 2025.12, and picking one of two would be a guess.
 *
 * @throws ConflictError if several match
 * @internal
 */
export function only<Item>(
  what: string,
  items: Item[],
  matches: (item: Item) => boolean,
): Item | undefined {
  const found = items.filter(matches);
  if (found.length > 1) {
    throw new ConflictError(
      `authentik has ${found.length} objects with the same name: ${what}. Rename all but one of them.`,
    );
  }
  return found[0];
}
