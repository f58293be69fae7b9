import type { AccessGrant } from 'backstage-plugin-hoop-authentik-node/alpha';

/** How a grant ended. @internal */
export type GrantEnd = 'expired' | 'revoked' | 'missing';

/** A grant of a gateway. @internal */
export interface StoredGrant extends AccessGrant {
  gateway: string;
}

/**
 * The bindings that were made for requests, shared by the replicas of the backend.
 *
 * @internal
 */
export interface GrantStore {
  /** Adds a grant of a gateway or changes it; one that has ended stays as it is. */
  put(gateway: string, grant: AccessGrant): Promise<void>;
  /** Those that have not ended. */
  active(gateway: string): Promise<StoredGrant[]>;
  /** The one that a request gave, whether or not it has ended. */
  ofRequest(requestId: string): Promise<StoredGrant | undefined>;
  /** Those of the gateways whose time has come, the first ones first. */
  due(gateways: readonly string[]): Promise<StoredGrant[]>;
  /** Notes that a grant has ended, with the news of it. @returns whether it had not before */
  end(id: string, how: GrantEnd): Promise<boolean>;
  /** Notes that those concerned hear of the end of what ends within that time. @returns how many do */
  warn(beforeMs: number): Promise<number>;
}
