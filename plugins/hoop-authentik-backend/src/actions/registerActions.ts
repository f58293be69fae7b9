import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { ActionServices } from './ActionServices';
import { registerCheckGateway } from './checkGateway';
import { registerCreateRequest } from './createRequest';
import { registerGetIntegration } from './getIntegration';
import { registerListIntegrations } from './listIntegrations';
import { registerPlanConnection } from './planConnection';

/**
 * The actions for assistants and the command line, with the permissions of the HTTP API. They read, and may ask; deciding is
 * for people in the portal.
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
  registerCreateRequest(registry, services);
}
