import {
  SECRET_SETTING_KEY,
  SETTING_KEYS,
  type SettingKey,
} from 'backstage-plugin-hoop-authentik-common';
import type { AuthentikProvider } from '../../authentik/types';
import { SecretValue } from '../../support';
import type { EffectiveSetting, Settings } from '../../targets/types';
import { desiredSettings } from '../desired';
import { withValue, type CheckDefinition } from './check';
import { withProvider } from './withProvider';

/** @internal */
export const settings: CheckDefinition = {
  id: 'kubernetes.settings',
  system: 'kubernetes',
  title: 'The five settings are as required',
  why: 'The gateway needs all five settings, exactly as the application has them; an incomplete set keeps it from starting.',
  mend: 'Run the software template again: it writes the settings that differ.',
  preflight: false,
  run: input =>
    withValue(input.observed.target, ({ state }) =>
      withProvider(input, provider => {
        const wanted = desiredSettings(input.desired, provider);
        const wrong = SETTING_KEYS.filter(
          key => !isAsWanted(state.settings[key], wanted, key),
        );
        if (wrong.length === 0) {
          return {
            status: 'pass',
            actual: `set by ${[
              ...new Set(
                SETTING_KEYS.map(key => state.settings[key].object ?? ''),
              ),
            ].join(' and ')}`,
          };
        }
        return {
          status: 'fail',
          expected: wrong
            .map(key => `${key}=${shown(key, wanted[key])}`)
            .join(', '),
          actual: wrong
            .map(key => `${key}=${found(key, state.settings[key], provider)}`)
            .join(', '),
          remedy:
            'Run the software template: it writes these settings and restarts the gateway.',
        };
      }),
    ),
};

function isAsWanted(
  { value }: EffectiveSetting,
  wanted: Settings,
  key: SettingKey,
): boolean {
  const target = wanted[key];
  return target instanceof SecretValue
    ? target.equals(value)
    : target === (value instanceof SecretValue ? value.reveal() : value);
}

function shown(key: SettingKey, value: string | SecretValue): string {
  return key === SECRET_SETTING_KEY ? 'the secret in authentik' : String(value);
}

function found(
  key: SettingKey,
  { value }: EffectiveSetting,
  { clientSecret }: Pick<AuthentikProvider, 'clientSecret'>,
): string {
  if (value === undefined || value === '') {
    return '(unset)';
  }
  if (clientSecret.equals(value)) {
    // It ended up under the key of another setting.
    return 'the client secret';
  }
  return key === SECRET_SETTING_KEY ? 'another value' : String(value);
}
