import { ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';
import { ForeignText, SecretValue, withFailure, withRemedy } from '../../core';
import {
  connectionTo,
  decodeAnswer,
  HttpClient,
  type HttpResponse,
} from '../../http';
import { describeInstance, type InstanceOptions } from './names';

/**
 * Gives the token of the next request.
 *
 * @internal
 */
export interface ApiToken {
  get(): Promise<SecretValue>;
  /** The API has refused the last one: the next request needs another. */
  refused?(): void;
}

const TOKEN_PATH = 'application/o/token/';

/** Without it authentik's API refuses an access token. */
const API_SCOPE = 'goauthentik.io/api';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A token is renewed so long before it ends, or at half its life where that is later. */
const RENEWED_BEFORE_MS = 60_000;

/** What authentik issues where an answer does not say. */
const SHORTEST_LIFE_S = 60;

const grantSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
  scope: z.string().optional(),
});
const refusalSchema = z.object({ error: z.string() });

/**
 * Access tokens of authentik's own API for a client, by the client-credentials grant; one is shared by all requests until
 * shortly before it ends.
 *
 * @param credential - the secret of the client, or what gives the token of another issuer that authentik federates
 * @internal
 */
export class OAuthToken implements ApiToken {
  readonly #http: HttpClient;
  readonly #clientId: string;
  readonly #credential: Credential;
  readonly #now: () => number;
  #current: { token: Promise<SecretValue>; renewAt: number } | undefined;

  constructor(
    options: InstanceOptions & {
      clientId: string;
      credential: Credential;
      now?: () => number;
    },
  ) {
    const { system, baseUrl } = describeInstance(options);
    this.#clientId = options.clientId;
    this.#credential = options.credential;
    this.#now = options.now ?? Date.now;
    this.#http = new HttpClient({
      name: system,
      baseUrl,
      system: 'authentik',
      ...connectionTo(options),
    });
  }

  get(): Promise<SecretValue> {
    if (!this.#current || this.#now() >= this.#current.renewAt) {
      // Requests meanwhile wait for the same exchange.
      const current = {
        token: this.#exchange().then(
          ({ token, lifeMs }) => {
            current.renewAt =
              this.#now() + Math.max(lifeMs - RENEWED_BEFORE_MS, lifeMs / 2);
            return token;
          },
          error => {
            this.#forget(current);
            throw error;
          },
        ),
        renewAt: Infinity,
      };
      this.#current = current;
    }
    return this.#current.token;
  }

  refused(): void {
    this.#current = undefined;
  }

  /** Closes the connections kept to the server. */
  async close(): Promise<void> {
    await this.#http.close();
  }

  #forget(current: object): void {
    if (this.#current === current) {
      this.#current = undefined;
    }
  }

  async #exchange(): Promise<{ token: SecretValue; lifeMs: number }> {
    const credential: Record<string, string> =
      'clientSecret' in this.#credential
        ? { client_secret: this.#credential.clientSecret.reveal() }
        : {
            client_assertion_type: ASSERTION_TYPE,
            client_assertion: (await this.#credential.assertion()).reveal(),
          };
    const answer = await this.#http.request({
      method: 'POST',
      path: TOKEN_PATH,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: this.#clientId,
        scope: API_SCOPE,
        ...credential,
      }).toString(),
      plain: ['client_credentials', this.#clientId, API_SCOPE, ASSERTION_TYPE],
    });
    const asked = `${this.#http.name}: POST /${TOKEN_PATH}`;
    if (!answer.isExpected) {
      throw this.#refusal(asked, answer);
    }
    const grant = decodeAnswer(asked, answer, grantSchema);
    if (
      grant.scope !== undefined &&
      !grant.scope.split(/\s+/).includes(API_SCOPE)
    ) {
      const remedy = `Add the scope mapping of ${API_SCOPE} ("authentik API access") to the provider of oauth.clientId.`;
      throw refused(
        `${asked}: expected an access token with the scope ${API_SCOPE}, found one without it. ${remedy}`,
        remedy,
      );
    }
    return {
      token: new SecretValue(grant.access_token),
      lifeMs: (grant.expires_in ?? SHORTEST_LIFE_S) * 1000,
    };
  }

  #refusal(asked: string, answer: HttpResponse): Error {
    const { data } = refusalSchema.safeParse(answer.json());
    if (!data || answer.status >= 500) {
      return withFailure(
        new ServiceUnavailableError(
          `${asked}: expected an access token, found ${answer.describe()}`,
        ),
        {
          kind: answer.status >= 500 ? 'server-error' : 'unexpected-answer',
          status: answer.status,
          system: 'authentik',
        },
      );
    }
    const reason = answer.formatter().quote(new ForeignText(data.error), 100);
    const remedy =
      'clientSecret' in this.#credential
        ? 'Check oauth.clientId and oauth.clientSecret in app-config, and that the provider allows the grant client_credentials and belongs to an application.'
        : 'Check oauth.clientId in app-config, that the provider federates the issuer of the token in oauth.tokenFile, allows the grant client_credentials, and belongs to an application.';
    return refused(
      `${asked}: authentik refused the client (${answer.status}: ${reason}). ${remedy}`,
      remedy,
    );
  }
}

/** @internal */
export type Credential =
  | { clientSecret: SecretValue }
  | { assertion: () => Promise<SecretValue> };

function refused(message: string, remedy: string): Error {
  return withFailure(withRemedy(new ServiceUnavailableError(message), remedy), {
    kind: 'credentials-refused',
    system: 'authentik',
  });
}
