import { InputError } from '@backstage/errors';
import type { CallOptions, Settings } from '../core';
import { PREFLIGHT_CHECKS, runChecks } from '../integration/checks';
import { administrator } from '../integration/checks/administrator';
import { permissions } from '../integration/checks/permissions';
import { desiredSettings } from '../integration/desired';
import {
  observeAuthentik,
  type IntegrationSystems,
} from '../integration/observe';
import { PLANNED_CLIENT } from './plannedClient';
import { refuseFailures } from './preflight';
import type { DesiredIntegration, Observation } from '../integration/types';

/** Of the systems that a file has nothing to do with. */
const NOT_LOOKED_AT: Observation<never> = {
  ok: false,
  error: new Error('not looked at'),
};

/** @public */
export interface ProvenSettingsOptions extends CallOptions {
  /** Take an application that is not there yet for one that an earlier step would have made. */
  dryRun?: boolean;
  /** Accept that nobody may be administrator of the gateway afterwards. */
  allowLockout?: boolean;
}

/**
 * The settings for a gateway whose settings are kept in a file, after everything about authentik that can be proven
 * before a switch has been proven. Neither the gateway nor its cluster is looked at.
 *
 * @throws InputError when something in authentik is not as required
 * @throws ServiceUnavailableError when authentik cannot be reached
 * @public
 */
export async function provenSettings(
  systems: Pick<IntegrationSystems, 'authentik' | 'probes' | 'target'>,
  desired: DesiredIntegration,
  { dryRun, allowLockout, ...options }: ProvenSettingsOptions = {},
): Promise<Settings> {
  options.signal?.throwIfAborted();
  const authentik = await observeAuthentik(systems, desired, options);
  options.signal?.throwIfAborted();
  const { provider } = authentik;
  const refusal = 'The file was not changed.';
  refuseFailures(
    // In a dry run of a whole template the step that puts the application right has written nothing.
    runChecks(
      {
        desired,
        observed: {
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
        },
      },
      // Who will administer the gateway is told by authentik as well.
      PREFLIGHT_CHECKS.filter(
        ({ id, system }) =>
          system === 'authentik' || (id === administrator.id && !allowLockout),
      ),
    ).filter(
      ({ id, status }) =>
        !(dryRun && status === 'fail' && id !== permissions.id),
    ),
    refusal,
  );
  const found = provider.ok ? provider.value : undefined;
  if (!found && !dryRun) {
    throw new InputError(
      `${refusal} The application "${desired.application.slug}" has no provider to take settings from. Run the step that ensures the application first.`,
    );
  }
  return desiredSettings(desired, found ?? PLANNED_CLIENT);
}
