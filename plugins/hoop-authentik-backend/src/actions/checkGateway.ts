import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { ActionServices } from './ActionServices';
import {
  READ_ONLY,
  reportSchema,
  shownReport,
  STATES_EXPLAINED,
} from './schemas';

/** @internal */
export function registerCheckGateway(
  registry: ActionsRegistryService,
  {
    gateways,
    observer,
    permits,
  }: Pick<ActionServices, 'gateways' | 'observer' | 'permits'>,
): void {
  registry.register({
    name: 'check-gateway',
    title: 'Check a gateway',
    description: `Observes a Hoop.dev gateway, its cluster and its application in authentik now, and runs every check. It takes seconds and changes nothing.
${STATES_EXPLAINED}
Use it after a change; \`get-integration\` is quicker where the last observation suffices. Requires the permission to manage the gateway.`,
    attributes: READ_ONLY,
    schema: {
      input: z =>
        z.object({
          gateway: z.string().describe('Name of the gateway in app-config'),
        }),
      output: z => reportSchema(z),
    },
    action: async ({ input, credentials }) => {
      await permits.requireGateway(input.gateway, credentials);
      const { name, application } = gateways.getGateway(input.gateway).config;
      const observed = await observer.observe({ gateway: name, application });
      return { output: shownReport(observed('')) };
    },
  });
}
