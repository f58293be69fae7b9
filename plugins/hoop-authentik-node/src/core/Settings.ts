import type { SecretValue } from './SecretValue';

/**
 * The five settings with their values, as the gateway has to read them.
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
