import type { CallOptions } from '../../core';
import type {
  AuthentikApplication,
  AuthentikClient,
  AuthentikKeyPair,
  AuthentikProvider,
} from '../../systems/authentik/types';
import type { CreationRecords } from '../records';

/**
 * An object of authentik that belongs to a gateway. Only the files of this folder make one, and everything that writes or
 * deletes takes one, so that nothing else can be changed.
 *
 * @alpha
 */
export class Owned<T> {
  readonly #object: T;

  /** @internal */
  constructor(object: T) {
    this.#object = object;
  }

  /** As it was read. */
  get object(): T {
    return this.#object;
  }
}

/** @alpha */
export type OwnedApplication = Owned<AuthentikApplication>;

/** @alpha */
export type OwnedProvider = Owned<AuthentikProvider>;

/** A certificate that a run of ours has made. @alpha */
export type OwnedKeyPair = Owned<Pick<AuthentikKeyPair, 'pk'>>;

/**
 * An application and its provider as far as they exist. Both belong to the gateway.
 *
 * @alpha
 */
export interface OwnedPair {
  application: OwnedApplication | undefined;
  provider: OwnedProvider | undefined;
}

/**
 * Why an application may belong to a gateway.
 *
 * @alpha
 */
export interface ApplicationClaim {
  /** Name of the gateway, for messages. */
  gateway?: string;
  slug: string;
  /**
   * The slug that app-config writes for the gateway. Absent where it writes none: the default slug, like an input or an
   * annotation, can be that of any application.
   */
  claimedApplication?: string;
  /** The callback of the gateway. */
  redirectUri: string;
}

/** What knows the objects of a creation that was cut off. @alpha */
export interface OwnershipOptions extends CallOptions {
  run?: CreationRecords;
}

/** What identifies an authentik instance. @internal */
export type Server = Pick<AuthentikClient, 'baseUrl'>;
