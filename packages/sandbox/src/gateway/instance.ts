import {
  ApiUrl,
  AuthMethod,
  BootError,
  Environment,
  environmentAuthMethod,
  parseApiUrl,
  resolveAuthMethod,
  resolveOidcOptions,
  scopesOf,
  usesOidc,
} from './configuration';
import { GatewayDatabase } from './database';
import { LoadedProvider, loadProvider } from './provider';

const verifierLifetimeMs = 30 * 60 * 1000;
const keptLogEntries = 500;

/** @internal */
export interface LogEntry {
  timestamp: string;
  level: 'info' | 'warn' | 'error' | 'fatal';
  message: string;
}

/** Everything one gateway process knows; the database is shared with the processes before and after it. @internal */
export class GatewayInstance {
  readonly apiUrl: ApiUrl;
  readonly environmentMethod: AuthMethod;
  /** Read once at boot, so that a later change of the stored names needs a restart. */
  roles: { admin: string; auditor: string };
  readonly log: LogEntry[] = [];
  private verifier:
    | { key: string; loadedAt: number; provider: LoadedProvider }
    | undefined;

  private constructor(
    readonly env: Environment,
    readonly database: GatewayDatabase,
    readonly version: string,
    apiUrl: ApiUrl,
    environmentMethod: AuthMethod,
  ) {
    this.apiUrl = apiUrl;
    this.environmentMethod = environmentMethod;
    const stored = database.authConfig;
    this.roles = {
      admin: stored?.admin_role_name || env.ADMIN_USERNAME || 'admin',
      auditor: stored?.auditor_role_name || env.AUDITOR_USERNAME || 'auditor',
    };
  }

  /** The environment alone decides here; a BootError is fatal. */
  static create(
    env: Environment,
    database: GatewayDatabase,
    version: string,
  ): GatewayInstance {
    const environmentMethod = environmentAuthMethod(env);
    const apiUrl = parseApiUrl(env);
    database.remember(env.IDP_CLIENT_SECRET);
    return new GatewayInstance(
      env,
      database,
      version,
      apiUrl,
      environmentMethod,
    );
  }

  /** Proves that sign-in can work before anything listens. */
  async initializeVerifier(): Promise<void> {
    const method = this.method();
    try {
      if (method === 'saml' && !this.database.authConfig?.saml_config) {
        throw new BootError('SAML configuration is not set in the database');
      }
      if (usesOidc(method) && this.env.ORG_MULTI_TENANT !== 'true') {
        await this.cachedProvider();
      }
    } catch (error) {
      throw new BootError(
        `failed initializing token verifier provider, reason=failed to initialize provider: ${
          error instanceof Error ? error.message : String(error)
        }`,
      );
    }
  }

  method(): AuthMethod {
    return resolveAuthMethod(this.env, this.database.authConfig);
  }

  usesOidc(): boolean {
    return usesOidc(this.method());
  }

  /** As sign-in does it: nothing is cached. */
  async freshProvider(): Promise<LoadedProvider> {
    const options = resolveOidcOptions(this.env, this.database.authConfig);
    this.database.remember(options.clientSecret);
    const provider = await loadProvider(options);
    const { discovery } = provider;
    this.write(
      'info',
      `loaded oidc provider configuration, redirect-url=${
        this.apiUrl.redirectUri
      }, with-user-info=${options.withUserInfo}, auth=${
        discovery.authorization_endpoint
      }, token=${discovery.token_endpoint}, userinfo=${
        discovery.userinfo_endpoint
      }, jwks=${discovery.jwks_uri}, algorithms=${provider.algorithms.join(
        ' ',
      )}, groupsclaim=${options.groupsClaim}, scopes=${scopesOf(options).join(
        ' ',
      )}`,
    );
    return provider;
  }

  /** As every authenticated request does it: at most thirty minutes old. */
  async cachedProvider(): Promise<LoadedProvider> {
    const options = resolveOidcOptions(this.env, this.database.authConfig);
    const key = JSON.stringify(options);
    if (
      this.verifier?.key === key &&
      Date.now() - this.verifier.loadedAt < verifierLifetimeMs
    ) {
      return this.verifier.provider;
    }
    const provider = await this.freshProvider();
    this.verifier = { key, loadedAt: Date.now(), provider };
    return provider;
  }

  write(level: LogEntry['level'], message: string): void {
    this.log.push({ timestamp: new Date().toISOString(), level, message });
    if (this.log.length > keptLogEntries) {
      this.log.shift();
    }
  }

  isAdmin(groups: string[]): boolean {
    return groups.includes(this.roles.admin);
  }

  isAuditor(groups: string[]): boolean {
    return groups.includes(this.roles.auditor);
  }
}
