import { InputError } from '@backstage/errors';
import { refuseSharedClient } from '../application/ownership';
import { type CallOptions, SecretValue, type Settings } from '../core';
import {
  administrator,
  permissions,
  PREFLIGHT_CHECKS,
  runChecks,
} from '../integration/checks';
import { desiredSettings } from '../integration/desired';
import {
  observeAuthentik,
  type IntegrationSystems,
} from '../integration/observe';
import type {
  DesiredIntegration,
  Observation,
  ObservedIntegration,
} from '../integration/types';
import type { AuthentikProvider } from '../systems/authentik/types';
import { refuseFailures } from './refusals';

type Client = Pick<AuthentikProvider, 'clientId' | 'clientSecret'>;

/** Stands for the provider of an application that another step has only planned. */
const PLANNED_CLIENT: Client = {
  clientId: '(given by authentik)',
  // Not the same words: a plan hides every value that equals the secret.
  clientSecret: new SecretValue('(made by authentik)'),
};

/** Stands for the systems that a file has nothing to do with. */
const NOT_LOOKED_AT: Observation<never> = {
  ok: false,
  error: new Error('not looked at'),
};

/** @public */
export interface ProvenSettingsOptions extends CallOptions {
  /** Treat an application that is not there yet as one that an earlier step would have created. */
  dryRun?: boolean;
  /** Accept that the gateway may have no administrator afterwards. */
  allowLockout?: boolean;
}

/**
 * The settings for a gateway whose settings are kept in a file, after everything about authentik that can be proven
 * before a switch has been proven. Neither the gateway nor its cluster is looked at.
 *
 * @throws InputError when a setting in authentik does not match
 * @throws ServiceUnavailableError when authentik cannot be reached
 * @public
 */
export async function provenSettings(
  systems: Pick<IntegrationSystems, 'authentik' | 'probes' | 'target'>,
  desired: DesiredIntegration,
  { dryRun = false, allowLockout, ...options }: ProvenSettingsOptions = {},
): Promise<Settings> {
  options.signal?.throwIfAborted();
  const authentik = await observeAuthentik(systems, desired, options);
  options.signal?.throwIfAborted();
  const observed: ObservedIntegration = {
    now: new Date(),
    authentik,
    targetCapabilities: systems.target.capabilities,
    target: NOT_LOOKED_AT,
    gateway: {
      info: NOT_LOOKED_AT,
      oidcLoaded: NOT_LOOKED_AT,
      loginUrl: undefined,
      authConfig: undefined,
    },
  };
  refuseForeignClient(desired, observed);
  const refusal = 'The file was not changed.';
  refuseFailures(
    runChecks(
      { desired, observed },
      // authentik alone shows who administers the gateway.
      PREFLIGHT_CHECKS.filter(
        ({ id, system }) =>
          system === 'authentik' || (id === administrator.id && !allowLockout),
      ),
    ).filter(
      // In a dry run of a whole template the step that ensures the application has written nothing.
      ({ id, status }) =>
        !(dryRun && status === 'fail' && id !== permissions.id),
    ),
    { desired, observed },
    refusal,
  );
  return desiredSettings(
    desired,
    clientOf(desired, authentik.provider, { planned: dryRun, refusal }),
  );
}

/**
 * Makes sure that no other system has the client whose secret a gateway is about to get; what else keeps an application
 * from being the gateway's shows in the checks.
 *
 * @throws InputError naming the application and where it leads
 * @internal
 */
export function refuseForeignClient(
  { application, authentik, gateway, redirectUri }: DesiredIntegration,
  { authentik: { provider } }: Pick<ObservedIntegration, 'authentik'>,
): void {
  if (provider.ok && provider.value) {
    refuseSharedClient(
      authentik,
      { gateway: gateway.name, slug: application.slug, redirectUri },
      provider.value,
    );
  }
}

/**
 * The client that the gateway is to use.
 *
 * @param options - whether another step only plans the application, and what a refusal begins with
 * @throws InputError where there is none
 * @internal
 */
export function clientOf(
  { application }: Pick<DesiredIntegration, 'application'>,
  provider: ObservedIntegration['authentik']['provider'],
  { planned, refusal }: { planned: boolean; refusal: string },
): Client {
  const found = provider.ok ? provider.value : undefined;
  if (!found && !planned) {
    throw new InputError(
      `${refusal} The application "${application.slug}" has no OAuth2/OpenID provider to take settings from. Run the step that ensures the application first.`,
    );
  }
  return found ?? PLANNED_CLIENT;
}
