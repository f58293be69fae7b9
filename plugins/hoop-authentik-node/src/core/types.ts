import type { SecretValue } from './SecretValue';

/**
 * Options of every call to another system.
 *
 * @public
 */
export interface CallOptions {
  /** Ends the call early; its reason is thrown. */
  signal?: AbortSignal;
  /** Default `task`. */
  lane?: Lane;
  /** Ask the system even where the steps of a task share what one of them has read. */
  fresh?: boolean;
}

/**
 * Who waits for a call. Where one host has many, ways back come first and tasks next; readers, such as the observations of
 * entity cards, are few at a time.
 *
 * @public
 */
export type Lane = 'wayBack' | 'task' | 'reader';

/**
 * One line of a plan. Secrets appear as `<changed>`.
 *
 * @public
 */
export interface PlanLine {
  /** The object that changes, such as `Secret hoop/hoopgateway-idp`. */
  object: string;
  field: string;
  from: string;
  to: string;
}

/**
 * The five settings with their values, as the gateway must read them.
 *
 * @public
 */
export interface Settings {
  AUTH_METHOD: string;
  IDP_CLIENT_ID: string;
  IDP_CLIENT_SECRET: SecretValue;
  IDP_GROUPS_CLAIM: string;
  IDP_ISSUER: string;
}
