import { setMaxListeners } from 'node:events';
import type { TargetReadOptions } from '../../targets/types';
import type { DesiredIntegration, ObservedIntegration } from '../types';
import { observeAuthentik } from './authentik';
import {
  observeAdministrators,
  observeGateway,
  observeLoginPage,
} from './gateway';
import { observed, type IntegrationSystems } from './observation';

/**
 * Reads every fact once, in parallel where one does not need another. Never throws for a system that fails: the failure
 * is the observation. For many integrations, `bulk` keeps the number of reads of a cluster small. Nothing is
 * changed anywhere, except that `loginUrl: true` makes the gateway store a login state and authentik start a session that
 * is not used, as `hoop login` does up to the login page.
 *
 * @throws the signal's reason when the caller aborts
 * @alpha
 */
export async function observeIntegration(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  options: TargetReadOptions & { loginUrl?: boolean } = {},
): Promise<ObservedIntegration> {
  if (options.signal) {
    // Every read listens to it, all at the same time, which Node would otherwise report as a leak.
    setMaxListeners(0, options.signal);
  }
  // What changes from here on may not be seen.
  const now = new Date();
  const reading = observed(systems.target.read(options));
  const [authentik, target, gateway] = await Promise.all([
    observeAuthentik(systems, desired, options),
    reading,
    observeGateway(systems, reading, options),
  ]);
  const [administrators, loginPage] = await Promise.all([
    observeAdministrators(systems, authentik.adminGroup, options),
    observeLoginPage(
      systems,
      desired,
      { provider: authentik.provider, loginUrl: gateway.loginUrl },
      options,
    ),
  ]);
  options.signal?.throwIfAborted();
  return {
    now,
    authentik,
    targetCapabilities: systems.target.capabilities,
    target,
    gateway: { ...gateway, loginPage, administrators },
  };
}
