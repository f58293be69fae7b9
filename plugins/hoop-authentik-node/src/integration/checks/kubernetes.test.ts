import {
  SETTING_KEYS,
  type SettingKey,
} from 'backstage-plugin-hoop-authentik-common';
import { GOOD_PROVIDER } from '../../application/__testUtils__/goodFacts';
import { SecretValue } from '../../core';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import {
  all,
  CLIENT_SECRET,
  forbidden,
  goodAuthConfig,
  ok,
  withGateway,
  withoutProvider,
  withoutTarget,
  withState,
} from '../__testUtils__/goodObservation';
import {
  image,
  restarted,
  rollout,
  settings,
  shadowing,
  targetReachable,
} from './kubernetes';

describe('targetReachable', () => {
  it.each<CheckCase>([
    { when: 'it can be read', status: 'pass', actual: '1 of 1 updated' },
    {
      when: 'the cluster refuses',
      change: observed => {
        observed.target = forbidden();
      },
      status: 'unknown',
      cause: 'kubernetes.forbidden',
      actual: 'Account lacks a right in the cluster',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(targetReachable, wanted)).toEqual([]);
  });
});

describe('settings', () => {
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

  it.each<CheckCase>([
    {
      when: 'they match',
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
    ...[
      'vault:secret/data/hoop#CLIENT_SECRET',
      'ref+vault://secret/hoop#/clientSecret',
    ].map(
      (reference): CheckCase => ({
        when: `the secret is a reference in the cluster, ${reference}`,
        change: withSetting('IDP_CLIENT_SECRET', new SecretValue(reference)),
        status: 'warn',
        expected: 'IDP_CLIENT_SECRET=the secret in authentik',
        actual:
          /^IDP_CLIENT_SECRET=what looks like a reference that another tool resolves, so whether it leads to the secret in authentik cannot be determined$/,
        remedy: /^Compare .*where the reference leads.*\.$/,
        fix: null,
      }),
    ),
    {
      when: 'the gateway shows what the reference leads to',
      change: all(
        withSetting('IDP_CLIENT_SECRET', new SecretValue('vault:a/hoop#KEY')),
        withGateway({ authConfig: ok(goodAuthConfig()) }),
      ),
      status: 'pass',
      actual: 'as the gateway shows',
    },
    {
      when: 'the gateway shows another secret than that of authentik',
      change: all(
        withSetting('IDP_CLIENT_SECRET', new SecretValue('vault:a/hoop#KEY')),
        withGateway({
          authConfig: ok(goodAuthConfig({}, { client_secret: 'another' })),
        }),
      ),
      status: 'warn',
      fix: null,
    },
    {
      when: 'the secret is a reference and another setting is wrong',
      change: withState(({ settings: found }) => {
        found.IDP_CLIENT_SECRET.value = new SecretValue('vault:a/hoop#KEY');
        found.IDP_GROUPS_CLAIM.value = 'roles';
      }),
      status: 'fail',
      expected: 'IDP_GROUPS_CLAIM=groups',
      actual: /^IDP_GROUPS_CLAIM=roles$/,
      remedy: 'leaves a reference alone',
      fix: null,
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

describe('shadowing', () => {
  it.each<CheckCase>([
    { when: 'nothing overrides them', status: 'pass' },
    {
      when: 'a setting of ours loses',
      change: withState(state => {
        state.settings.IDP_ISSUER.shadowedBy =
          'a value in the container itself';
      }),
      status: 'fail',
      actual: 'IDP_ISSUER is set by a value in the container itself',
      remedy: 'Remove these keys',
    },
    {
      when: 'IDP_URI is set as well',
      change: withState(state => {
        state.settings.AUTH_METHOD.shadowedBy = 'ConfigMap "other"';
        state.overrides = [
          {
            key: 'IDP_URI',
            source: 'Secret "other"',
            remedy: 'Remove IDP_URI there.',
          },
        ];
      }),
      status: 'fail',
      actual:
        'AUTH_METHOD is set by ConfigMap "other"; IDP_URI is set by Secret "other"',
      remedy: /^Remove IDP_URI there\. Remove these keys/,
    },
    {
      when: 'the cluster does not answer',
      change: withoutTarget,
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(shadowing, wanted)).toEqual([]);
  });
});

describe('rollout', () => {
  it.each<CheckCase>([
    { when: 'it is complete', status: 'pass', actual: '1 of 1 updated' },
    {
      when: 'it goes on',
      change: withState(state => {
        state.rollout = { done: false, line: '0 of 1 updated', problems: [] };
      }),
      status: 'fail',
      actual: '0 of 1 updated',
      remedy: 'Wait for the rollout',
    },
    {
      when: 'a container crashes after it',
      change: withState(state => {
        state.rollout.problems = ['container "hoopgateway" ended'];
      }),
      status: 'fail',
      actual: '1 of 1 updated; container "hoopgateway" ended',
      remedy: 'Read the log',
    },
    {
      when: 'the cluster does not answer',
      change: withoutTarget,
      status: 'unknown',
    },
    {
      when: 'it is complete, but no run has verified the switch',
      change: withState(state => {
        state.unverifiedSwitch = { since: '2026-11-28T10:00:00Z' };
      }),
      status: 'warn',
      actual:
        'the switch of 2026-11-28T10:00:00Z is unverified: its run is still going on, or was killed',
      remedy: 'or undoes it where people cannot sign in.',
    },
    {
      when: 'it is complete, and a switch that was never verified cannot be undone',
      change: withState(state => {
        state.unverifiedSwitch = {
          since: '2026-11-28T10:00:00Z',
          refusal: 'another process has changed the pod template',
        };
      }),
      status: 'warn',
      remedy: 'It cannot be undone: another process has changed',
    },
    {
      when: 'it fails with a switch that no run has verified',
      change: withState(state => {
        state.rollout.problems = ['container "hoopgateway" ended'];
        state.unverifiedSwitch = { since: '2026-11-28T10:00:00Z' };
      }),
      status: 'fail',
      remedy:
        'restart the gateway with the action hoop:gateway:restart: it restores the previous settings',
    },
    {
      when: 'it fails with a switch that cannot be undone',
      change: withState(state => {
        state.rollout.problems = ['container "hoopgateway" ended'];
        state.unverifiedSwitch = { refusal: 'another process has changed it' };
      }),
      status: 'fail',
      remedy: 'Read the log of the container',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(rollout, wanted)).toEqual([]);
  });
});

describe('restarted', () => {
  it.each<CheckCase>([
    { when: 'it runs with the settings', status: 'pass' },
    {
      when: 'it started before',
      change: withState(state => {
        state.settingsInUse = false;
      }),
      status: 'fail',
      actual: 'it started before',
      remedy: 'Restart the gateway',
    },
    {
      when: 'it cannot be determined',
      change: withState(state => {
        state.settingsInUseUndetermined = 'the objects have changed';
      }),
      status: 'warn',
      actual: 'it cannot be determined: the objects have changed',
      remedy: 'Restart the gateway',
    },
    {
      when: 'nothing runs',
      change: withState(state => {
        state.settingsInUse = undefined;
      }),
      status: 'skipped',
    },
    {
      when: 'the cluster does not answer',
      change: withoutTarget,
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(restarted, wanted)).toEqual([]);
  });
});

describe('image', () => {
  const withImage = (reference: string | undefined) =>
    withState(state => {
      state.image = reference;
    });

  it.each<CheckCase>([
    {
      when: 'the tag is a version',
      status: 'pass',
      actual: 'hoophq/hoop:1.148.0',
    },
    {
      when: 'there is a digest beside a moving tag',
      change: withImage(`hoophq/hoop:latest@sha256:${'ab'.repeat(32)}`),
      status: 'pass',
    },
    {
      when: 'the registry has a port',
      change: withImage('registry.company:5000/hoop:v1.148.0-alpine'),
      status: 'pass',
    },
    {
      when: 'the tag is a commit',
      change: withImage('hoophq/hoop:e939597d'),
      status: 'pass',
    },
    {
      when: 'the tag is latest',
      change: withImage('hoophq/hoop:latest'),
      status: 'warn',
      expected: 'a tag of one version, such as 1.148.0, or a digest',
      actual: 'tag "latest" moves',
      remedy: 'a restart can bring another version',
    },
    {
      when: 'there is none, only a port',
      change: withImage('registry.company:5000/hoop'),
      status: 'warn',
      actual: 'tag "latest" moves',
    },
    {
      when: 'the tag is a line of versions',
      change: withImage('hoophq/hoop:1.148'),
      status: 'warn',
      actual: 'tag "1.148" moves',
    },
    {
      when: 'the target knows of no image',
      change: withImage(undefined),
      status: 'skipped',
    },
    {
      when: 'the cluster does not answer',
      change: withoutTarget,
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(image, wanted)).toEqual([]);
  });
});
