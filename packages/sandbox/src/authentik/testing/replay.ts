import type { Json, JsonObject } from '../../json';
import { isJsonObject } from '../../json';
import { authorizePath, Browser } from './browser';
import type { Reply } from '../../replay/send';
import type { ChildSandbox } from './childSandbox';
import { send } from '../../replay/send';
import { compare } from './compare';
import { Credentials } from './credentials';
import type { Replayed } from '../../replay/differences';
import type { Exchange, Recording } from '../../replay/exchange';
import type { Seeds } from './recordings';
import type { Snapshot } from './translate';
import { Translation } from './translate';

/** The recorded servers were addressed by a public name, behind a TLS proxy. */
const PROXY_HEADERS = {
  Host: 'authentik.company',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-For': '203.0.113.10',
  'User-Agent': 'recorder',
};

/** What an exchange created, by the names it asked for. */
interface Made {
  slug: Json | undefined;
  name: Json | undefined;
  clientId: Json | undefined;
}

/** @internal */
export type Step = (replay: Replay, exchange: Exchange) => Promise<unknown>;

/**
 * What was done without being recorded: before a scenario, and before single exchanges of it.
 *
 * @internal
 */
export interface Scenario {
  start?: (replay: Replay, exchanges: Exchange[]) => Promise<unknown>;
  before?: Record<string, Step>;
  /** Whatever a transactional request made is removed before the next one. */
  tidy?: true;
  /** The provider whose credentials `Basic <client>` means. */
  client?: (title: string) => string;
}

/**
 * Replays one scenario. Made anew for each, since placeholders only mean something within a file.
 *
 * @internal
 */
export class Replay {
  readonly results: Replayed[] = [];
  readonly credentials: Credentials;
  readonly translation: Translation;
  /** Cookies of the browser that signs in. */
  #jar = new Map<string, string>();

  private constructor(
    readonly child: ChildSandbox,
    readonly recording: Recording,
    seeds: Seeds,
    public snapshot: Snapshot,
    private readonly scenario: Scenario | undefined,
  ) {
    this.translation = new Translation(recording.exchanges, seeds, snapshot);
    this.credentials = new Credentials(child);
  }

  static async run(
    child: ChildSandbox,
    recording: Recording,
    seeds: Seeds,
    scenario: Scenario | undefined,
  ): Promise<Replay> {
    await child.fixture({ op: 'reset' });
    const snapshot = await child.fixture<Snapshot>({ op: 'snapshot' });
    const replay = new Replay(child, recording, seeds, snapshot, scenario);
    await replay.#all();
    return replay;
  }

