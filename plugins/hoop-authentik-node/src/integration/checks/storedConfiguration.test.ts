import { SecretValue } from '../../core';
import { CAPABILITIES } from '../../targets';
import type { TargetState } from '../../targets/types';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import {
  all,
  type Change,
  CLIENT_SECRET,
  DESIRED,
  failed,
  goodAuthConfig,
  goodLoginUrl,
  ok,
  withGateway,
  withoutProvider,
  withState,
} from '../__testUtils__/goodObservation';
import { storedConfiguration } from './storedConfiguration';

const inForce = (
  fields: Record<string, unknown> = {},
  oidcFields: Record<string, unknown> = {},
): Change =>
  withGateway({ authConfig: ok(goodAuthConfig(fields, oidcFields)) });

const signsInWith = (authMethod: string): Change =>
  withGateway({
    info: ok({ version: undefined, authMethod, setupRequired: false }),
  });

const withTarget =
  (type: keyof typeof CAPABILITIES): Change =>
  observed => {
    observed.targetCapabilities = CAPABILITIES[type];
  };

const localEnvironment = (state: TargetState) => {
  state.settings.AUTH_METHOD.value = 'local';
  state.outcome = { method: 'local' };
};

const withoutLoginUrl = withGateway({ loginUrl: undefined });

const clientOf = (clientId: string | undefined): Change =>
  withGateway({ loginUrl: ok({ ...goodLoginUrl(), clientId }) });

const LOCAL = { auth_method: 'local', oidc_config: null };
const UNREAD = 'nothing points to one';

const WITH_KEY: CheckCase[] = [
  {
    when: 'the gateway uses the settings',
    change: inForce(),
    status: 'pass',
  },
  {
    when: 'the same values are stored beside the environment',
    change: inForce({ provider_name: 'other' }),
    status: 'warn',
    remedy: 'UPDATE private.authconfig SET auth_method = NULL',
  },
  {
    when: 'another method is known to be stored',
    change: inForce({ ...LOCAL, provider_name: 'local' }),
    status: 'fail',
    expected: `AUTH_METHOD=oidc, IDP_CLIENT_ID=${
      goodAuthConfig().oidc?.clientId
    }, IDP_CLIENT_SECRET=the secret in authentik, IDP_GROUPS_CLAIM=groups, IDP_ISSUER=${
      DESIRED.issuer
    }`,
    actual: 'stored in the gateway: AUTH_METHOD=local',
    remedy: 'target "gatewayApi"',
  },
  ...[
    { auth_method: 'local' },
    {},
    { oidc_config: { issuer_url: 'https://other.company/' } },
  ].map(
    (fields): CheckCase => ({
      when: `a gateway shows ${JSON.stringify(
        fields,
      )} that runs with its environment`,
      change: inForce(fields, { client_id: 'another' }),
      status: 'fail',
      actual: 'stored in the gateway:',
    }),
  ),
  {
    when: 'only the secret is another one',
    change: inForce({}, { client_secret: 'another-secret' }),
    status: 'fail',
    expected: 'IDP_CLIENT_SECRET=the secret in authentik',
    actual: 'IDP_CLIENT_SECRET=another value',
  },
  {
    when: 'the environment has a reference to a secret, and another issuer',
    change: all(
      inForce({}, { issuer_url: 'https://other.company/' }),
      withState(({ settings }) => {
        settings.IDP_CLIENT_SECRET.value = new SecretValue('vault:a/hoop#KEY');
        settings.IDP_ISSUER.value = 'https://other.company/';
      }),
    ),
    status: 'pass',
    actual: 'the gateway uses its environment',
  },
  {
    when: 'the gateway does not show its secret',
    change: inForce({}, { client_secret: 'REDACTED' }),
    status: 'pass',
  },
  {
    when: 'the environment differs and is in use',
    change: all(inForce(LOCAL), withState(localEnvironment)),
    status: 'pass',
    actual: 'the gateway uses its environment',
  },
  {
    when: 'the gateway has not restarted with its environment yet',
    change: all(
      inForce(LOCAL),
      withState(state => {
        state.settingsInUse = false;
      }),
    ),
    status: 'skipped',
  },
  {
    when: 'another variable overrides the settings',
    change: all(
      inForce({}, { issuer_url: 'https://other.company/' }),
      withState(state => {
        state.overrides = [{ key: 'IDP_URI', source: 's', remedy: 'R.' }];
      }),
    ),
    status: 'skipped',
  },
  {
    when: 'the cluster cannot be read',
    change: all(inForce(LOCAL), observed => {
      observed.target = failed();
    }),
    status: 'skipped',
  },
  {
    when: 'the key is not accepted',
    change: withGateway({ authConfig: failed() }),
    status: 'unknown',
  },
  {
    when: 'there is no provider yet',
    change: all(inForce(), withoutProvider),
    status: 'skipped',
  },
  {
    when: 'the gateway is its own target and differs',
    change: all(inForce(LOCAL), withTarget('gatewayApi')),
    status: 'fail',
    actual: 'AUTH_METHOD=local',
    fix: 'repair',
  },
  {
    when: 'the gateway is its own target and agrees',
    change: all(inForce({ provider_name: 'other' }), withTarget('gatewayApi')),
    status: 'pass',
  },
  {
    when: 'the settings of a values file are not in force',
    change: all(inForce(LOCAL), withTarget('helmValues')),
    status: 'fail',
    remedy: 'hoop:helmValues:patch',
  },
  {
    when: 'the settings of an env file are not in force',
    change: all(inForce(LOCAL), withTarget('envFile')),
    status: 'fail',
    remedy: 'hoop:envFile:patch',
  },
];

