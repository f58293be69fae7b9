import { randomUUID } from 'node:crypto';
import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';
import { type CallOptions, oneLine, type SecretValue } from '../../core';
import { HttpClient, HttpResponse } from '../../http';
import { authConfigError, type AuthConfigCall } from './authConfigErrors';
import { parseAuthConfig, secretsIn } from './authConfig';
import type {
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
 * The gateway loads the issuer before it stores anything, and sets itself no deadline for that. Given up too early, the
 * write would take effect after it was looked for.
 */
const WRITE_TIMEOUT_MS = 60_000;

const USERS_PATH = '/api/users';
const AUTH_CONFIG_PATH = '/api/serverconfig/auth';
/** Only what tells who administers the gateway. */
const usersSchema = z.array(
  z.object({
    email: z.string().nullish(),
    role: z.string().nullish(),
    status: z.string().nullish(),
  }),
);
const loginSchema = z.object({ login_url: z.string() });
const messageSchema = z.object({ message: z.string() });

/** What the gateway answers when discovery or the keys of the identity provider cannot be loaded. */
const PROVIDER_NOT_LOADED = /failed loading IDP provider/i;

/**
 * A gateway over HTTP: without signing in, and with an API key where one is configured.
 *
 * @public
 */
export class DefaultHoopClient implements HoopClient {
  readonly url: string;
  readonly #http: HttpClient;
  readonly #apiKey: SecretValue | undefined;

  /**
   * @param options - `name` is that of the gateway in app-config, `ca` a PEM certificate authority where the system does
   * not know it, `timeoutMs` the deadline of one attempt, `apiKey` is sent with the requests that need it and no other
   */
  static create(options: {
    name: string;
    url: string;
    ca?: string;
    timeoutMs?: number;
    apiKey?: SecretValue;
  }): DefaultHoopClient {
    return new DefaultHoopClient(options);
  }

  private constructor(options: {
    name: string;
    url: string;
    ca?: string;
    timeoutMs?: number;
    apiKey?: SecretValue;
  }) {
    this.url = options.url.replace(/\/+$/, '');
    this.#apiKey = options.apiKey;
    this.#http = new HttpClient({
      name: `gateway "${options.name}" (${this.url})`,
      baseUrl: this.url,
      tls: options.ca ? { ca: options.ca } : undefined,
      timeoutMs: options.timeoutMs,
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
      authMethod: info.auth_method,
      setupRequired: info.setup_required,
    };
  }

  async hasOidcLoaded(options?: CallOptions): Promise<boolean> {
    const path = '/api/callback';
    // Nobody has started a sign-in with this state, so the gateway refuses it, and how it does tells what is loaded.
    const answer = await this.#get(path, { state: randomUUID() }, options);
    const message = messageOf(answer);
    if (message !== undefined && PROVIDER_NOT_LOADED.test(message)) {
      // The gateway answers, and what it says is a finding: it has no provider to sign anybody in with.
      return false;
    }
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
        }: GET ${path}: expected a login_url that is a URL, found something else`,
      );
    }
    return takeApart(new URL(loginUrl));
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

  async listAdministrators(options?: CallOptions): Promise<string[]> {
    const apiKey = this.#requireApiKey();
    const answer = await this.#http.request({
      method: 'GET',
      path: USERS_PATH,
      headers: { accept: 'application/json', ...credentialsOf(apiKey) },
      signal: options?.signal,
    });
    const parsed = usersSchema.safeParse(jsonOf(answer));
    if (answer.status !== 200 || !parsed.success) {
      // What the answer says is not passed on: it lists people.
      throw new ServiceUnavailableError(
        `${
          this.#http.name
        }: GET ${USERS_PATH}: expected the list of users, found ${
          answer.status === 200 ? 'something else' : answer.status
        }: check that apiKey of the gateway in app-config is accepted by it.`,
      );
    }
    return parsed.data.flatMap(({ email, role, status }) =>
      email && role === 'admin' && status === 'active' ? [email] : [],
    );
  }

  /** Closes the pooled connections once what is under way has ended. */
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
    });
    const config =
      answer.status === 200 ? parseAuthConfig(jsonOf(answer)) : undefined;
    if (!config) {
      throw authConfigError(
        {
          system: this.#http.name,
          method,
          path: AUTH_CONFIG_PATH,
          secrets: [apiKey, ...(document ? secretsIn(document) : [])],
        },
        { status: answer.status, message: messageOf(answer) },
      );
    }
    return config;
  }

  #requireApiKey(): SecretValue {
    if (!this.#apiKey) {
      throw new InputError(
        `${
          this.#http.name
        }: its stored configuration and its users can only be asked for with an API key. Set apiKey of the gateway in app-config.`,
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
      attempts: options?.attempts,
    });
  }

  #decode<T>(path: string, answer: HttpResponse, schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(jsonOf(answer));
    if (answer.status !== 200 || !parsed.success) {
      throw this.#unexpected(path, answer);
    }
    return parsed.data;
  }

  #unexpected(path: string, answer: HttpResponse): Error {
    return new ServiceUnavailableError(
      `${this.#http.name}: GET ${path}: ${whatIsWrong(path, answer)}`,
    );
  }
}

