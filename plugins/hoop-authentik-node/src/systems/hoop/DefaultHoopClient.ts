import { randomUUID } from 'node:crypto';
import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';
import {
  type CallOptions,
  type SecretValue,
  shownSetting,
  withFailure,
} from '../../core';
import {
  type ConnectionOptions,
  connectionTo,
  decodeAnswer,
  HttpClient,
  type HttpResponse,
} from '../../http';
import { authConfigError, type AuthConfigCall } from './authConfigErrors';
import { parseAuthConfig } from './authConfig';
import {
  gatewayMessageOf,
  isProviderNotLoaded,
  failureKindOfAnswer,
  parseLoginUrl,
  versionOf,
  whatIsWrong,
} from './gatewayAnswers';
import type {
  GatewayAdministrator,
  GatewayAuthConfig,
  GatewayInfo,
  GatewayLoginUrl,
  HoopClient,
} from './types';

const infoSchema = z.object({
  auth_method: z.string(),
  // Absent before 1.59.2.
  setup_required: z.boolean().optional(),
});

/**
 * The gateway loads the issuer before it stores anything, without a deadline of its own. With a short one here, the write
 * would take effect after the check for it.
 */
const WRITE_TIMEOUT_MS = 60_000;

const USERS_PATH = '/api/users';
const AUTH_CONFIG_PATH = '/api/serverconfig/auth';
/** Only what identifies the gateway's administrators. */
const usersSchema = z.array(
  z.object({
    // The subject that tokens name: of local sign-in it is the email address.
    id: z.string().nullish(),
    email: z.string().nullish(),
    role: z.string().nullish(),
    status: z.string().nullish(),
  }),
);
const loginSchema = z.object({ login_url: z.string() });

type HoopClientOptions = ConnectionOptions & {
  name: string;
  url: string;
  apiKey?: SecretValue;
};

/**
 * A gateway over HTTP: without signing in, and with an API key if one is configured.
 *
 * @public
 */
export class DefaultHoopClient implements HoopClient {
  readonly url: string;
  readonly #http: HttpClient;
  readonly #apiKey: SecretValue | undefined;

  /**
   * @param options - `name` is that of the gateway in app-config; `apiKey` is only sent with the requests that need it
   */
  static create(options: HoopClientOptions): DefaultHoopClient {
    return new DefaultHoopClient(options);
  }

