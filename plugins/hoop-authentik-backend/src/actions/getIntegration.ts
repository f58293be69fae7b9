import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { parseEntityRef } from '@backstage/catalog-model';
import type { ActionServices } from './ActionServices';
import {
  READ_ONLY,
  reportSchema,
  shownReport,
  STATES_EXPLAINED,
} from './schemas';

/** @internal */
export function registerGetIntegration(
  registry: ActionsRegistryService,
  { integrations }: Pick<ActionServices, 'integrations'>,
): void {
  registry.register({
    name: 'get-integration',
    title: 'Get the integration of an entity',
    description: `How the Hoop.dev gateway of a catalog entity is connected to authentik, as last observed: state, problems with a remedy each, and checks.
${STATES_EXPLAINED}
Use it to answer why people cannot sign in to a gateway. It changes nothing; \`check-gateway\` observes anew.`,
    attributes: READ_ONLY,
    schema: {
      input: z =>
        z.object({
          entityRef: z
            .string()
            .describe('The entity, such as `resource:default/hoop`'),
        }),
      output: z =>
        reportSchema(z).extend({
          gateway: z.string().describe('Name of the gateway in app-config'),
          application: z
            .string()
            .describe('Slug of the application in authentik'),
          since: z.string().describe('When the state began: ISO 8601, UTC'),
          stale: z
            .boolean()
            .describe('Whether what is shown may have changed since'),
        }),
    },
    action: async ({ input, credentials }) => {
      const integration = await integrations.getByEntity(
        parseEntityRef(input.entityRef),
        { credentials },
      );
      return {
        output: {
          ...shownReport(integration),
          gateway: integration.gateway.name,
          application: integration.application.slug,
          since: integration.since,
          stale: integration.stale,
        },
      };
    },
  });
}
