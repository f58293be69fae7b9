import {
  SECRET_SETTING_KEY,
  SETTING_KEYS,
  type SettingKey,
} from 'backstage-plugin-hoop-authentik-common';
import { changedDocument } from '../../systems/hoop';
import type { GatewayAuthConfig } from '../../systems/hoop/types';
import {
  type PlanLine,
  SecretValue,
  type Settings,
  shownSetting,
} from '../../core';
import type { TargetState } from '../types';

/** Where the settings are kept, for people. */
const STORED_CONFIGURATION = 'the configuration of the gateway itself';

/**
 * A change of the stored configuration; `document` is `undefined` where nothing is left to do.
 *
 * @internal
 */
export interface StoredPlan {
  document: SecretValue | undefined;
  changes: PlanLine[];
  /** What the gateway does not show and therefore cannot be given back. */
  loss?: string;
}

type Value = string | SecretValue | undefined;

/** The five settings as a gateway's configuration has them; pure. @internal */
export function settingsOf({
  authMethod,
  oidc,
}: GatewayAuthConfig): Record<SettingKey, Value> {
  return {
    AUTH_METHOD: authMethod,
    IDP_CLIENT_ID: oidc?.clientId,
    IDP_CLIENT_SECRET: oidc?.clientSecret,
    IDP_GROUPS_CLAIM: oidc?.groupsClaim,
    IDP_ISSUER: oidc?.issuer,
  };
}

/** The state of a gateway by its configuration; pure. @internal */
export function describeStored(config: GatewayAuthConfig): TargetState {
  const settings = settingsOf(config);
  const { authMethod } = config;
  return {
    settings: Object.fromEntries(
      SETTING_KEYS.map(key => {
        const value = settings[key];
        const object = value === undefined ? undefined : STORED_CONFIGURATION;
        return [key, { value, object, source: object, shadowedBy: undefined }];
      }),
    ) as TargetState['settings'],
    outcome:
      authMethod === 'oidc' || authMethod === 'local' || authMethod === 'saml'
        ? { method: authMethod }
        : { fails: 'its authentication method is unknown' },
    overrides: [],
    // The gateway answers, and stored settings take effect without a restart.
    rollout: { done: true, line: 'the gateway answers', problems: [] },
    settingsInUse: true,
  };
}

/** Compares a configuration with the settings wanted; pure. @internal */
export function planStored(
  config: GatewayAuthConfig,
  settings: Settings,
): StoredPlan {
  const found = settingsOf(config);
  const changed = SETTING_KEYS.filter(key => !same(found[key], settings[key]));
  const shown = (key: SettingKey, value: Value, known?: Value) =>
    shownValue(key, value, settings.IDP_CLIENT_SECRET, known);
  const isFormerProvider =
    config.authMethod === 'oidc' &&
    config.oidc !== undefined &&
    !(
      same(found.IDP_ISSUER, settings.IDP_ISSUER) &&
      same(found.IDP_CLIENT_ID, settings.IDP_CLIENT_ID)
    );
  return {
    loss: isFormerProvider ? lossOf(config.oidc, settings) : undefined,
    document:
      changed.length === 0
        ? undefined
        : changedDocument(config, {
            issuer: settings.IDP_ISSUER,
            clientId: settings.IDP_CLIENT_ID,
            clientSecret: settings.IDP_CLIENT_SECRET,
            groupsClaim: settings.IDP_GROUPS_CLAIM,
          }),
    changes: changed.map(key => ({
      object: STORED_CONFIGURATION,
      field: key,
      from: shown(key, found[key]),
      to: shown(key, settings[key], settings[key]),
    })),
  };
}

/** The secret is kept nowhere else, so a run that is killed takes it along. */
function lossOf(
  former: GatewayAuthConfig['oidc'],
  { IDP_ISSUER: issuer }: Settings,
): string | undefined {
  if (!former?.clientSecret) {
    return 'The gateway does not show the client secret of its present identity provider, so the secret is lost with the switch and nothing can restore it. Make sure that you have it elsewhere.';
  }
  return former.issuer === issuer
    ? undefined
    : 'The gateway forgets the client secret of its present identity provider with the switch, and where the run is cut off nothing can restore it. Make sure that you have it elsewhere.';
}

/**
 * What is left to do until the gateway signs people in with local accounts; pure. Where the environment sets `local`
 * already, its other settings have no effect and are not ours.
 *
 * @internal
 */
export function planLocal(config: GatewayAuthConfig): StoredPlan {
  if (config.authMethod === 'local' && !config.stored) {
    return { document: undefined, changes: [] };
  }
  const found = settingsOf(config);
  const method = {
    object: STORED_CONFIGURATION,
    field: 'AUTH_METHOD',
    from: shownSetting('AUTH_METHOD', config.authMethod),
    to: '"local"',
  };
  const changes = [
    ...(config.authMethod === 'local' ? [] : [method]),
    ...SETTING_KEYS.filter(
      key => key !== 'AUTH_METHOD' && found[key] !== undefined,
    ).map(key => ({
      object: STORED_CONFIGURATION,
      field: key,
      from: shownValue(key, found[key], config.oidc?.clientSecret),
      to: '(removed)',
    })),
  ];
  return {
    document:
      changes.length === 0 ? undefined : changedDocument(config, undefined),
    changes,
  };
}

function same(found: Value, wanted: string | SecretValue): boolean {
  return wanted instanceof SecretValue
    ? wanted.equals(found)
    : found === wanted;
}

function shownValue(
  key: SettingKey,
  value: Value,
  secret: SecretValue | undefined,
  known?: Value,
): string {
  if (value === undefined) {
    return '(unset)';
  }
  // The secret may be stored under the key of another setting.
  return key === SECRET_SETTING_KEY ||
    value instanceof SecretValue ||
    secret?.equals(value)
    ? '<changed>'
    : shownSetting(key, value, typeof known === 'string' ? [known] : []);
}
