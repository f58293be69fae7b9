import type { Json } from '../../json';
import { isJsonObject } from '../../json';
import { randomString } from '../support/random';
import type { ChildSandbox } from './childSandbox';
import type { Exchange } from '../../replay/exchange';
import type { Snapshot } from './translate';

const PLACEHOLDER =
  /<(client_secret|token_key|app_password|code|access_token|id_token|refresh_token|consent_token|file_token):(\d+)(?:#\d+)?>/;

const PERMISSIONS: Record<string, string[] | undefined> = {
  'add-only': [
    'authentik_core.add_application',
    'authentik_providers_oauth2.add_oauth2provider',
  ],
  'add-application-only': ['authentik_core.add_application'],
  'add-provider-only': ['authentik_providers_oauth2.add_oauth2provider'],
  'change-without-view': ['change', 'delete'].flatMap(verb => [
    `authentik_core.${verb}_application`,
    `authentik_providers_oauth2.${verb}_oauth2provider`,
  ]),
  'view-without-change': [
    'authentik_core.view_application',
    'authentik_providers_oauth2.view_oauth2provider',
  ],
  expired: undefined,
  inactive: undefined,
};

/**
 * Puts real secrets where a recording has placeholders, and learns new ones from answers.
 *
 * @internal
 */
export class Credentials {
  readonly #values = new Map<string, string>();
  readonly #accounts = new Map<string, string>();
  #snapshot: Snapshot | undefined;
  /** The provider `Basic <client>` speaks for in an exchange. */
  clientFor: (title: string) => string = () => 'Hoop';
  readonly #currentSecret = new Map<string, string>();
  readonly #formerSecrets = new Map<string, string>();

  constructor(private readonly child: ChildSandbox) {}

  refresh(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    for (const { name, clientSecret } of snapshot.providers) {
      const before = this.#currentSecret.get(name);
      if (before !== undefined && before !== clientSecret) {
        this.#formerSecrets.set(name, before);
      }
      this.#currentSecret.set(name, clientSecret);
    }
  }

  set(placeholder: string, value: string): void {
    this.#values.set(placeholder, value);
  }

  /** Makes the service accounts a recording speaks of. */
  async addAccounts(exchanges: readonly Exchange[]): Promise<void> {
    const used = JSON.stringify(exchanges.map(one => one.request.headers));
    for (const [name, permissions] of Object.entries(PERMISSIONS)) {
      if (!used.includes(`<${name}>`)) continue;
      const key = await this.child.fixture<string>({
        op: 'serviceAccount',
        name: `${name}-sa`,
        permissions,
      });
      this.#accounts.set(name, key);
    }
  }

  #basic(kind: string, name: string): string {
    const provider = this.#snapshot?.providers.find(one => one.name === name);
    const id = provider?.clientId ?? '';
    const secrets: Record<string, [string, string]> = {
      client: [id, provider?.clientSecret ?? ''],
      'client, wrong secret': [id, 'wrong-secret'],
      'client, old secret': [id, this.#formerSecrets.get(name) ?? ''],
      'client, empty secret': [id, ''],
      'unknown client': ['nope', 'wrong-secret'],
      'user:password': ['akadmin', 'not-the-password'],
    };
    return Buffer.from(secrets[kind].join(':')).toString('base64');
  }

  authorization(exchange: Exchange, value: string): string {
    const basic = /^Basic <([^>]+)>$/.exec(value);
    if (basic)
      return `Basic ${this.#basic(basic[1], this.clientFor(exchange.title))}`;
    return value.replace(/<([^>]+)>/g, (whole, name: string) => {
      switch (name) {
        case 'admin':
        case 'admin token':
          return this.child.tokens.admin;
        case 'least-privilege':
          return this.#accounts.get(name) ?? this.child.tokens.leastPrivilege;
        case 'no-permissions':
          return this.child.tokens.noPermissions;
        case 'unknown token':
          return randomString(60);
        default:
          return this.#accounts.get(name) ?? this.#values.get(whole) ?? whole;
      }
    });
  }

  /** Fills the placeholders of a request. A new secret in a change is made up. */
  fill(exchange: Exchange, body: Json): Json {
    if (Array.isArray(body)) return body.map(one => this.fill(exchange, one));
    if (!isJsonObject(body)) {
      return typeof body === 'string' ? this.#fillText(exchange, body) : body;
    }
    return Object.fromEntries(
      Object.entries(body).map(([key, value]) => [
        key,
        key === 'client_secret' && typeof value === 'string'
          ? this.#clientSecret(exchange, value, body.client_id)
          : this.fill(exchange, value as Json),
      ]),
    );
  }

  #fillText(exchange: Exchange, text: string): string {
    if (text === '<password>') return this.#password(exchange.title);
    return this.#values.get(text) ?? text;
  }

  #password(title: string): string {
    const user = ['akadmin', 'bob'].find(name => title.startsWith(name));
    return this.#snapshot?.passwords[user ?? 'jane'] ?? '';
  }

  #clientSecret(
    exchange: Exchange,
    text: string,
    clientId: Json | undefined,
  ): string {
    const match = PLACEHOLDER.exec(text);
    if (!match) return text;
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    const length = Number(match[2]);
    const owner = this.#snapshot?.providers.find(
      one => one.clientId === clientId,
    );
    const isLogin = exchange.request.path.startsWith('/application/o/');
    let value = owner && isLogin ? owner.clientSecret : randomString(length);
    // So short a secret was recorded for the sake of its characters.
    if (length < 10) value = 'ä'.repeat(length);
    this.#values.set(text, value);
    return value;
  }

  /** Learns placeholders of an answer, wherever they stand in it. */
  learnFrom(recorded: Json | undefined, actual: Json | undefined): void {
    if (typeof recorded === 'string' && typeof actual === 'string') {
      const match = PLACEHOLDER.exec(recorded);
      if (!match || match.index === undefined) return;
      const before = recorded.slice(0, match.index);
      const after = recorded.slice(match.index + match[0].length);
      const start = before ? actual.indexOf(before.slice(-5)) + 5 : 0;
      const end = after
        ? actual.indexOf(after.slice(0, 5), start)
        : actual.length;
      this.#values.set(
        match[0],
        actual.slice(before ? start : 0, end < 0 ? actual.length : end),
      );
    } else if (Array.isArray(recorded) && Array.isArray(actual)) {
      if (recorded.length === actual.length) {
        recorded.forEach((one, index) => this.learnFrom(one, actual[index]));
      }
    } else if (isJsonObject(recorded) && isJsonObject(actual)) {
      for (const key of Object.keys(recorded)) {
        this.learnFrom(recorded[key], actual[key]);
      }
    }
  }

  /** A recorded answer with the learnt values in it. */
  expected(value: Json | undefined): Json | undefined {
    if (typeof value === 'string') {
      return value.replace(
        new RegExp(PLACEHOLDER, 'g'),
        whole => this.#values.get(whole) ?? whole,
      );
    }
    if (Array.isArray(value)) {
      return value.map(one => this.expected(one) as Json);
    }
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, this.expected(item)]),
    );
  }

  setAccount(name: string, key: string): void {
    this.#accounts.set(name, key);
  }

  async addAppPassword(username: string): Promise<void> {
    this.#accounts.set(
      'app password',
      await this.child.fixture<string>({ op: 'appPassword', username }),
    );
  }
}
