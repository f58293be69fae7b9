import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { ensureBindings } from 'backstage-plugin-hoop-authentik-node';
import { examples } from './authentikBindingEnsure.examples';
import type { ActionOptions } from './support/ActionOptions';
import { gatewayInputs } from './support/gatewayInputs';
import { logPlan } from './support/logPlan';
import { requireOwnApplication } from './support/ownApplication';
import { resolveGateway } from './support/resolveGateway';

/**
 * `authentik:binding:ensure`: one more policy, group or user that decides who may sign in to a gateway.
 *
 * @public
 */
export function createAuthentikBindingEnsureAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'authentik:binding:ensure',
    description:
      'Makes sure that a policy, a group or a user is bound to the authentik application of a gateway. Other bindings stay. Running it again writes nothing.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        group: z =>
          z
            .string()
            .describe('Name of the group to bind; or give user or policy.')
            .optional(),
        user: z =>
          z
            .string()
            .describe('User name to bind; or give group or policy.')
            .optional(),
        policy: z =>
          z
            .string()
            .describe('Name of the policy to bind; or give group or user.')
            .optional(),
        order: z =>
          z
            .number()
            .int()
            .min(0)
            .describe('Position in the evaluation. Default for a new one: 0.')
            .optional(),
        negate: z =>
          z
            .boolean()
            .describe('Keeps out instead of letting in. Default: false.')
            .optional(),
        enabled: z =>
          z
            .boolean()
            .describe(
              'Whether it counts. With no enabled binding everyone may sign in. Default: true.',
            )
            .optional(),
        timeout: z =>
          z
            .number()
            .int()
            .min(0)
            .describe('Seconds a policy may run.')
            .optional(),
        failureResult: z =>
          z
            .boolean()
            .describe('The result when the policy fails to run.')
            .optional(),
      },
      output: {
        application: z => z.string().describe('Slug of the application.'),
        applicationId: z =>
          z.string().describe('UUID of the application in authentik.'),
        adminUrl: z =>
          z.string().describe('Page of the application in authentik.'),
        writes: z =>
          z.number().describe('Requests to authentik that changed something.'),
      },
    },
    async handler(ctx) {
      const resolved = await resolveGateway(options, ctx.input, ctx);
      await requireOwnApplication(resolved, { signal: ctx.signal });
      const { gateway, desired } = resolved;
      const { group, user, policy, order } = ctx.input;
      const { negate, enabled, timeout, failureResult } = ctx.input;
      const result = await ensureBindings(
        gateway.systems.authentik,
        {
          slug: desired.application.slug,
          bindings: [
            {
              group,
              user,
              policy,
              order,
              negate,
              enabled,
              timeout,
              failureResult,
            },
          ],
        },
        { signal: ctx.signal, dryRun: ctx.isDryRun },
      );
      logPlan(ctx.logger, result.changes, ctx.isDryRun);
      ctx.output('application', desired.application.slug);
      ctx.output('applicationId', result.applicationId);
      ctx.output('adminUrl', desired.application.adminUrl);
      ctx.output('writes', result.writes);
    },
  });
}
