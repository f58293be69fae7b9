import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { resolveGateway } from 'backstage-plugin-hoop-authentik-node';
import { planConnection } from '../services/planConnection';
import type { ActionServices } from './ActionServices';
import { READ_ONLY } from './schemas';

/** @internal */
export function registerPlanConnection(
  registry: ActionsRegistryService,
  { gateways, permits }: Pick<ActionServices, 'gateways' | 'permits'>,
): void {
  registry.register({
    name: 'plan-connection',
    title: 'Plan the connection of a gateway',
    description: `What the software template would change to connect a Hoop.dev gateway to authentik: the lines of its plan, or why it would refuse. It changes nothing.
Secrets appear only as \`<changed>\` and \`<unchanged>\`. Bindings of groups are chosen in the template and are no part of this plan. Requires the permission to manage the gateway.`,
    attributes: READ_ONLY,
    schema: {
      input: z =>
        z.object({
          gateway: z.string().describe('Name of the gateway in app-config'),
        }),
      output: z => {
        const changes = z.array(
          z.object({
            object: z.string(),
            field: z.string(),
            from: z.string(),
            to: z.string(),
          }),
        );
        return z.object({
          application: changes.describe('Changes of the application'),
          gateway: changes.describe('Changes of the settings of the gateway'),
          restarts: z
            .boolean()
            .describe('Whether the gateway would be restarted'),
          notes: z.array(z.string()),
          refusal: z
            .string()
            .optional()
            .describe('Why the template would not connect it as it is'),
        });
      },
    },
    action: async ({ input, credentials }) => {
      await permits.requireGateway(input.gateway, credentials);
      const resolved = resolveGateway(gateways, { gateway: input.gateway });
      return { output: await planConnection(resolved, {}) };
    },
  });
}
