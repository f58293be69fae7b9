import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type { Check } from 'backstage-plugin-hoop-authentik-common';
import { OAUTH2_PROVIDER_MODEL } from '../application';
import { type PlanLine, type SecretValue, sentence } from '../core';
import {
  permissions,
  PREFLIGHT_CHECKS,
  runChecks,
  shadowing,
  storedConfiguration,
} from '../integration/checks';
import { desiredSettings } from '../integration/desired';
import {
  hasOidcLoaded,
  observeIntegration,
  observeLoginUrl,
  type IntegrationSystems,
} from '../integration/observe';
import type {
  DesiredIntegration,
  ObservedIntegration,
} from '../integration/types';
import { GatewayKeyRefusedError } from '../systems/hoop';
import type {
  TargetPlan,
  TargetReading,
  TargetWriteOptions,
} from '../targets/types';
import { refuseFailures, refuseOwners } from './refusals';
import { clientOf, refuseForeignClient } from './settings';
import { settleUnverified } from './unverified';

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
  /** Switch even where the client secret of the former identity provider is lost, see {@link TargetPlan.loss}. */
  allowSecretLoss?: boolean;
}

/** @public */
export interface PreflightOptions extends TargetWriteOptions, SwitchWaivers {
  dryRun?: boolean;
}

/** @public */
export interface PreflightResult {
  /** What was proven; checks of the application that still fail are for the step that ensures it. */
  checks: Check[];
  /** What the switch would change in the target. */
  changes: PlanLine[];
  /** Whether the switch would restart the gateway. */
  restarts: boolean;
}

/**
 * Proves that a gateway can be switched to its application before anything is written to any system, the application
 * itself included: for the first step of a template whose next one writes to authentik. What the application lacks is
 * left to that step; all else that {@link configureGateway} would refuse is refused here, the rights in the cluster as
 * well. Nothing is changed, except that an earlier switch which was never verified is undone where the gateway does not
 * run with it; and the gateway keeps one unused login state, but not in a dry run.
 *
 * @throws InputError when the gateway cannot be switched
 * @throws ServiceUnavailableError when a system cannot be reached, or a right of ours is missing
 * @public
 */
export async function preflightGateway(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  options: PreflightOptions,
): Promise<PreflightResult> {
  const { plan, checks } = await prepareSwitch(systems, desired, {
    ...options,
    loginUrl: !options.dryRun,
    applicationPending: true,
    refusal: `The gateway "${desired.gateway.name}" cannot be connected; nothing was changed.`,
  });
  // The steps that write log what they find.
  await plan.confirmRights?.({ ...options, log: () => {} });
  return { checks, changes: plan.changes, restarts: plan.restart };
}

interface PrepareOptions extends TargetWriteOptions, SwitchWaivers {
  dryRun?: boolean;
  /** The gateway may be asked where its sign-in leads, which leaves a row in its database. */
  loginUrl: boolean;
  /** Another step of the same template ensures the application: what it lacks refuses nothing. */
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
  /** Everything that was proven, with what the application still lacks. */
  checks: Check[];
}

/**
 * Observes, proves what can be proven before a switch, and plans it; changes nothing, except that an earlier switch which
 * was never verified is undone where the gateway does not run with it.
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
  let observed = await observeBefore(systems, desired, options);
  refuseForeignClient(desired, observed);
  if (observed.target.ok) {
    const { changed } = await settleUnverified(observed.target.value, {
      ...options,
      answers: observed.gateway.info.ok,
    });
    observed = changed
      ? await observeBefore(systems, desired, options)
      : observed;
  }
  const input = {
    desired,
    observed: withSecret(observed, options.clientSecret),
  };
  const checks = runChecks(
    input,
    PREFLIGHT_CHECKS.filter(({ lockout }) => !lockout || !options.allowLockout),
  ).filter(
    ({ id, status }) =>
      // The plan checks what would override the settings after the switch, which is what matters.
      id !== shadowing.id &&
      !(id === storedConfiguration.id && isFixedBySwitch(status, observed)),
  );
  const leftToApplication = (check: Check) =>
    applicationPending &&
    !hasForeignProvider(observed) &&
    check.system === 'authentik' &&
    check.id !== permissions.id &&
    check.status === 'fail';
  refuseFailures(
    checks.filter(check => !leftToApplication(check)),
    input,
    refusal,
  );
  const client = clientOf(desired, observed.authentik.provider, {
    planned: applicationPending,
    refusal,
  });
  if (!observed.target.ok) {
    throw new ServiceUnavailableError(
      `${refusal} ${sentence(observed.target.error)}`,
    );
  }
  const reading = observed.target.value;
  const plan = reading.plan(
    desiredSettings(desired, {
      clientId: client.clientId,
      clientSecret: options.clientSecret ?? client.clientSecret,
    }),
  );
  if (plan.refusals.length > 0) {
    throw new InputError(`${refusal} ${plan.refusals.join(' ')}`);
  }
  if (plan.changes.length > 0) {
    refuseOwners(plan.owners, refusal, options);
  }
  if (plan.loss && !options.allowSecretLoss) {
    throw new InputError(
      `${refusal} ${plan.loss} Set allowSecretLoss to switch anyway.`,
    );
  }
  return { plan, observed, reading, checks };
}

/**
 * Without an API key only where its sign-in leads shows that a gateway uses something else than its environment. The
 * request leaves a row in the gateway's database, so a dry run does without.
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

/** The observation as it would be with another secret in authentik. */
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
 * Whether the switch fixes what was found of the stored configuration: it is what the switch writes, or it cannot be read
 * because the gateway is down or cannot load its present identity provider. No switch fixes a key that the gateway refuses.
 */
function isFixedBySwitch(
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

/** No step of ours replaces a provider of another type. */
function hasForeignProvider({
  authentik: { application },
}: ObservedIntegration): boolean {
  const model = application.ok ? application.value?.providerModel : undefined;
  return model !== undefined && model !== OAUTH2_PROVIDER_MODEL;
}
