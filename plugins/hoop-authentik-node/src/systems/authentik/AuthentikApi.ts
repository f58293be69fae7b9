import { z } from 'zod';
import {
  type ConnectionOptions,
  connectionTo,
  decodeAnswer,
  HttpClient,
  type HttpRequest,
  type HttpResponse,
  readPages,
} from '../../http';
import {
  mayBeCarriedOut,
  type SecretValue,
  unlessAborted,
  untilSettled,
} from '../../core';
import {
  type ApiCall,
  type ApiWrite,
  isNoSuchObject,
  isRefusal,
  OWN_USER,
  pageNumbers,
  pageSchema,
} from './apiCalls';
import { errorFromAnswer } from './errors';
import type { ApiToken } from './oauthToken';

/** The most that a server from 2025.12 returns per page unless its tenant says otherwise; older ones return more. */
const PAGE_SIZE = 100;

/** A busy server takes many seconds for a write, and carries it out although its caller has gone. @internal */
export const WRITE_TIMEOUT_MS = 60_000;

/** It carries out about two at a time. A third one, such as the second binding of a new application, waits there briefly. */
const WRITES_IN_FLIGHT = 3;

/** How long a token that was accepted counts as accepted, and a refused one as refused. */
const TOKEN_REMEMBERED_MS = 5_000;

/** Choices of authentik's API that are sent as values and stand in its messages too, such as in names of fields. */
const PROTOCOL_WORDS = [
  'authorization',
  'authorization_code',
  'refresh_token',
  'strict',
  'regex',
  'confidential',
  'public',
  'per_provider',
  'global',
  'hashed_user_id',
];

/**
 * The conventions that all endpoints of authentik's API share: JSON only, trailing slashes, pages, and the meaning of
 * statuses.
 *
 * @internal
 */
export class AuthentikApi {
  /** How long a write may take. */
  readonly writeTimeoutMs: number;
  readonly #http: HttpClient;
  readonly #token: ApiToken;
  #accepted: { at: number; answer: Promise<boolean | undefined> } | undefined;

