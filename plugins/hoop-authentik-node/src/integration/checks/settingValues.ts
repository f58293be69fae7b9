import {
  SECRET_SETTING_KEY,
  SETTING_KEYS,
  type SettingKey,
} from 'backstage-plugin-hoop-authentik-common';
import { SecretValue, type Settings, shownSetting } from '../../core';
import type { ObservedIntegration } from '../types';

type Value = string | SecretValue | undefined;

/**
 * Settings that are not as wanted, as text; pure, and without any secret. `undefined` where there are none.
 *
 * @internal
 */
export function settingDifferences(
  found: Record<SettingKey, Value>,
  wanted: Settings,
):
  | {
      expected: string;
      actual: string;
      params: Record<'keys' | 'expected' | 'found', string>;
    }
  | undefined {
  const wrong = SETTING_KEYS.filter(
    key => !isAsWanted(found[key], wanted[key]),
  );
  if (wrong.length === 0) {
    return undefined;
  }
  const expected = wrong
    .map(key => `${key}=${describeWanted(key, wanted[key])}`)
    .join(', ');
  const actual = wrong
    .map(key => `${key}=${describeFound(key, found, wanted)}`)
    .join(', ');
  return {
    expected,
    actual,
    params: { keys: wrong.join(', '), expected, found: actual },
  };
}

function isAsWanted(value: Value, wanted: string | SecretValue): boolean {
  return wanted instanceof SecretValue
    ? wanted.equals(value)
    : wanted === (value instanceof SecretValue ? value.reveal() : value);
}

function describeWanted(key: SettingKey, value: string | SecretValue): string {
  return key === SECRET_SETTING_KEY ? 'the secret in authentik' : String(value);
}

function describeFound(
  key: SettingKey,
  found: Record<SettingKey, Value>,
  wanted: Settings,
): string {
  const value = found[key];
  const surplus = surplusOf(value, wanted[key]);
  if (surplus !== undefined) {
    return `${describeWanted(key, wanted[key])} plus ${surplus}`;
  }
  if (key === SECRET_SETTING_KEY) {
    return value ? 'another value' : '(unset)';
  }
  // A secret may have ended up under the key of any other setting.
  const secrets = [wanted.IDP_CLIENT_SECRET, found.IDP_CLIENT_SECRET];
  return shownValue(key, value, wanted[key], secrets);
}

/** What no one sees in a value that is right otherwise, such as the line break that `echo` adds to a secret. */
function surplusOf(
  found: Value,
  wanted: string | SecretValue,
): string | undefined {
  const text = found instanceof SecretValue ? found.reveal() : found ?? '';
  const right = new SecretValue(
    wanted instanceof SecretValue ? wanted.reveal() : wanted,
  );
  if (right.isEmpty || right.equals(text) || !right.equals(text.trim())) {
    return undefined;
  }
  return /[\r\n]/.test(text) ? 'a line break' : 'blanks around it';
}

/**
 * What may be shown of a value in the place of a setting: the client secret may have ended up there. Where the right value
 * is found in the place of the secret the two were swapped, and whatever is in its own place is treated as a secret, which
 * may be an old one that nothing here knows.
 */
function shownValue(
  key: SettingKey,
  value: Value,
  wanted: string | undefined,
  secrets: readonly Value[],
): string {
  const text = value instanceof SecretValue ? value.reveal() : value;
  const isSecret =
    text &&
    text !== wanted &&
    secrets.some(
      secret =>
        secret !== undefined &&
        [text, wanted].some(
          known => known !== undefined && new SecretValue(known).equals(secret),
        ),
    );
  return isSecret
    ? 'the client secret'
    : shownSetting(key, value, [wanted], String);
}

/**
 * What may be shown of a client id that was observed, compared with everything observed that is or should be the client
 * secret.
 *
 * @internal
 */
export function shownObservedId(
  id: Value,
  { authentik, target, gateway }: ObservedIntegration,
): string {
  const provider = authentik.provider.ok ? authentik.provider.value : undefined;
  return shownValue('IDP_CLIENT_ID', id, provider?.clientId, [
    provider?.clientSecret,
    target.ok ? target.value.state.settings.IDP_CLIENT_SECRET.value : undefined,
    gateway.authConfig?.ok
      ? gateway.authConfig.value.oidc?.clientSecret
      : undefined,
  ]);
}