  /** A request of the superuser, for set-ups. */
  async api(method: string, path: string, body?: Json): Promise<JsonObject> {
    const reply = await this.raw({
      method,
      path: `/api/v3/${path}`,
      headers: {
        Authorization: `Bearer ${this.child.token}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (reply.status >= 400) {
      throw new Error(`${method} ${path}: ${reply.status} ${reply.body}`);
    }
    await this.refresh();
    return reply.body ? (JSON.parse(reply.body) as JsonObject) : {};
  }

  raw(request: {
    method: string;
    path: string;
    headers: Record<string, string>;
    body?: string;
  }): Promise<Reply> {
    return send({
      url: this.child.url,
      method: request.method,
      path: request.path,
      headers: { ...PROXY_HEADERS, ...request.headers },
      body: request.body,
    });
  }

  async refresh(): Promise<void> {
    this.snapshot = await this.child.fixture<Snapshot>({ op: 'snapshot' });
    this.translation.refresh(this.snapshot);
    this.credentials.refresh(this.snapshot);
  }

  async #all(): Promise<void> {
    const { scenario } = this;
    const { exchanges } = this.recording;
    if (scenario?.client) this.credentials.clientFor = scenario.client;
    await this.refresh();
    await scenario?.start?.(this, exchanges);
    await this.credentials.addAccounts(exchanges);
    for (let index = 0; index < exchanges.length; index++) {
      const exchange = exchanges[index];
      await scenario?.before?.[exchange.title]?.(this, exchange);
      if (exchange.leftOut) continue;
      await this.refresh();
      await this.#makeRoom(exchange);
      if (exchange.parallel) {
        const together = exchanges.slice(index, index + exchange.parallel);
        await this.#race(together);
        index += together.length - 1;
      } else {
        await this.#one(exchange);
      }
    }
  }

  /**
   * Between two exchanges the recorder removed what it had made. Where a recorded create worked,
   * nothing can have been in its way.
   */
  async #makeRoom(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    const isPut = request.method === 'PUT' && isJsonObject(request.body);
    if (isPut && this.scenario?.tidy) {
      for (const made of this.#made.splice(0)) await this.#remove(made);
    }
    const path = request.path.replace('/api/v3/', '');
    const applied =
      isJsonObject(response.body) &&
      (exchange.parallel || response.body.applied === true);
    const creates =
      (path === 'core/transactional/applications/' && applied) ||
      response.status === 201;
    if (!creates || !isJsonObject(request.body)) return;
    const { body } = request;
    const app = path.startsWith('core/applications') ? body : body.app;
    const provider = path.startsWith('providers/') ? body : body.provider;
    const slug = isJsonObject(app) ? app.slug : undefined;
    const name = isJsonObject(provider) ? provider.name : undefined;
    const clientId = isJsonObject(provider) ? provider.client_id : undefined;
    const made = { slug, name, clientId };
    await this.#remove(made);
    this.#made.push(made);
  }

  readonly #made: Made[] = [];

  async #remove({ slug, name, clientId }: Made): Promise<void> {
    if (this.snapshot.applications.some(one => one.slug === slug)) {
      await this.api('DELETE', `core/applications/${slug}/`);
    }
    for (const one of this.snapshot.providers) {
      if (one.name === name || one.clientId === clientId) {
        await this.api('DELETE', `providers/oauth2/${one.pk}/`);
      }
    }
  }

  async #send(exchange: Exchange): Promise<Reply> {
    const { request } = exchange;
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers ?? {})) {
      headers[name] =
        name === 'Authorization'
          ? this.credentials.authorization(exchange, value)
          : value;
    }
    if (request.cookies) {
      headers.Cookie = [...this.#jar]
        .map(([name, value]) => `${name}=${value}`)
        .join('; ');
    }
    const other = /sent with "Host: ([^"]+)" over (https?)/.exec(
      exchange.note ?? '',
    );
    return this.raw({
      method: request.method,
      path: this.translation.text(request.path),
      headers: {
        ...headers,
        ...(other && { Host: other[1], 'X-Forwarded-Proto': other[2] }),
      },
      body: this.#body(exchange),
    });
  }

  #body(exchange: Exchange): string | undefined {
    const { request } = exchange;
    if (request.body === undefined) return undefined;
    const type = request.headers?.['Content-Type'] ?? '';
    const body = this.credentials.fill(
      exchange,
      this.translation.json(request.body) as Json,
    );
    if (typeof body === 'string') return body;
    return type.startsWith('application/x-www-form-urlencoded')
      ? new URLSearchParams(body as Record<string, string>).toString()
      : JSON.stringify(body);
  }

  #keepCookies(exchange: Exchange, reply: Reply): void {
    if (!exchange.request.cookies && reply.headers['set-cookie']) {
      this.#jar = new Map();
    }
    for (const cookie of reply.headers['set-cookie'] ?? []) {
      const [pair] = cookie.split(';');
      const equals = pair.indexOf('=');
      this.#jar.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
  }

  async #one(exchange: Exchange): Promise<void> {
    const reply = await this.#send(exchange);
    this.#keepCookies(exchange, reply);
    let actual: Json | undefined;
    if (reply.headers['content-type'] === 'application/json' && reply.body) {
      actual = JSON.parse(reply.body) as Json;
      this.translation.learnFrom(exchange.response.body, actual);
      this.credentials.learnFrom(exchange.response.body, actual);
      await this.refresh();
    }
    const { Location: location } = exchange.response.headers;
    this.credentials.learnFrom(location as string, reply.headers.location);
    const problems = compare(
      exchange,
      {
        body: this.credentials.expected(
          this.translation.json(exchange.response.body),
        ),
        location:
          location === undefined
            ? undefined
            : (this.credentials.expected(
                this.translation.text(String(location)),
              ) as string),
      },
      reply,
    );
    this.#report(exchange, problems);
  }

  #report(exchange: Exchange, problems: string[]): void {
    this.results.push({
      scenario: this.recording.scenario,
      title: exchange.title,
      problems,
    });
  }

  /**
   * Requests sent at the same moment. Which one wins is chance; that exactly as many win as then,
   * and that the others hear something a loser then heard, is not.
   */
  async #race(exchanges: Exchange[]): Promise<void> {
    const replies = await Promise.all(exchanges.map(one => this.#send(one)));
    const key = (status: number, body: Json | undefined) => {
      const said =
        status >= 400 || (isJsonObject(body) && 'applied' in body) ? body : '';
      return JSON.stringify([status, said]);
    };
    const allowed = exchanges.map(one =>
      key(one.response.status, this.translation.json(one.response.body) ?? ''),
    );
    const answers = replies.map(reply => {
      const json = reply.headers['content-type'] === 'application/json';
      return key(
        reply.status,
        json ? (JSON.parse(reply.body) as Json) : reply.body,
      );
    });
    const wins = (keys: string[]) =>
      keys.filter(one => /^\[(201|204)|"applied":true/.test(one)).length;
    const problems = answers
      .filter(answer => !allowed.includes(answer))
      .map(answer => `nobody was told ${answer}`);
    if (wins(answers) !== wins(allowed)) {
      problems.push(`${wins(allowed)} winners became ${wins(answers)}`);
    }
    exchanges.forEach((one, index) =>
      this.#report(one, index === 0 ? problems : []),
    );
  }

  /** Signs a user in through the sign-in page and returns the code. */
  async signIn(options: {
    username: string;
    client: string;
    scope?: string;
    nonce?: string;
  }): Promise<string> {
    const provider = this.snapshot.providers.find(
      one => one.name === options.client,
    );
    const location = await new Browser(this.child.url, PROXY_HEADERS).signIn(
      authorizePath({
        redirect_uri: 'https://hoop.company/api/callback',
        response_type: 'code',
        scope: options.scope ?? 'openid profile email',
        state: 'st1',
        client_id: provider?.clientId ?? '',
        ...(options.nonce && { nonce: options.nonce }),
      }),
      options.username,
      this.snapshot.passwords[options.username],
    );
    const code = new URL(location).searchParams.get('code');
    if (!code) throw new Error(`no code: ${location}`);
    return code;
  }
}
