import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  refuseWhileInUse,
  removeApplication,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { ActionOptions } from './support/ActionOptions';
import { requireConfirmation } from './support/confirmation';
import { exclusively } from './support/exclusively';
import { examplesOf, gatewayInputs, outputs } from './support/schema';
import { logPlan } from './support/taskLog';

const ID = 'authentik:application:delete';

/**
 * `authentik:application:delete`: the application of a gateway, then its provider, which authentik keeps.
 *
 * @public
 */
export function createAuthentikApplicationDeleteAction(options: ActionOptions) {
  return createTemplateAction({
    id: ID,
    description:
      'Deletes the authentik application of a gateway and its provider. Refuses while a configured gateway signs people in with it. An object that is already gone is no error.',
    examples: examplesOf(ID, {
      'Delete the application of a gateway that no longer uses it': {
        id: 'delete',
        name: 'Delete the application',
        input: { gateway: 'main', confirm: 'hoop' },
      },
      'Clean up after a later step of the template failed': {
        id: 'cleanup',
        name: 'Delete the application',
        if: '${{ failure() }}',
        input: { gateway: 'main', application: 'hoop', confirm: 'hoop' },
      },
    }),
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        confirm: z =>
          z
            .string()
            .describe(
              'The slug of the application again, so that nothing is deleted by mistake.',
            ),
        evenIfInUse: z =>
          z
            .boolean()
            .describe(
              'Delete the application even if a gateway uses it; people cannot sign in to that gateway afterwards. Default: false.',
            )
            .optional(),
      },
      output: {
        application: outputs.application,
        deletedApplication: outputs.deletedApplication,
        deletedProvider: outputs.deletedProvider,
        writes: z =>
          z
            .number()
            .describe(
              'Number of requests that changed something in authentik.',
            ),
      },
    },
    async handler(ctx) {
      await exclusively(options, ctx, ID, async held => {
        const { claim, systems, signal, run } = held;
        requireConfirmation(ctx.input.confirm, claim.slug);
        if (!ctx.input.evenIfInUse) {
          await refuseWhileInUse(options.gateways, held, {
            signal,
            others: false,
          });
        }
        const result = await removeApplication(systems.authentik, claim, {
          signal,
          run,
          dryRun: ctx.isDryRun,
          remember: (key, fn) => ctx.checkpoint({ key, fn }),
          onPlan: changes => logPlan(ctx.logger, changes, ctx.isDryRun),
        });
        ctx.output('application', claim.slug);
        ctx.output('deletedApplication', result.deletedApplication);
        ctx.output('deletedProvider', result.deletedProvider);
        ctx.output('writes', result.writes);
      });
    },
  });
}
