import {
  SECRET_SETTING_KEY,
  SETTING_KEYS,
  type SettingKey,
} from 'backstage-plugin-hoop-authentik-common';
import { SecretValue, type Settings } from '../../core';
import { shownId } from './shownId';

type Value = string | SecretValue | undefined;

/**
 * Settings that are not as wanted, as text; pure, and without any secret. `undefined` where there are none.
 *
 * @internal
 */
export function settingDifferences(
  found: Record<SettingKey, Value>,
  wanted: Settings,
): { expected: string; actual: string } | undefined {
  const wrong = SETTING_KEYS.filter(
    key => !isAsWanted(found[key], wanted[key]),
  );
  if (wrong.length === 0) {
    return undefined;
  }
  return {
    expected: wrong
      .map(key => `${key}=${describeWanted(key, wanted[key])}`)
      .join(', '),
    actual: wrong
      .map(key => `${key}=${describeFound(key, found, wanted)}`)
      .join(', '),
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
  if (key === SECRET_SETTING_KEY) {
    return value ? 'another value' : '(unset)';
  }
  // A secret may have ended up under the key of any other setting.
  const secrets = [wanted.IDP_CLIENT_SECRET, found.IDP_CLIENT_SECRET];
  return key === 'IDP_CLIENT_ID'
    ? shownId(value, wanted.IDP_CLIENT_ID, secrets)
    : shownId(value, undefined, secrets);
}
