import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { ActionServices } from './ActionServices';
import { registerCheckGateway } from './checkGateway';
import { registerGetIntegration } from './getIntegration';
import { registerListIntegrations } from './listIntegrations';
import { registerPlanConnection } from './planConnection';

/**
 * The actions for assistants and the command line. They read only, with the permissions of the HTTP API.
 *
 * @internal
 */
export function registerActions(
  registry: ActionsRegistryService,
  services: ActionServices,
): void {
  registerGetIntegration(registry, services);
  registerListIntegrations(registry, services);
  registerCheckGateway(registry, services);
  registerPlanConnection(registry, services);
}
