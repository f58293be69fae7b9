import { InputError } from '@backstage/errors';
import type { Check } from 'backstage-plugin-hoop-authentik-common';
import type {
  PlanLine,
  TargetPlan,
  TargetReading,
  TargetWriteOptions,
} from '../targets/types';
import type { AuthentikProvider } from '../authentik/types';
import { GatewayKeyRefusedError } from '../hoop';
import { SecretValue } from '../support';
import { GatewayRolloutError } from '../targets';
import { messageOf, restoreAfterFailure } from './afterFailure';
import { PREFLIGHT_CHECKS, runChecks } from './checks';
import { permissions } from './checks/permissions';
import { storedConfiguration } from './checks/storedConfiguration';
import { desiredSettings } from './desired';
import { followUnfinishedRollout } from './followRollout';
import {
  hasOidcLoaded,
  observeIntegration,
  observeLoginUrl,
  type IntegrationSystems,
} from './observe';
import { describeCheck, refuseFailures, refuseOwners } from './preflight';
import type { DesiredIntegration, ObservedIntegration } from './types';
import {
  verifyGateway,
  verifyObserved,
  type VerifyOptions,
} from './verifyGateway';

/** @public */
export interface ConfigureOptions extends TargetWriteOptions {
  /** Stop after the plan. */
  dryRun?: boolean;
  /** Write live even where Helm, Argo CD or Flux manage the objects. */
  allowManaged?: boolean;
  /** Switch also where nobody may administer the gateway afterwards; every other check has to pass all the same. */
  allowLockout?: boolean;
  verify?: Pick<VerifyOptions, 'timeoutMs'>;
  /** Receives the plan before anything is written. */
  onPlan?(changes: PlanLine[]): void;
}

/** @public */
export interface ConfigureResult {
  changes: PlanLine[];
  /** Requests that changed something. */
  writes: number;
  restarted: boolean;
}

/** Stands for the provider of an application that a dry run has only planned. */
const TO_BE_CREATED = {
  clientId: '(given by authentik)',
  // Not the same words: a plan hides every value that equals the secret.
  clientSecret: new SecretValue('(made by authentik)'),
};

/** Of a gateway that crashes, a new start is due only after minutes. */
const WAYS_TO_START =
  'What is mended already counts at once after hoop:gateway:restart; to put the gateway back to local sign-in, use hoop:gateway:disconnect.';

function providerFor(
  { authentik: { provider } }: ObservedIntegration,
  dryRun: boolean,
): Pick<AuthentikProvider, 'clientId' | 'clientSecret'> | undefined {
  const found = provider.ok ? provider.value : undefined;
  return found ?? (dryRun ? TO_BE_CREATED : undefined);
}

/**
 * Whether the switch mends what was found of the stored configuration: it is the very thing that is written, or it
 * cannot be read because the gateway is down or cannot load its present identity provider. A key that the gateway
 * refuses is not mended by any switch.
 */
