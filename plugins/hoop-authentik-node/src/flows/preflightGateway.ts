import type { Check } from 'backstage-plugin-hoop-authentik-common';
import type { TargetWriteOptions } from '../targets/types';
import type { IntegrationSystems } from '../integration/observe';
import { prepareSwitch, type SwitchWaivers } from './prepareSwitch';
import type { DesiredIntegration } from '../integration/types';

/** @public */
export interface PreflightOptions extends TargetWriteOptions, SwitchWaivers {
  dryRun?: boolean;
}

/** @public */
export interface PreflightResult {
  /** What was proven; those about the application that still fail are for the step that ensures it. */
  checks: Check[];
}

/**
 * Proves that a gateway can be switched to its application before anything is written to any system, the application
 * itself included: for the first step of a template whose next one writes to authentik. What the application lacks is
 * told and left to that step; all else that {@link configureGateway} would refuse is refused here, the rights in the
 * cluster as well. Nothing is changed; the gateway keeps one unused login state, but not in a dry run.
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
    refusal: `The gateway "${desired.gateway.name}" cannot be connected, so nothing was changed.`,
  });
  await plan.confirmRights?.(options);
  return { checks };
}
