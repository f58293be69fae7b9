import { createKeyPair } from './certificate';
import { defaultFlows, defaultMappings, defaultPolicies } from './defaults';
import type {
  ApiToken,
  Application,
  AuditEvent,
  Binding,
  Flow,
  Group,
  KeyPair,
  Policy,
  Provider,
  Role,
  ScopeMapping,
  User,
} from './model';
import type { AuthentikVersion } from '../types';
import type { JsonObject } from '../../json';
import { KeyPool, type KeyType } from '../../keys/keyPool';
import { newUuid, randomString, sha256Hex } from '../support/random';
import { seedDirectory } from './seed';

const WRITE_MS = 8;

/**
 * Everything the stand-in knows. One object, so that a reset is one call.
 *
 * @internal
 */
export class Store {
  flows: Flow[] = [];
  mappings: ScopeMapping[] = [];
  policies: Policy[] = [];
  keyPairs: KeyPair[] = [];
  groups: Group[] = [];
  roles: Role[] = [];
  users: User[] = [];
  tokens: ApiToken[] = [];
  providers: Provider[] = [];
  applications: Application[] = [];
  bindings: Binding[] = [];
  events: AuditEvent[] = [];
  brandPk = newUuid();
  /** Application lists served before, by user and page. */
  listCache = new Map<string, Application[]>();
  /** How long a write takes, in milliseconds. */
  writeMs = WRITE_MS;
  /** Goes up with every write of a provider or an application. */
  revision = 0;

  readonly #issued = new Set<string>();
  readonly #adminToken: string;
  readonly #keys = new KeyPool();
  #nextUser = 1;
  #nextProvider = 1;

  constructor(readonly version: AuthentikVersion, adminToken?: string) {
    this.#adminToken = adminToken ?? randomString(60);
    this.seed();
  }

  get modern(): boolean {
    return this.version === '2026.8';
  }

  /** Remembers a secret value so that a leak hunt can look for it. */
  remember(secret: string): string {
    if (secret) this.#issued.add(secret);
    return secret;
  }

