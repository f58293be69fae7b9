import {
  SETTING_KEYS,
  type SettingKey,
} from 'backstage-plugin-hoop-authentik-common';
import { GOOD_PROVIDER } from '../../application/__testUtils__/goodFacts';
import { SecretValue } from '../../core';
import {
  CLIENT_SECRET,
  withoutProvider,
  withoutTarget,
  withState,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { settings } from './settings';

const withSetting = (
  key: SettingKey,
  value: string | SecretValue | undefined,
) =>
  withState(state => {
    state.settings[key].value = value;
  });

const misplaced = SETTING_KEYS.filter(key => key !== 'IDP_CLIENT_SECRET').map(
  (key): CheckCase => ({
    when: `${key} holds the client secret`,
    change: withSetting(key, CLIENT_SECRET),
    status: 'fail',
    actual: `${key}=the client secret`,
  }),
);

describe('settings', () => {
  it.each<CheckCase>([
    {
      when: 'they are as required',
      status: 'pass',
      actual: 'set by ConfigMap "hoopgateway-idp" and Secret "hoopgateway-idp"',
    },
    {
      when: 'all come from a Secret',
      change: withState(state => {
        SETTING_KEYS.forEach(key => {
          const setting = state.settings[key];
          setting.object = 'Secret "all"';
          if (typeof setting.value === 'string') {
            setting.value = new SecretValue(setting.value);
          }
        });
      }),
      status: 'pass',
      actual: 'set by Secret "all"',
    },
    {
      when: 'the secret is stored in plain text',
      change: withSetting('IDP_CLIENT_SECRET', CLIENT_SECRET),
      status: 'pass',
    },
    {
      when: 'the issuer lacks its slash',
      change: withSetting(
        'IDP_ISSUER',
        'https://auth.company/application/o/hoop',
      ),
      status: 'fail',
      expected: 'IDP_ISSUER=https://auth.company/application/o/hoop/',
      actual: 'IDP_ISSUER=https://auth.company/application/o/hoop',
      remedy: 'writes these settings and restarts',
    },
    {
      when: 'the secret is another one',
      change: withSetting('IDP_CLIENT_SECRET', new SecretValue('stale-value')),
      status: 'fail',
      expected: 'IDP_CLIENT_SECRET=the secret in authentik',
      actual: /^IDP_CLIENT_SECRET=another value$/,
    },
    {
      when: 'the secret is another one in plain text',
      change: withSetting('IDP_CLIENT_SECRET', 'stale-value'),
      status: 'fail',
      actual: /^IDP_CLIENT_SECRET=another value$/,
    },
    {
      when: 'two are missing',
      change: withState(state => {
        state.settings.AUTH_METHOD.value = undefined;
        state.settings.IDP_GROUPS_CLAIM.value = '';
      }),
      status: 'fail',
      expected: 'AUTH_METHOD=oidc, IDP_GROUPS_CLAIM=groups',
      actual: 'AUTH_METHOD=(unset), IDP_GROUPS_CLAIM=(unset)',
    },
    {
      when: 'one that is wrong is a secret',
      change: withSetting('IDP_CLIENT_ID', new SecretValue('hidden-value')),
      status: 'fail',
      actual: /^IDP_CLIENT_ID=<secret>$/,
    },
    ...misplaced,
    {
      when: 'id and secret are swapped, and the secret is an old one',
      change: withState(({ settings: found }) => {
        found.IDP_CLIENT_ID.value = 'the-old-secret';
        found.IDP_CLIENT_SECRET.value = GOOD_PROVIDER.clientId;
      }),
      status: 'fail',
      actual:
        /^IDP_CLIENT_ID=the client secret, IDP_CLIENT_SECRET=another value$/,
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
    {
      when: 'the cluster does not answer',
      change: withoutTarget,
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(settings, wanted)).toEqual([]);
  });
});