  private constructor(options: HoopClientOptions) {
    this.url = options.url.replace(/\/+$/, '');
    this.#apiKey = options.apiKey;
    this.#http = new HttpClient({
      name: `gateway "${options.name}" (${this.url})`,
      baseUrl: this.url,
      ...connectionTo(options),
    });
  }

  async getInfo(
    options?: CallOptions & { attempts?: number },
  ): Promise<GatewayInfo> {
    const path = '/api/publicserverinfo';
    const answer = await this.#get(path, {}, options);
    const info = this.#decode(path, answer, infoSchema);
    return {
      version: versionOf(answer),
      // Whatever its environment has in AUTH_METHOD may stand here.
      authMethod: shownSetting('AUTH_METHOD', info.auth_method, [], String),
      setupRequired: info.setup_required,
    };
  }

  async hasOidcLoaded(options?: CallOptions): Promise<boolean> {
    const path = '/api/callback';
    // No sign-in has this state, so the gateway refuses it; the way it does shows what is loaded.
    const answer = await this.#get(path, { state: randomUUID() }, options);
    if (isProviderNotLoaded(answer)) {
      // A finding rather than an outage: the gateway runs, without a provider to sign in with.
      return false;
    }
    const message = gatewayMessageOf(answer);
    if (message !== undefined && [400, 403].includes(answer.status)) {
      return answer.status === 400;
    }
    throw this.#unexpected(path, answer);
  }

  async getLoginUrl(options?: CallOptions): Promise<GatewayLoginUrl> {
    const path = '/api/login';
    const answer = await this.#get(path, {}, options);
    const { login_url: loginUrl } = this.#decode(path, answer, loginSchema);
    if (!URL.canParse(loginUrl)) {
      throw new ServiceUnavailableError(
        `${
          this.#http.name
        }: GET ${path}: expected login_url to be a URL, found something else`,
      );
    }
    return parseLoginUrl(new URL(loginUrl));
  }

  get hasApiKey(): boolean {
    return this.#apiKey !== undefined;
  }

  getAuthConfig(options?: CallOptions): Promise<GatewayAuthConfig> {
    return this.#authConfig('GET', undefined, options);
  }

  putAuthConfig(
    document: SecretValue,
    options?: CallOptions,
  ): Promise<GatewayAuthConfig> {
    return this.#authConfig('PUT', document, options);
  }

  async listAdministrators(
    options?: CallOptions,
  ): Promise<GatewayAdministrator[]> {
    const apiKey = this.#requireApiKey();
    const answer = await this.#http.request({
      method: 'GET',
      path: USERS_PATH,
      headers: { accept: 'application/json', ...credentialsOf(apiKey) },
      signal: options?.signal,
      lane: options?.lane,
    });
    if (!answer.isExpected) {
      // The response is not quoted, because it lists people.
      throw new ServiceUnavailableError(
        `${
          this.#http.name
        }: GET ${USERS_PATH}: expected the list of users, found ${answer.describe()}: ${
          answer.status === 500 && !/^hpk_|^xapi-|\|/.test(apiKey.reveal())
            ? 'an apiKey in app-config that is the API_KEY of the gateway has to begin with its organization, as in <organization id>|<key>.'
            : 'check that the gateway accepts its apiKey from app-config.'
        }`,
      );
    }
    const users = decodeAnswer(
      `${this.#http.name}: GET ${USERS_PATH}`,
      answer,
      usersSchema,
    );
    return users.flatMap(({ id, email, role, status }) =>
      email && role === 'admin' && status === 'active'
        ? [{ email, isLocal: id === email }]
        : [],
    );
  }

  /** Closes the pooled connections after their requests end. */
  async close(): Promise<void> {
    await this.#http.close();
  }

  async #authConfig(
    method: AuthConfigCall['method'],
    document: SecretValue | undefined,
    options: CallOptions | undefined,
  ): Promise<GatewayAuthConfig> {
    const apiKey = this.#requireApiKey();
    const answer = await this.#http.request({
      method,
      path: AUTH_CONFIG_PATH,
      headers: {
        accept: 'application/json',
        ...(document ? { 'content-type': 'application/json' } : {}),
        ...credentialsOf(apiKey),
      },
      body: document?.reveal(),
      timeoutMs: document ? WRITE_TIMEOUT_MS : undefined,
      signal: options?.signal,
      lane: options?.lane,
    });
    const config = answer.isExpected
      ? parseAuthConfig(answer.json())
      : undefined;
    if (!config) {
      throw authConfigError(
        { system: this.#http.name, method, path: AUTH_CONFIG_PATH },
        answer,
      );
    }
    return config;
  }

  #requireApiKey(): SecretValue {
    if (!this.#apiKey) {
      throw new InputError(
        `${
          this.#http.name
        }: reading its stored configuration and its users requires an API key. Set the gateway's apiKey in app-config.`,
      );
    }
    return this.#apiKey;
  }

  #get(
    path: string,
    query: Record<string, string>,
    options: (CallOptions & { attempts?: number }) | undefined,
  ): Promise<HttpResponse> {
    return this.#http.request({
      method: 'GET',
      path,
      query,
      headers: { accept: 'application/json' },
      signal: options?.signal,
      lane: options?.lane,
      attempts: options?.attempts,
    });
  }

  #decode<T>(path: string, answer: HttpResponse, schema: z.ZodType<T>): T {
    if (!answer.isExpected || answer.json() === undefined) {
      throw this.#unexpected(path, answer);
    }
    return decodeAnswer(`${this.#http.name}: GET ${path}`, answer, schema);
  }

  #unexpected(path: string, answer: HttpResponse): Error {
    return withFailure(
      new ServiceUnavailableError(
        `${this.#http.name}: GET ${path}: ${whatIsWrong(path, answer)}`,
      ),
      { kind: failureKindOfAnswer(answer), status: answer.status },
    );
  }
}

/** Keys that the gateway issues are bearer tokens; the key of its environment and `xapi-` keys have their own header. */
function credentialsOf(apiKey: SecretValue): Record<string, string> {
  const key = apiKey.reveal();
  return key.startsWith('hpk_')
    ? { authorization: `Bearer ${key}` }
    : { 'api-key': key };
}
