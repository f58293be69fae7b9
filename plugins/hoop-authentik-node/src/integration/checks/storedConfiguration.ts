import type { SettingKey } from 'backstage-plugin-hoop-authentik-common';
import { gatewayOutcome } from '../../systems/hoop';
import type { GatewayAuthConfig } from '../../systems/hoop/types';
import { secretFormOf, type Settings, shownSetting } from '../../core';
import type { TargetState } from '../../targets/types';
import { settingsOf } from '../../targets/gatewayApi/planStored';
import { desiredSettings } from '../desired';
import type { ObservedIntegration } from '../types';
import {
  pass,
  skipped,
  withGateway,
  withProvider,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';
import { unverified } from './unverifiedSwitch';
import { settingDifferences, shownObservedId } from './settingValues';

/** No request makes the gateway drop it. */
const WAYS_OUT =
  'While it is there, it overrides the environment: give the gateway the target "gatewayApi" in app-config to keep the settings there, or remove it from the database of the gateway (UPDATE private.authconfig SET auth_method = NULL, oidc_config = NULL) and restart the gateway.';

const STORED_MAY_OVERRIDE =
  'If the file has them already, look under Integrations > Authentication of the gateway: what is stored there overrides the file.';

/** @internal */
export const storedConfiguration: CheckDefinition = {
  id: 'gateway.stored-configuration',
  system: 'gateway',
  title: 'Configuration stored in the gateway agrees with the settings',
  why: 'A configuration that the gateway stores itself silently overrides its environment variables, so that settings change nothing.',
  remedy:
    'Remove the stored configuration or change it, under Integrations > Authentication of the gateway, or use the target gatewayApi. Where a switch is unverified, run the software template again.',
  preflight: true,
  run: input =>
    input.observed.gateway.authConfig
      ? withGateway(input, 'authConfig', config =>
          withProvider(input, provider =>
            findInAnswer(
              input.observed,
              config,
              desiredSettings(input.desired, provider),
            ),
          ),
        )
      : infer(input),
};

const AGREES = pass('the gateway uses the five settings');

function findInAnswer(
  observed: ObservedIntegration,
  config: GatewayAuthConfig,
  wanted: Settings,
): Finding {
  const differences = settingDifferences(shownSettings(config, wanted), wanted);
  const { targetCapabilities } = observed;
  if (targetCapabilities.showsEnvironment) {
    return findBesideEnvironment(observed, config, differences);
  }
  return differences
    ? {
        status: 'fail',
        ...differences,
        ...(targetCapabilities.isStoredConfiguration
          ? {
              remedy: targetCapabilities.howToStore,
              fix: { action: 'repair' },
            }
          : {
              remedy: `${targetCapabilities.howToStore} ${STORED_MAY_OVERRIDE}`,
            }),
      }
    : findUnverified(observed);
}

/** The record of a switch whose run goes on or was killed, as far as whoever observes keeps one. */
function findUnverified({
  target,
  targetCapabilities,
}: ObservedIntegration): Finding {
  const found =
    targetCapabilities.isStoredConfiguration && target.ok
      ? target.value.state.unverifiedSwitch
      : undefined;
  if (!found) {
    return AGREES;
  }
  return unverified(found, 'the settings agree');
}

/** A secret that the gateway does not show cannot be compared. */
function shownSettings(
  config: GatewayAuthConfig,
  wanted: Settings,
): ReturnType<typeof settingsOf> {
  const found = settingsOf(config);
  return config.oidc && !config.oidc.clientSecret
    ? { ...found, IDP_CLIENT_SECRET: wanted.IDP_CLIENT_SECRET }
    : found;
}

function findBesideEnvironment(
  { target }: ObservedIntegration,
  config: GatewayAuthConfig,
  differences: ReturnType<typeof settingDifferences>,
): Finding {
  if (!differences) {
    return config.stored
      ? {
          status: 'warn',
          expected: 'only the environment of the gateway has the settings',
          actual: 'the same values are stored in the gateway',
          remedy: WAYS_OUT,
          params: { case: 'same' },
        }
      : AGREES;
  }
  const state = target.ok ? target.value.state : undefined;
  const environment = state && environmentInUse(state);
  if (config.stored || (environment && differs(config, environment))) {
    return {
      status: 'fail',
      expected: differences.expected,
      actual: `stored in the gateway: ${differences.actual}`,
      remedy: WAYS_OUT,
      params: { case: 'stored', ...differences.params },
    };
  }
  return environment
    ? pass('the gateway uses its environment')
    : skipped(
        'cannot be determined until the gateway runs with its environment as stored',
      );
}

/** What the gateway makes of its environment, where the running gateway is known to have started with it. */
function environmentInUse(state: TargetState) {
  const { rollout, settingsInUse, overrides, settings } = state;
  const running =
    settingsInUse && rollout.done && rollout.problems.length === 0;
  if (!running || overrides.length > 0) {
    return undefined;
  }
  const keys = Object.keys(settings) as SettingKey[];
  const outcome = gatewayOutcome(
    Object.fromEntries(keys.map(key => [key, settings[key].value])),
  );
  return 'fails' in outcome
    ? undefined
    : { outcome, clientSecret: settings.IDP_CLIENT_SECRET.value };
}

type EnvironmentInUse = NonNullable<ReturnType<typeof environmentInUse>>;

function differs(
  { authMethod, oidc }: GatewayAuthConfig,
  { outcome, clientSecret }: EnvironmentInUse,
): boolean {
  if (outcome.method !== 'oidc') {
    return authMethod !== outcome.method;
  }
  return (
    authMethod !== 'oidc' ||
    oidc?.issuer !== outcome.issuer ||
    oidc.clientId !== outcome.clientId ||
    oidc.groupsClaim !== outcome.groupsClaim ||
    (oidc.clientSecret !== undefined &&
      !oidc.clientSecret.equals(clientSecret) &&
      // The gateway has what a tool made of it.
      secretFormOf(clientSecret) !== 'reference')
  );
}

/** Without an API key, a stored configuration shows only where the gateway does not do what its environment says. */
function infer({ observed }: CheckInput): Finding {
  const { targetCapabilities, target, gateway } = observed;
  const notRead = skipped(
    'cannot be read without apiKey of the gateway in app-config; nothing points to one',
  );
  if (!targetCapabilities.showsEnvironment || !target.ok || !gateway.info.ok) {
    return notRead;
  }
  const environment = environmentInUse(target.value.state);
  if (!environment) {
    return notRead;
  }
  const { outcome } = environment;
  const { authMethod } = gateway.info.value;
  const method = authMethod === 'idp' ? 'oidc' : authMethod;
  if (method !== outcome.method) {
    return probablyStored(
      `sign-in with ${outcome.method}`,
      shownSetting('AUTH_METHOD', authMethod, [], String),
    );
  }
  if (outcome.method !== 'oidc' || !gateway.loginUrl?.ok) {
    return notRead;
  }
  const { clientId } = gateway.loginUrl.value;
  if (clientId === outcome.clientId) {
    return pass('the gateway uses the client of its environment');
  }
  return probablyStored(
    `client id ${shownObservedId(outcome.clientId, observed)}`,
    `client id ${shownObservedId(clientId, observed)}`,
  );
}

function probablyStored(expected: string, actual: string): Finding {
  return {
    status: 'fail',
    expected: `${expected}, as the environment it started with says`,
    actual: `${actual}: a configuration is probably stored in the gateway`,
    remedy: `If its environment was changed since it started, restart it first (hoop:gateway:restart with always). ${WAYS_OUT} With apiKey of the gateway in app-config the stored configuration is read and compared.`,
    params: { case: 'inferred', expected, found: actual },
  };
}