function isMended(
  status: Check['status'],
  { targetType, gateway }: ObservedIntegration,
): boolean {
  if (targetType === 'gatewayApi') {
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
  options: Pick<ConfigureOptions, 'dryRun' | 'signal'> & {
    loginUrl?: boolean;
  },
): Promise<ObservedIntegration> {
  const { dryRun, signal, loginUrl = !dryRun } = options;
  const observed = await observeIntegration(systems, desired, { signal });
  return !loginUrl ||
    systems.target.type !== 'kubernetes' ||
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

/** A switch that may be made, and what it was planned from. @internal */
export interface PreparedSwitch {
  plan: TargetPlan;
  observed: ObservedIntegration;
  reading: TargetReading;
}

/**
 * Observes, proves what can be proven before a switch, and plans it. In a dry run of a whole template the step that
 * puts the application right has written nothing, so there its faults are told and do not end the task.
 *
 * @param options - `clientSecret` is planned for in place of the one that authentik has; `loginUrl` says whether the
 *   gateway may be asked where its sign-in leads, by default in all but a dry run
 * @throws InputError when a check that must pass before the switch fails, or a live write is refused
 * @throws ServiceUnavailableError when a system cannot be reached
 * @internal
 */
export async function prepareSwitch(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  options: Pick<
    ConfigureOptions,
    'dryRun' | 'allowManaged' | 'allowLockout' | 'log' | 'signal'
  > & { clientSecret?: SecretValue; loginUrl?: boolean },
): Promise<PreparedSwitch> {
  const refusal = `The gateway "${desired.gateway.name}" was not changed.`;
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
    options.dryRun &&
    check.system === 'authentik' &&
    check.id !== permissions.id &&
    check.status === 'fail';
  refuseFailures(
    checks.filter(check => !mendable(check)),
    refusal,
  );
  for (const check of checks.filter(mendable)) {
    options.log(`An earlier step has to mend this: ${describeCheck(check)}`);
  }
  const provider = providerFor(observed, options.dryRun ?? false);
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
  return { plan, observed, reading };
}

/**
 * Makes a gateway sign people in with its application: proves what can be proven before, switches the settings, sees
 * the restart through, and proves that the gateway uses them. Anything that goes wrong after the first write puts the
 * previous settings back. Where everything is right already, nothing is written, and the rest is done and proven all the
 * same: another run may have been killed while the gateway restarted.
 *
 * @throws InputError when a check that must pass before the switch fails, or a live write is refused
 * @throws GatewayRolloutError when the gateway did not come up, or came up without using the settings
 * @throws ServiceUnavailableError when a system cannot be reached
 * @public
 */
export async function configureGateway(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  options: ConfigureOptions,
): Promise<ConfigureResult> {
  const prepared = await prepareSwitch(systems, desired, options);
  const { plan } = prepared;
  options.onPlan?.(plan.changes);
  if (plan.restart && plan.changes.length === 0) {
    options.log(
      'The gateway has to restart: it started before its settings last changed',
    );
  }
  const unchanged = { changes: plan.changes, writes: 0, restarted: false };
  if (options.dryRun) {
    return unchanged;
  }
  if (plan.changes.length === 0 && !plan.restart) {
    await proveUnchanged(systems, desired, prepared, options);
    return unchanged;
  }
  const applied = await plan.apply(options);
  try {
    await verifyGateway(systems, desired, {
      ...options.verify,
      signal: options.signal,
      log: options.log,
    });
  } catch (error) {
    const restored = await restoreAfterFailure(applied, options);
    options.signal?.throwIfAborted();
    throw new GatewayRolloutError(
      `The gateway ${
        plan.restart ? 'came up' : 'has the settings'
      } but does not sign people in with authentik. ${restored} ${messageOf(
        error,
      )}`,
    );
  }
  const cleaned = await applied.finish(options);
  return {
    changes: plan.changes,
    writes: applied.writes + cleaned,
    restarted: plan.restart,
  };
}

/** Sees a rollout through that an earlier run, or somebody else, has begun, and proves that people can sign in. */
async function proveUnchanged(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  { observed, reading }: PreparedSwitch,
  options: ConfigureOptions,
): Promise<void> {
  const { info } = observed.gateway;
  const followed = await followUnfinishedRollout(
    reading,
    {
      introduction: `The gateway "${desired.gateway.name}" was not changed: it has the settings already.`,
      wayOut: WAYS_TO_START,
      silence: info.ok ? undefined : info.error,
    },
    options,
  );
  const verify = {
    ...options.verify,
    signal: options.signal,
    log: options.log,
  };
  try {
    await (followed
      ? verifyGateway(systems, desired, verify)
      : verifyObserved(systems, desired, observed, verify));
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new GatewayRolloutError(
      `The gateway has the settings already and was not changed, but does not sign people in with authentik. ${messageOf(
        error,
      )}`,
    );
  }
}
