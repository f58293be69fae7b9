import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { integrationQuerySchema } from 'backstage-plugin-hoop-authentik-common';
import type { ActionServices } from './ActionServices';
import { READ_ONLY, stateSchema, STATES_EXPLAINED } from './schemas';

/** @internal */
export function registerListIntegrations(
  registry: ActionsRegistryService,
  { integrations }: Pick<ActionServices, 'integrations'>,
): void {
  registry.register({
    name: 'list-integrations',
    title: 'List integrations',
    description: `The Hoop.dev gateways and how each is connected to authentik, as last observed, the worst first; only those that the caller may see.
${STATES_EXPLAINED}
Filter by state to find what needs attention, then read one with \`get-integration\`. A page may be shorter than its limit: go on while there is a \`nextCursor\`.`,
    attributes: READ_ONLY,
    schema: {
      input: z =>
        z.object({
          state: z
            .array(stateSchema(z))
            .optional()
            .describe('Only these states'),
          gateway: z
            .array(z.string())
            .optional()
            .describe('Only these gateways, by name'),
          owner: z
            .array(z.string())
            .optional()
            .describe('Only these owners, such as `group:default/sre`'),
          text: z
            .string()
            .optional()
            .describe(
              'Part of a gateway, an entity, an owner or an application',
            ),
          limit: z.number().int().min(1).max(200).optional(),
          cursor: z
            .string()
            .optional()
            .describe('`nextCursor` of the page before, with the same filters'),
        }),
      output: z =>
        z.object({
          items: z.array(
            z.object({
              entityRef: z
                .string()
                .optional()
                .describe('Absent where no entity is attached to the gateway'),
              owner: z.string().optional(),
              gateway: z.string(),
              state: stateSchema(z)
                .optional()
                .describe('Absent until it has been observed'),
              error: z
                .string()
                .optional()
                .describe('Why it cannot be observed'),
              since: z.string().optional(),
              warnings: z.number(),
              problem: z
                .string()
                .optional()
                .describe('The worst of its problems'),
              stale: z.boolean(),
            }),
          ),
          nextCursor: z.string().optional(),
        }),
    },
    action: async ({ input, credentials }) => {
      const { items, nextCursor } = await integrations.list(
        integrationQuerySchema.parse({ ...input, sort: 'state' }),
        { credentials },
      );
      return {
        output: {
          items: items.map(item => ({
            entityRef: item.entityRef,
            owner: item.owner,
            gateway: item.gateway.name,
            state: item.state,
            error: item.error,
            since: item.since,
            warnings: item.warnings,
            problem: item.problem?.title,
            stale: item.stale,
          })),
          nextCursor,
        },
      };
    },
  });
}
