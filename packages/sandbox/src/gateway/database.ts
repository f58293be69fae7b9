import {
  generateKeyPairSync,
  KeyObject,
  randomBytes,
  randomUUID,
} from 'node:crypto';
import { StoredAuthConfig } from './configuration';

/** @internal */
export interface GatewayUser {
  id: string;
  /** `sub` of the identity provider, or a local one. */
  subject: string;
  email: string;
  name: string;
  status: 'active' | 'inactive' | 'invited';
  verified: boolean;
  groups: string[];
  /** Only of users registered locally. */
  password?: string;
}

/** @internal */
export interface ApiKey {
  id: string;
  name: string;
  groups: string[];
  key: string;
  status: 'active' | 'revoked';
  created_at: string;
}

/** @internal */
export interface LoginState {
  redirect: string;
  outcome: string;
}

/** What the gateway keeps in PostgreSQL: it outlives every pod. @internal */
export class GatewayDatabase {
  readonly organization = { id: randomUUID(), name: 'default' };
  readonly users: GatewayUser[] = [];
  readonly apiKeys: ApiKey[] = [];
  readonly logins = new Map<string, LoginState>();
  readonly signingKeys: { publicKey: KeyObject; privateKey: KeyObject } =
    generateKeyPairSync('ed25519');
  authConfig: StoredAuthConfig | undefined;
  private readonly known = new Set<string>();

  /** Remembers a secret that passed through the gateway, for leak hunts. */
  remember(secret: string | undefined): void {
    if (secret) {
      this.known.add(secret);
    }
  }

  secrets(): string[] {
    return [...this.known];
  }

  userByEmail(email: string): GatewayUser | undefined {
    return this.users.find(user => user.email === email);
  }

  userBySubject(subject: string): GatewayUser | undefined {
    return this.users.find(user => user.subject === subject);
  }

  addUser(user: Omit<GatewayUser, 'id'>): GatewayUser {
    const added = { id: randomUUID(), ...user };
    this.users.push(added);
    this.remember(user.password);
    return added;
  }

  addApiKey(name: string, groups: string[], key?: string): ApiKey {
    const added: ApiKey = {
      id: randomUUID(),
      name,
      groups,
      key: key ?? `hpk_${randomBytes(24).toString('base64url')}`,
      status: 'active',
      created_at: new Date().toISOString(),
    };
    this.apiKeys.push(added);
    this.remember(added.key);
    return added;
  }
}