const WITHOUT_KEY: CheckCase[] = [
  {
    when: 'the sign-in leads to the client of the environment',
    status: 'pass',
  },
  {
    when: 'nothing was asked that shows it',
    change: withoutLoginUrl,
    status: 'skipped',
    actual: UNREAD,
  },
  {
    when: 'the gateway uses another method than its environment says',
    change: signsInWith('local'),
    status: 'fail',
    expected: 'sign-in with oidc, as the environment it started with says',
    actual: 'local: a configuration is probably stored in the gateway',
    remedy: 'With apiKey of the gateway in app-config',
  },
  {
    when: 'the gateway uses OpenID and its environment says local',
    change: withState(localEnvironment),
    status: 'fail',
    actual: 'oidc: a configuration is probably stored',
  },
  {
    when: 'the gateway calls OpenID by its older name',
    change: signsInWith('idp'),
    status: 'pass',
  },
  {
    when: 'the sign-in leads to another client',
    change: clientOf('another'),
    status: 'fail',
    actual:
      'client id another value (7 characters): a configuration is probably stored',
  },
  {
    when: 'the sign-in leads to no client',
    change: clientOf(undefined),
    status: 'fail',
    actual: 'client id (unset)',
  },
  {
    when: 'the client secret is where the client id should be, and another one is in use',
    change: withState(state => {
      state.settings.IDP_CLIENT_ID.value = CLIENT_SECRET;
    }),
    status: 'fail',
    expected:
      'client id the client secret, as the environment it started with says',
  },
  {
    when: 'the gateway started before its settings changed',
    change: all(
      signsInWith('local'),
      withState(state => {
        state.settingsInUse = false;
      }),
    ),
    status: 'skipped',
    actual: UNREAD,
  },
  {
    when: 'the rollout goes on',
    change: all(
      signsInWith('local'),
      withState(state => {
        state.rollout.done = false;
      }),
    ),
    status: 'skipped',
  },
  {
    when: 'the environment would not let it start',
    change: all(
      signsInWith('local'),
      withState(state => {
        state.settings.IDP_CLIENT_ID.value = '';
      }),
    ),
    status: 'skipped',
  },
  {
    when: 'the gateway does not answer',
    change: withGateway({ info: failed() }),
    status: 'skipped',
  },
  {
    when: 'the settings are in a file',
    change: all(withTarget('helmValues'), signsInWith('local')),
    status: 'skipped',
    actual: UNREAD,
  },
];

describe('storedConfiguration', () => {
  describe('with a key', () => {
    it.each(WITH_KEY)('should find "$status" when $when', wanted => {
      expect(faultsOf(storedConfiguration, wanted)).toEqual([]);
    });
  });

  describe('without a key', () => {
    it.each(WITHOUT_KEY)('should find "$status" when $when', wanted => {
      expect(faultsOf(storedConfiguration, wanted)).toEqual([]);
    });
  });
});
