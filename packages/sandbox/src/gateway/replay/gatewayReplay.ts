import type { Json, JsonObject } from '../../json';
import { isJsonObject } from '../../json';
import type { Replayed } from '../../replay/differences';
import type { Exchange, Recording } from '../../replay/exchange';
import { Reply, send } from '../../replay/send';
import { bearer } from '../../testing/gatewayHarness';
import type { ApiKey } from '../database';
import { compareAnswers } from './compareAnswers';
import { grantSignIn, learnToken, withPlaceholders } from './signIns';
import { Stage } from './stage';

/** @internal */
export type Step = (replay: GatewayReplay) => Promise<unknown> | unknown;

/** What was done without being recorded: restarts with another environment, and SQL. @internal */
export interface Scenario {
  start?: Step;
  /** Before the first exchange whose title begins so. */
  before?: Record<string, Step>;
  /** Of a sign-in whose claims were not recorded. */
  claims?: (title: string) => JsonObject;
}

/** Holds a gateway against one recording. @internal */
export class GatewayReplay {
  /** Placeholders, and what stands for them here. */
  readonly secrets = new Map<string, string>([
    ['<password>', 'right-password'],
  ]);

  private constructor(readonly stage: Stage, readonly recording: Recording) {}

  static async run(
    recording: Recording,
    scenario: Scenario | undefined,
  ): Promise<Replayed[]> {
    const results: Replayed[] = [];
    await Stage.with(async stage => {
      stage.restore();
      const replay = new GatewayReplay(stage, recording);
      await scenario?.start?.(replay);
      for (const exchange of recording.exchanges) {
        const prefix = Object.keys(scenario?.before ?? {}).find(title =>
          exchange.title.startsWith(title),
        );
        if (prefix !== undefined && !replay.#seen.has(prefix)) {
          replay.#seen.add(prefix);
          await scenario?.before?.[prefix]?.(replay);
        }
        grantSignIn(replay, exchange, scenario?.claims);
        const reply = await replay.#send(exchange);
        replay.#learn(exchange, reply);
        learnToken(replay, exchange, reply);
        results.push({
          scenario: recording.scenario,
          title: exchange.title,
          problems: compareAnswers(
            exchange,
            withPlaceholders(replay, reply),
            value => stage.recorded(value),
          ),
        });
      }
    });
    return results;
  }

  readonly #seen = new Set<string>();

  get apiKey(): string {
    return `${this.stage.gateway.database.organization.id}|static-key`;
  }

  boot(env: Record<string, string>): Promise<unknown> {
    return this.stage.gateway.boot({ API_KEY: this.apiKey, ...env });
  }

  /** Settings of OpenID through the provider of the stage. */
  oidc(changes: Record<string, string> = {}): Record<string, string> {
    return {
      AUTH_METHOD: 'oidc',
      IDP_ISSUER: this.stage.provider.issuer,
      IDP_CLIENT_ID: 'hoop',
      IDP_CLIENT_SECRET: 'client-secret',
      IDP_GROUPS_CLAIM: 'groups',
      ...changes,
    };
  }

  addKey(placeholder: string, groups: string[]): ApiKey {
    const key = this.stage.gateway.database.addApiKey('portal', groups);
    this.secrets.set(placeholder, key.key);
    return key;
  }

  /** An account of the gateway, and the token of its sign-in. */
  async account(
    email: string,
    placeholder: string,
    name = 'Jane Doe',
  ): Promise<void> {
    const reply = await this.stage.gateway.call(
      'POST',
      '/api/localauth/register',
      { body: { email, password: 'right-password', name } },
    );
    this.secrets.set(placeholder, reply.headers.get('token') ?? '');
  }

  /** One more account of the gateway. */
  async addUser(
    name: string,
    groups: string[],
    status = 'active',
  ): Promise<void> {
    const { gateway } = this.stage;
    const email = `${name}@company.example`;
    const body = { name, email, password: 'right-password', groups };
    const { headers } = bearer(this.secrets.get('<hpk_key:47>') ?? '');
    await gateway.call('POST', '/api/users', { headers, body });
    await gateway.call('PUT', `/api/users/${email}`, {
      headers,
      body: { ...body, status },
    });
  }

  /** Who signed in through the provider before. */
  addPerson(
    { sub, ...person }: { sub: string; email: string; name: string },
    groups: string[],
  ): void {
    this.stage.gateway.database.addUser({
      ...person,
      ...{ subject: sub, groups, status: 'active', verified: true },
    });
  }

  #filled(text: string): string {
    return [...this.secrets].reduce(
      (filled, [placeholder, value]) => filled.split(placeholder).join(value),
      this.stage
        .here(text)
        .replace(/[0-9a-f-]{36}\|<api_key:\d+>/, this.apiKey)
        .replace(/<client_secret:\d+>/g, 'client-secret'),
    );
  }

  #send({ request }: Exchange): Promise<Reply> {
    const body =
      typeof request.body === 'string'
        ? request.body
        : request.body && JSON.stringify(request.body);
    return send({
      url: this.stage.gateway.url,
      method: request.method,
      path: this.#filled(request.path),
      headers: {
        ...Object.fromEntries(
          Object.entries(request.headers ?? {}).map(([name, value]) => [
            name,
            this.#filled(value),
          ]),
        ),
        ...(request.cookies && {
          Cookie: `${request.cookies[0]}=${
            [...this.secrets.values()][1] ?? ''
          }`,
        }),
      },
      body: body ? this.#filled(String(body)) : undefined,
    });
  }

  #learn({ response }: Exchange, reply: Reply): void {
    const placeholder = response.headers.Token;
    if (placeholder && reply.headers.token) {
      this.secrets.set(String(placeholder), String(reply.headers.token));
    }
    const walk = (recorded: Json | undefined, actual: Json | undefined) => {
      if (!isJsonObject(recorded) || !isJsonObject(actual)) return;
      for (const [key, value] of Object.entries(recorded)) {
        if (typeof value === 'string' && /^<\w+_(api_)?key:/.test(value)) {
          this.secrets.set(value, String(actual[key]));
        }
      }
    };
    if (reply.headers['content-type']?.includes('json') && reply.body) {
      walk(response.body, JSON.parse(reply.body) as Json);
    }
  }
}
