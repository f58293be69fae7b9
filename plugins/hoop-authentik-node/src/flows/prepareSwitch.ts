import { InputError } from '@backstage/errors';
import type { Check } from 'backstage-plugin-hoop-authentik-common';
import { OAUTH2_PROVIDER_MODEL } from '../application';
import type { AuthentikProvider } from '../systems/authentik/types';
import { GatewayKeyRefusedError } from '../systems/hoop';
import { SecretValue } from '../core';
import type {
  TargetPlan,
  TargetReading,
  TargetWriteOptions,
} from '../targets/types';
import { PREFLIGHT_CHECKS, runChecks } from '../integration/checks';
import { permissions } from '../integration/checks/permissions';
import { storedConfiguration } from '../integration/checks/storedConfiguration';
import { desiredSettings } from '../integration/desired';
import { PLANNED_CLIENT } from './plannedClient';
import {
  hasOidcLoaded,
  observeIntegration,
  observeLoginUrl,
  type IntegrationSystems,
} from '../integration/observe';
import { describeCheck, refuseFailures, refuseOwners } from './preflight';
import type {
  DesiredIntegration,
  ObservedIntegration,
} from '../integration/types';

function providerFor(
  { authentik: { provider } }: ObservedIntegration,
  applicationPending: boolean,
): Pick<AuthentikProvider, 'clientId' | 'clientSecret'> | undefined {
  const found = provider.ok ? provider.value : undefined;
  return found ?? (applicationPending ? PLANNED_CLIENT : undefined);
}

/** No step of ours replaces a provider of another type. */
function hasForeignProvider({
  authentik: { application },
}: ObservedIntegration): boolean {
  const model = application.ok ? application.value?.providerModel : undefined;
  return model !== undefined && model !== OAUTH2_PROVIDER_MODEL;
}

/**
 * Whether the switch mends what was found of the stored configuration: it is the very thing that is written, or it
 * cannot be read because the gateway is down or cannot load its present identity provider. A key that the gateway
 * refuses is not mended by any switch.
 */
function isMended(
  status: Check['status'],
  { targetCapabilities, gateway }: ObservedIntegration,
): boolean {
  if (targetCapabilities.isStoredConfiguration) {
    return status === 'fail';
  }
  const { authConfig } = gateway;
  const keyRefused =
    authConfig?.ok === false &&
    authConfig.error instanceof GatewayKeyRefusedError;
  return status === 'unknown' && !hasOidcLoaded(gateway) && !keyRefused;
}

/**
 * Without an API key only where its sign-in leads shows that a gateway does otherwise than its environment says. The
 * request leaves a row in the gateway's database, which a dry run does not.
 */
async function observeBefore(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  { loginUrl, signal }: Pick<PrepareOptions, 'loginUrl' | 'signal'>,
): Promise<ObservedIntegration> {
  const observed = await observeIntegration(systems, desired, { signal });
  return !loginUrl ||
    !systems.target.capabilities.showsEnvironment ||
    systems.hoop.hasApiKey
    ? observed
    : observeLoginUrl(systems, observed, { signal });
}

/** The observation as it would be with another secret in authentik: what is stored has to give way to that one. */
function withSecret(
  observed: ObservedIntegration,
  clientSecret: SecretValue | undefined,
): ObservedIntegration {
  const { provider } = observed.authentik;
  return clientSecret && provider.ok && provider.value
    ? {
        ...observed,
        authentik: {
          ...observed.authentik,
          provider: { ok: true, value: { ...provider.value, clientSecret } },
        },
      }
    : observed;
}

/**
 * What an operator may accept on purpose.
 *
 * @public
 */
export interface SwitchWaivers {
  /** Write live even where Helm, Argo CD or Flux manage the objects. */
  allowManaged?: boolean;
  /** Switch even where no one can administer the gateway afterwards; every other check still has to pass. */
  allowLockout?: boolean;
}

/** @internal */
export interface PrepareOptions extends TargetWriteOptions, SwitchWaivers {
  /** The gateway may be asked where its sign-in leads, which leaves a row in its database. */
  loginUrl: boolean;
  /**
   * Another step of the same template puts the application right: what is amiss with it is told, and ends nothing.
   */
  applicationPending?: boolean;
  /** Planned for in place of the secret that authentik has. */
  clientSecret?: SecretValue;
  /** What a refusal begins with: that nothing was changed. */
  refusal?: string;
}

/** A switch that may be made, and what it was planned from. @internal */
export interface PreparedSwitch {
  plan: TargetPlan;
  observed: ObservedIntegration;
  reading: TargetReading;
  /** Everything that was proven, with what of the application is still to be put right. */
  checks: Check[];
}

/**
 * Observes, proves what can be proven before a switch, and plans it; changes nothing.
 *
 * @throws InputError when a check that must pass before the switch fails, or a live write is refused
 * @throws ServiceUnavailableError when a system cannot be reached
 * @internal
 */
export async function prepareSwitch(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  options: PrepareOptions,
): Promise<PreparedSwitch> {
  const {
    applicationPending = false,
    refusal = `The gateway "${desired.gateway.name}" was not changed.`,
  } = options;
  if (systems.target.refusal) {
    throw new InputError(`${refusal} ${systems.target.refusal}`);
  }
  const observed = await observeBefore(systems, desired, options);
  const checks = runChecks(
    { desired, observed: withSecret(observed, options.clientSecret) },
    PREFLIGHT_CHECKS.filter(({ lockout }) => !lockout || !options.allowLockout),
  ).filter(
    ({ id, status }) =>
      // The plan looks at what overrides the settings after the switch, which is what counts.
      id !== 'kubernetes.shadowing' &&
      !(id === storedConfiguration.id && isMended(status, observed)),
  );
  const mendable = (check: Check) =>
    applicationPending &&
    !hasForeignProvider(observed) &&
    check.system === 'authentik' &&
    check.id !== permissions.id &&
    check.status === 'fail';
  refuseFailures(
    checks.filter(check => !mendable(check)),
    refusal,
  );
  for (const check of checks.filter(mendable)) {
    options.log(
      `The step that ensures the application has to mend this: ${describeCheck({
        ...check,
        remedy: undefined,
      })}`,
    );
  }
  const provider = providerFor(observed, applicationPending);
  if (!provider || !observed.target.ok) {
    throw new InputError(
      `${refusal} The application "${desired.application.slug}" has no provider to take settings from. ` +
        'Run the step that ensures the application first.',
    );
  }
  const reading = observed.target.value;
  const plan = reading.plan(
    desiredSettings(desired, {
      clientId: provider.clientId,
      clientSecret: options.clientSecret ?? provider.clientSecret,
    }),
  );
  if (plan.refusals.length > 0) {
    throw new InputError(`${refusal} ${plan.refusals.join(' ')}`);
  }
  if (plan.changes.length > 0 && !options.allowManaged) {
    refuseOwners(plan.owners, refusal);
  }
  return { plan, observed, reading, checks };
}
