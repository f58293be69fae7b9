import {
  ForeignText,
  type ForeignTextFormatter,
  type SecretValue,
} from '../core';
import { parseJson } from './json';
import { formatterOf, type SentRequest } from './sentValues';

/** @internal */
export interface ReceivedAnswer {
  status: number;
  /** By lower-case name. */
  headers: Record<string, string | string[] | undefined>;
  /** Empty where it was too large to be read. */
  body: string;
  isExpected: boolean;
}

/**
 * An answer with its body read; redirects are not followed. It remembers what was sent, and shows no text of the system
 * that repeats any of it.
 *
 * @internal
 */
export class HttpResponse {
  readonly status: number;
  /** Whether the status is one that the caller reads. */
  readonly isExpected: boolean;
  readonly body: ForeignText;
  readonly #headers: ReceivedAnswer['headers'];
  readonly #sent: SentRequest;
  #json: { value: unknown } | undefined;

  constructor(received: ReceivedAnswer, sent: SentRequest) {
    this.status = received.status;
    this.isExpected = received.isExpected;
    this.body = new ForeignText(received.body);
    this.#headers = received.headers;
    this.#sent = sent;
  }

  /** A header by its lower-case name; a repeated one has its values joined by a comma. */
  header(name: string): ForeignText | undefined {
    const value = this.#headers[name];
    return value === undefined
      ? undefined
      : new ForeignText([value].flat().join(', '));
  }

  /** The values of `set-cookie`, not joined because their dates contain commas. */
  get cookies(): string[] {
    return [this.#headers['set-cookie'] ?? []].flat();
  }

  /** Such as `application/json`; only a well-formed one. */
  get mediaType(): string | undefined {
    const type = this.header('content-type')?.read().split(';')[0].trim();
    return type && /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(type)
      ? type.toLowerCase()
      : undefined;
  }

  /** The wait that the system asks for; only a well-formed one. */
  get retryAfter(): string | undefined {
    const wait = this.header('retry-after')?.read();
    return wait && /^[\w ,:]{1,40}$/.test(wait) ? wait : undefined;
  }

  /** By which authentik's own log knows the request; only a well-formed one. */
  get requestId(): string | undefined {
    const id = this.header('x-authentik-id')?.read();
    return id && /^[a-z0-9]{8,64}$/.test(id) ? id : undefined;
  }

  get isRedirect(): boolean {
    return this.status >= 300 && this.status < 400;
  }

  /** The body, if it is JSON. Its strings must not be printed: wrap them, and use {@link HttpResponse.show}. */
  json(): unknown {
    this.#json ??= {
      value: /^application\/([\w.-]+\+)?json$/.test(this.mediaType ?? '')
        ? parseJson(this.body.read())
        : undefined,
    };
    return this.#json.value;
  }

  /** Makes texts of this answer fit for messages, without anything that was sent. */
  formatter(secrets: readonly SecretValue[] = []): ForeignTextFormatter {
    return formatterOf(this.#sent, secrets);
  }

  /** Where a redirect leads: origin and path, since the query can contain anything. */
  showPlace(): string {
    const location = this.header('location')?.read() ?? '';
    const base = 'http://none';
    if (!location || !URL.canParse(location, base)) {
      return 'an unnamed place';
    }
    // A URL has no spaces and quotation marks once it is parsed.
    const { origin, pathname } = new URL(location, base);
    return this.formatter().line(
      origin === base ? pathname : `${origin}${pathname}`,
    );
  }

  /** The status, and what the answer is, where it is not the expected one: `302, a redirect to https://login.company/`. */
  describe(): string {
    return this.isRedirect && this.header('location')
      ? `${this.status}, a redirect to ${this.showPlace()}`
      : `${this.status} with ${this.mediaType ?? 'no content type'}`;
  }
}
