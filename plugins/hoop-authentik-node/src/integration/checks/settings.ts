import {
  SETTING_KEYS,
  type SettingKey,
} from 'backstage-plugin-hoop-authentik-common';
import type { EffectiveSetting } from '../../targets/types';
import { desiredSettings } from '../desired';
import { settingDifferences } from './settingDifferences';
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
        const found = Object.fromEntries(
          SETTING_KEYS.map(key => [key, state.settings[key].value]),
        ) as Record<SettingKey, EffectiveSetting['value']>;
        const differences = settingDifferences(found, wanted);
        return differences
          ? {
              status: 'fail',
              ...differences,
              remedy:
                'Run the software template: it writes these settings and restarts the gateway.',
            }
          : {
              status: 'pass',
              actual: `set by ${[
                ...new Set(
                  SETTING_KEYS.map(key => state.settings[key].object ?? ''),
                ),
              ].join(' and ')}`,
            };
      }),
    ),
};
