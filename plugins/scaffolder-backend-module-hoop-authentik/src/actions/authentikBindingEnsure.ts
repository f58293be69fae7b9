import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { ensureBindings } from 'backstage-plugin-hoop-authentik-node';
import type { ActionOptions } from './support/ActionOptions';
import { examplesOf, gatewayInputs, outputs } from './support/schema';
import { logPlan } from './support/taskLog';
import { exclusively } from './support/exclusively';

const ID = 'authentik:binding:ensure';

/**
 * `authentik:binding:ensure`: one more policy, group or user that decides who can sign in to a gateway.
 *
 * @public
 */
export function createAuthentikBindingEnsureAction(options: ActionOptions) {
  return createTemplateAction({
    id: ID,
    description:
      'Ensures that a policy, a group or a user is bound to the authentik application of a gateway. Other bindings stay. A second run writes nothing.',
    examples: examplesOf(ID, {
      'Let the members of a group sign in': {
        id: 'binding',
        name: 'Let engineers sign in',
        input: { gateway: 'main', group: 'engineering' },
      },
      'Deny access to one user': {
        id: 'binding',
        name: 'Deny access to Bob',
        input: {
          entityRef: 'resource:default/hoop',
          user: 'bob',
          negate: true,
          order: 10,
        },
      },
    }),
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        group: z =>
          z
            .string()
            .describe('Name of the group to bind; alternatives: user, policy.')
            .optional(),
        user: z =>
          z
            .string()
            .describe('Name of the user to bind; alternatives: group, policy.')
            .optional(),
        policy: z =>
          z
            .string()
            .describe('Name of the policy to bind; alternatives: group, user.')
            .optional(),
        order: z =>
          z
            .number()
            .int()
            .min(0)
            .describe('Evaluation order. Default for a new binding: 0.')
            .optional(),
        negate: z =>
          z
            .boolean()
            .describe('Deny access instead of granting it. Default: false.')
            .optional(),
        enabled: z =>
          z
            .boolean()
            .describe(
              'Whether the binding is in effect. Without an enabled binding, everyone with an authentik account can sign in. Default: true.',
            )
            .optional(),
        timeout: z =>
          z
            .number()
            .int()
            .min(0)
            .describe('Maximum run time of the policy in seconds.')
            .optional(),
        failureResult: z =>
          z
            .boolean()
            .describe('Result when the policy fails to run.')
            .optional(),
      },
      output: {
        application: outputs.application,
        applicationId: outputs.applicationId,
        adminUrl: outputs.adminUrl,
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
        const { systems, signal, desired, claim, run } = held;
        const {
          gateway: _gateway,
          entityRef: _entity,
          application: _slug,
          ...binding
        } = ctx.input;
        const result = await ensureBindings(
          systems.authentik,
          claim,
          { bindings: [binding] },
          { signal, run, dryRun: ctx.isDryRun },
        );
        logPlan(ctx.logger, result.changes, ctx.isDryRun);
        ctx.output('application', desired.application.slug);
        ctx.output('applicationId', result.applicationId);
        ctx.output('adminUrl', desired.application.adminUrl);
        ctx.output('writes', result.writes);
      });
    },
  });
}
