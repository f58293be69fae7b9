import { SecretValue } from './SecretValue';
import { describeValue } from './texts';

/** A host, and a path of short words: neither user, password, query nor fragment. */
const PLAIN_URL =
  /^https?:\/\/[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){0,9}(:\d{1,5})?(\/[\w.~-]{1,40})*\/?$/i;

/**
 * What a value of a key looks like where it is what the key is for. A secret that was put there by mistake does not look
 * like that; values of other keys are never shown.
 */
const WELL_FORMED = new Map<string, RegExp>(
  Object.entries({
    AUTH_METHOD: /^(local|oidc|idp|saml)$/,
    // As authentik generates it; its tokens and secrets are longer.
    IDP_CLIENT_ID: /^[A-Za-z0-9]{40}$/,
    IDP_GROUPS_CLAIM:
      /^(https?:\/\/[a-z0-9.-]{1,100}\/)?([a-z]{1,20}[_:-])?(groups?|roles?)$/i,
    ADMIN_USERNAME: /^(?=.*admin)[a-z _-]{1,40}$/i,
    IDP_ISSUER: PLAIN_URL,
    IDP_CUSTOM_SCOPES:
      /^((openid|profile|email|groups?|roles?|offline_access|goauthentik\.io\/api)(, ?| |$))+$/,
    API_URL: PLAIN_URL,
    existingSecret: /^[a-z0-9.-]{1,63}$/,
  }),
);

/** Whether a value may be shown, since it is what its key is for. @internal */
export function isWellFormed(key: string, value: string): boolean {
  return WELL_FORMED.get(key)?.test(value) ?? false;
}

/**
 * Shows the value of a setting as it was found: in full where it is well-formed for its key or equals a known value, else
 * only its length.
 *
 * @param key - such as `IDP_CLIENT_ID`
 * @param known - values that are no secret, such as the one that app-config requires
 * @param show - how a value is shown in full
 * @internal
 */
export function shownSetting(
  key: string,
  value: string | SecretValue | undefined | null,
  known: readonly (string | undefined)[] = [],
  show: (value: string) => string = describeValue,
): string {
  if (value instanceof SecretValue) {
    return value.isEmpty ? describeValue('') : `${value}`;
  }
  if (value === undefined || value === null || value === '') {
    return describeValue(value);
  }
  return isWellFormed(key, value) || known.includes(value)
    ? show(value)
    : `another value (${value.length} characters)`;
}