/** Keys that the gateway hands out are bearer tokens; the one of its environment and `xapi-` keys have a header. */
function credentialsOf(apiKey: SecretValue): Record<string, string> {
  const key = apiKey.reveal();
  return key.startsWith('hpk_')
    ? { authorization: `Bearer ${key}` }
    : { 'api-key': key };
}

function whatIsWrong(path: string, answer: HttpResponse): string {
  const message = messageOf(answer);
  if (message !== undefined && PROVIDER_NOT_LOADED.test(message)) {
    return 'the gateway is set to OpenID but cannot load its provider: check that it reaches the issuer, and that IDP_ISSUER equals the issuer of the discovery document';
  }
  if (answer.status === 403 && message !== undefined) {
    return `the gateway does not sign people in with OpenID (${shorten(
      message,
    )})`;
  }
  if (message !== undefined) {
    return `the gateway answered ${answer.status} (${shorten(message)})`;
  }
  const type =
    answer.headers['content-type']?.split(';')[0] ?? 'no content type';
  const found = `expected JSON of a Hoop gateway, found ${answer.status} with ${type}`;
  if (answer.status >= 500) {
    return `${found}: it is starting, or not running`;
  }
  // The web UI answers any path it does not know with its page.
  return type === 'text/html' || answer.status === 404
    ? `${found}: check the URL, and that the gateway is 1.38.0 or newer and serves ${path} there`
    : found;
}

function takeApart(url: URL): GatewayLoginUrl {
  const get = (name: string) => url.searchParams.get(name) ?? undefined;
  return {
    url: url.href,
    endpoint: `${url.origin}${url.pathname}`,
    clientId: get('client_id'),
    redirectUri: get('redirect_uri'),
    responseType: get('response_type'),
    scopes: (get('scope') ?? '').split(/\s+/).filter(Boolean),
    state: get('state'),
  };
}

/** `Server: hoopgateway/1.148.0`; a proxy in front may put its own name there. */
function versionOf(answer: HttpResponse): string | undefined {
  return /(?:^|[\s,])hoopgateway\/([^\s,]+)/.exec(
    answer.headers.server ?? '',
  )?.[1];
}

/** The gateway says `{"message": "…"}` with every error. */
function messageOf(answer: HttpResponse): string | undefined {
  const parsed = messageSchema.safeParse(jsonOf(answer));
  return parsed.success ? parsed.data.message : undefined;
}

function jsonOf(answer: HttpResponse): unknown {
  if (
    !/^application\/([\w.-]+\+)?json\b/i.test(
      answer.headers['content-type'] ?? '',
    )
  ) {
    return undefined;
  }
  try {
    return JSON.parse(answer.body);
  } catch {
    return undefined;
  }
}

function shorten(message: string): string {
  const text = oneLine(message);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