  constructor(
    options: ConnectionOptions & {
      system: string;
      baseUrl: string;
      token: ApiToken;
      writeTimeoutMs?: number;
    },
  ) {
    this.#token = options.token;
    this.writeTimeoutMs =
      options.writeTimeoutMs ?? options.timeoutMs ?? WRITE_TIMEOUT_MS;
    this.#http = new HttpClient({
      name: options.system,
      baseUrl: options.baseUrl,
      ...connectionTo(options),
      writeTimeoutMs: this.writeTimeoutMs,
      writesInFlight: WRITES_IN_FLIGHT,
      headers: async () => ({
        accept: 'application/json',
        authorization: `Bearer ${(await options.token.get()).reveal()}`,
      }),
    });
  }

  /** Reads one object that must exist. */
  async get<Schema extends z.ZodType>(
    call: ApiCall & { query?: HttpRequest['query'] },
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const answer = await this.#send('GET', call, [200]);
    if (!answer.isExpected) {
      throw await this.#error('GET', call, answer);
    }
    return decodeAnswer(this.#asked('GET', call.path), answer, schema);
  }

  /** Reads one object; `undefined` if the server knows the endpoint but has no such object. */
  async find<Schema extends z.ZodType>(
    call: ApiCall & { query?: HttpRequest['query'] },
    schema: Schema,
  ): Promise<z.output<Schema> | undefined> {
    const answer = await this.#send('GET', call, [200]);
    if (isNoSuchObject(answer)) {
      return undefined;
    }
    if (!answer.isExpected) {
      throw await this.#error('GET', call, answer);
    }
    return decodeAnswer(this.#asked('GET', call.path), answer, schema);
  }

  /** Reads a list to its end. Servers ignore filters they do not know, so callers check each match again. */
  async list<Schema extends z.ZodType<{ pk: string | number }>>(
    call: ApiCall & { query?: Record<string, string | undefined> },
    schema: Schema,
  ): Promise<Array<z.output<Schema>>> {
    const page = pageSchema(schema);
    const asked = this.#asked('GET', call.path);
    const pages = await readPages(
      asked,
      { signal: call.options?.signal },
      async (next, signal) => {
        const answer = await this.#send(
          'GET',
          {
            ...call,
            options: { ...call.options, signal },
            query: {
              ...call.query,
              page: next ?? '1',
              page_size: `${PAGE_SIZE}`,
            },
          },
          [200],
        );
        if (next !== undefined && isNoSuchObject(answer)) {
          // Objects that were deleted meanwhile can make the last page disappear, which ends the list.
          return { items: [], next: undefined, size: 0 };
        }
        if (!answer.isExpected) {
          throw await this.#error('GET', call, answer);
        }
        const { results, pagination } = decodeAnswer(asked, answer, page);
        return {
          items: results,
          next: pagination.next ? `${pagination.next}` : undefined,
          // The numbers of the pages are known from the first one on.
          others:
            next === undefined && pagination.next === 2
              ? pageNumbers(pagination.total_pages ?? 1)
              : undefined,
          size: answer.body.length,
        };
      },
    );
    // Objects created meanwhile push others onto the following page, which then repeats them.
    const found = new Map<string | number, z.output<Schema>>();
    for (const item of pages.flatMap(({ items }) => items)) {
      if (!found.has(item.pk)) {
        found.set(item.pk, item);
      }
    }
    return [...found.values()];
  }

  /** Reads only the first objects of a list. */
  async first<Schema extends z.ZodType>(
    call: ApiCall & { query?: Record<string, string | undefined> },
    count: number,
    schema: Schema,
  ): Promise<Array<z.output<Schema>>> {
    const query = { ...call.query, page_size: `${count}` };
    const page = await this.get({ ...call, query }, pageSchema(schema));
    return page.results;
  }

  /** Writes and decodes the response. */
  async write<Schema extends z.ZodType>(
    call: ApiWrite,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const answer = await this.#write(call);
    return decodeAnswer(this.#asked(call.method, call.path), answer, schema);
  }

  /** Writes and ignores the body of the response. */
  async post(call: Omit<ApiWrite, 'method'>): Promise<void> {
    const answer = await this.#write({ ...call, method: 'POST' });
    if (answer.mediaType === 'text/html') {
      // The page of a proxy is no success.
      decodeAnswer(this.#asked('POST', call.path), answer, z.unknown());
    }
  }

  /** False if there was no such object. */
  async delete(call: ApiCall): Promise<boolean> {
    let answer: HttpResponse;
    try {
      answer = await this.#send('DELETE', call, [204]);
    } catch (error) {
      if (mayBeCarriedOut(error) && (await this.#isGoneSoon(call))) {
        return true;
      }
      throw error;
    }
    if (isNoSuchObject(answer)) {
      return false;
    }
    // The page of a proxy is a success that says nothing about the object: only reading it does.
    if (
      !answer.isExpected &&
      !(answer.status < 300 && (await this.#isGone(call)))
    ) {
      throw await this.#error('DELETE', call, answer);
    }
    return true;
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  async #isGone(call: ApiCall): Promise<boolean> {
    const answer = await this.#send('GET', call, [200]);
    return isNoSuchObject(answer);
  }

  async #isGoneSoon(call: ApiCall): Promise<boolean> {
    return untilSettled(
      async () => ((await this.#isGone(call)) ? true : undefined),
      { ...call.options, patienceMs: this.writeTimeoutMs },
    ).then(Boolean);
  }

  async #write(call: ApiWrite): Promise<HttpResponse> {
    const { method } = call;
    const answer = await this.#send(method, call, [200, 201], call.body);
    if (!answer.isExpected) {
      throw await this.#error(method, call, answer, call.secrets);
    }
    return answer;
  }

  #send(
    method: HttpRequest['method'],
    call: ApiCall & { query?: HttpRequest['query'] },
    expect: readonly number[],
    body?: unknown,
  ): Promise<HttpResponse> {
    return this.#http.request({
      method,
      path: `api/v3/${call.path}`,
      query: call.query,
      expect,
      plain: PROTOCOL_WORDS,
      signal: call.options?.signal,
      lane: call.options?.lane,
      ...(body === undefined
        ? {}
        : {
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
    });
  }

  async #error(
    method: HttpRequest['method'],
    { path, permission, options }: ApiCall,
    answer: HttpResponse,
    secrets: Array<SecretValue | undefined> = [],
  ): Promise<Error> {
    return errorFromAnswer(
      {
        system: this.#http.name,
        method,
        path: `/api/v3/${path}`,
        permission,
        tokenAccepted: isRefusal(answer)
          ? path !== OWN_USER &&
            (await unlessAborted(() => this.#tokenAccepted(), options?.signal))
          : undefined,
        // The token is among the headers that were sent.
        secrets: secrets.filter(secret => secret !== undefined),
      },
      answer,
    );
  }

  /** Whether the token is accepted; both refusals are a 403, with words in the language of the server. */
  #tokenAccepted(): Promise<boolean | undefined> {
    const now = Date.now();
    if (!this.#accepted || now - this.#accepted.at > TOKEN_REMEMBERED_MS) {
      const answer: Promise<boolean | undefined> = this.#send(
        'GET',
        { path: OWN_USER, options: undefined },
        [200],
      ).then(
        own => own.isExpected || (isRefusal(own) ? false : undefined),
        () => undefined,
      );
      answer.then(accepted => accepted === false && this.#token.refused?.());
      this.#accepted = { at: now, answer };
    }
    return this.#accepted.answer;
  }

  #asked(method: string, path: string): string {
    return `${this.#http.name}: ${method} /api/v3/${path}`;
  }
}
