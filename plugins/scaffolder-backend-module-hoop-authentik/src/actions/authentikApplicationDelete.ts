import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { examples } from './authentikApplicationDelete.examples';
import type { ActionOptions } from './support/ActionOptions';
import { refuseWhileInUse } from './support/applicationUse';
import { gatewayInputs } from './support/gatewayInputs';
import { removeApplication } from './support/removeApplication';
import { resolveGateway } from './support/resolveGateway';

/**
 * `authentik:application:delete`: the application of a gateway, then its provider, which authentik leaves behind.
 *
 * @public
 */
export function createAuthentikApplicationDeleteAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'authentik:application:delete',
    description:
      'Deletes the authentik application of a gateway and its provider. Refuses while a configured gateway still signs people in with it. What is gone already is no error.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        confirm: z =>
          z
            .string()
            .describe(
              'The slug of the application once more, so that nothing is deleted by mistake.',
            ),
        evenIfInUse: z =>
          z
            .boolean()
            .describe(
              'Delete it although the gateway still points to it; nobody can sign in then. Default: false.',
            )
            .optional(),
      },
      output: {
        application: z => z.string().describe('Slug of the application.'),
        deletedApplication: z =>
          z.boolean().describe('Whether there was one to delete.'),
        deletedProvider: z =>
          z.boolean().describe('Whether there was one to delete.'),
        writes: z =>
          z.number().describe('Requests to authentik that changed something.'),
      },
    },
    async handler(ctx) {
      const resolved = await resolveGateway(options, ctx.input, ctx);
      const { slug } = resolved.desired.application;
      if (ctx.input.confirm !== slug) {
        throw new InputError(
          `Nothing was deleted: confirm must repeat the slug of the application, "${slug}"; found "${ctx.input.confirm}".`,
        );
      }
      if (!ctx.input.evenIfInUse) {
        await refuseWhileInUse(options, resolved, { signal: ctx.signal });
      }
      const result = await removeApplication(resolved, ctx, {
        confirmed: true,
      });
      ctx.output('application', slug);
      ctx.output('deletedApplication', result.deletedApplication);
      ctx.output('deletedProvider', result.deletedProvider);
      ctx.output('writes', result.writes);
    },
  });
}