  secrets(): string[] {
    return [...this.#issued];
  }

  tokenKey(username: string): string {
    const user = this.users.find(one => one.username === username);
    return this.tokens.find(token => token.user === user?.pk)?.key ?? '';
  }

  /** Throws everything away and starts over; keys of seeded accounts stay the same. */
  seed(): void {
    const keys = new Map(this.tokens.map(t => [t.identifier, t.key]));
    this.flows = defaultFlows();
    this.mappings = defaultMappings();
    this.policies = defaultPolicies(this.version);
    this.#keys.reset();
    this.keyPairs = [];
    this.addKeyPair('authentik Self-signed Certificate', 'rsa');
    this.groups = [];
    this.roles = [];
    this.users = [];
    this.tokens = [];
    this.providers = [];
    this.applications = [];
    this.bindings = [];
    this.events = [];
    this.listCache.clear();
    this.writeMs = WRITE_MS;
    this.revision += 1;
    // The first keys belong to accounts of the server itself.
    this.#nextUser = 3;
    this.#nextProvider = 1;

    seedDirectory(this, this.#adminToken, keys);
  }

  addGroup(
    name: string,
    options: Partial<Pick<Group, 'isSuperuser' | 'attributes' | 'roles'>> = {},
  ): Group {
    const group: Group = {
      pk: newUuid(),
      numPk: 10_000 + Math.floor(Math.random() * 50_000),
      name,
      isSuperuser: false,
      attributes: {},
      roles: [],
      ...options,
    };
    this.groups.push(group);
    return group;
  }

  addRole(name: string, permissions: readonly string[]): Role {
    const role = { pk: newUuid(), name, permissions: new Set(permissions) };
    this.roles.push(role);
    return role;
  }

  addUser(
    options: Pick<User, 'username' | 'name'> &
      Partial<
        Pick<
          User,
          'email' | 'groups' | 'roles' | 'password' | 'type' | 'attributes'
        >
      >,
  ): User {
    const pk = this.#nextUser++;
    const user: User = {
      pk,
      uuid: newUuid(),
      email: '',
      type: 'internal',
      isActive: true,
      groups: [],
      roles: [],
      attributes: {},
      uid: sha256Hex(`${pk}-${randomString(16)}`),
      dateJoined: timestamp(),
      lastLogin: null,
      ...options,
    };
    if (user.password) this.remember(user.password);
    this.users.push(user);
    return user;
  }

  /** Older servers hand out roles only through groups, newer ones to users as well. */
  addServiceAccount(
    name: string,
    permissions?: readonly string[],
    key?: string,
  ): ApiToken {
    const user = this.addUser({
      username: name,
      name,
      type: 'service_account',
      attributes: { 'goauthentik.io/user/token-expires': false },
    });
    if (permissions) {
      const role = this.addRole(`${name}-role`, permissions);
      if (this.modern) {
        user.roles.push(role.pk);
      } else {
        const group = this.addGroup(`${name}-group`, { roles: [role.pk] });
        user.groups.push(group.pk);
      }
    }
    return this.addToken(user, { identifier: `${name}-api`, key });
  }

  addToken(
    user: User,
    options: {
      identifier: string;
      key?: string;
      intent?: ApiToken['intent'];
      expires?: number;
    },
  ): ApiToken {
    const token: ApiToken = {
      intent: 'api',
      ...options,
      key: this.remember(options.key ?? randomString(60)),
      user: user.pk,
    };
    this.tokens.push(token);
    return token;
  }

  addKeyPair(name: string, type: KeyType, validDays = 365): KeyPair {
    const pair = createKeyPair(name, type, this.#keys.take(type), {
      validDays,
      shortKid: !this.modern,
    });
    this.keyPairs.push(pair);
    return pair;
  }

  /** What signed with it has no key afterwards. */
  removeKeyPair(pair: KeyPair): void {
    this.keyPairs = this.keyPairs.filter(one => one !== pair);
    for (const provider of this.providers) {
      for (const field of ['signing_key', 'encryption_key'] as const) {
        if (provider[field] === pair.pk) provider[field] = null;
      }
    }
    this.revision += 1;
  }

  addProvider(values: Omit<Provider, 'pk'>): Provider {
    const provider = { pk: this.#nextProvider++, ...values };
    this.remember(provider.client_secret);
    this.providers.push(provider);
    this.revision += 1;
    return provider;
  }

  addEvent(event: Omit<AuditEvent, 'pk' | 'created' | 'expires'>): void {
    this.events.push({
      pk: newUuid(),
      ...event,
      created: timestamp(),
      expires: timestamp(365),
    });
  }

  user(pk: number | null | undefined): User | undefined {
    return this.users.find(user => user.pk === pk);
  }

  group(pk: string | null | undefined): Group | undefined {
    return this.groups.find(group => group.pk === pk);
  }

  provider(pk: number | null | undefined): Provider | undefined {
    return this.providers.find(provider => provider.pk === pk);
  }

  applicationOf(provider: Provider): Application | undefined {
    return this.applications.find(app => app.provider === provider.pk);
  }

  applicationBySlug(slug: string): Application | undefined {
    return this.applications.find(app => app.slug === slug);
  }

  mappingsOf(provider: Provider): ScopeMapping[] {
    return this.mappings.filter(one =>
      provider.property_mappings.includes(one.pk),
    );
  }

  removeApplication(application: Application): void {
    this.applications = this.applications.filter(one => one !== application);
    this.bindings = this.bindings.filter(one => one.target !== application.pk);
    this.revision += 1;
  }

  /** An application outlives its provider. */
  removeProvider(provider: Provider): void {
    this.providers = this.providers.filter(one => one !== provider);
    for (const application of this.applications) {
      if (application.provider === provider.pk) application.provider = null;
    }
    this.revision += 1;
  }

  isSuperuser(user: User): boolean {
    return user.groups.some(pk => this.group(pk)?.isSuperuser);
  }

  rolesOf(user: User): Role[] {
    const pks = new Set([
      ...user.roles,
      ...user.groups.flatMap(pk => this.group(pk)?.roles ?? []),
    ]);
    return this.roles.filter(role => pks.has(role.pk));
  }

  may(user: User, permission: string): boolean {
    return (
      this.isSuperuser(user) ||
      this.rolesOf(user).some(role => role.permissions.has(permission))
    );
  }

  membersOf(group: Group): User[] {
    return this.users.filter(user => user.groups.includes(group.pk));
  }
}

/**
 * A point in time with the microseconds authentik shows.
 *
 * @internal
 */
export function timestamp(inDays = 0): string {
  const time = new Date(Date.now() + inDays * 24 * 60 * 60 * 1000);
  const micro = String(Math.floor(Math.random() * 1000)).padStart(3, '0');
  return time.toISOString().replace('Z', `${micro}Z`);
}

/** @internal */
export function userSummary(user: User): JsonObject {
  return { pk: user.pk, email: user.email, username: user.username };
}
