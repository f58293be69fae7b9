/**
 * The keys the gateway reads to sign people in with authentik, in the order in which the integration guide lists them.
 *
 * @public
 */
export const SETTING_KEYS = [
  'AUTH_METHOD',
  'IDP_CLIENT_ID',
  'IDP_CLIENT_SECRET',
  'IDP_GROUPS_CLAIM',
  'IDP_ISSUER',
] as const;

/**
 * One of the five {@link SETTING_KEYS}.
 *
 * @public
 */
export type SettingKey = (typeof SETTING_KEYS)[number];

/**
 * The one setting whose value is a secret. Its value never leaves the backend: plans and checks show it only as
 * `<changed>` and `<unchanged>`.
 *
 * @public
 */
export const SECRET_SETTING_KEY = 'IDP_CLIENT_SECRET' satisfies SettingKey;
