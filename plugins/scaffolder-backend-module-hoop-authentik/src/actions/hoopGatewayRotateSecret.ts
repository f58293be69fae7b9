import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { rotateClientSecret } from 'backstage-plugin-hoop-authentik-node';
import { findSharedSecret } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { ActionOptions } from './support/ActionOptions';
import {
  allowManaged,
  examplesOf,
  gatewayInputs,
  outputs,
} from './support/schema';
import { logPlan, logTo } from './support/taskLog';
import { exclusively } from './support/exclusively';

const ID = 'hoop:gateway:rotateSecret';

/**
 * `hoop:gateway:rotateSecret`: a new client secret in authentik and in the gateway, in one step.
 *
 * @public
 */
export function createHoopGatewayRotateSecretAction(options: ActionOptions) {
  return createTemplateAction({
    id: ID,
    description:
      'Gives the authentik application of a gateway a new client secret and switches the gateway to it: authentik, settings, restart and a verified sign-in in one step. If the gateway cannot be switched, restores the previous secret. Refuses while another configured gateway uses the application. The secret is never shown.',
    examples: examplesOf(ID, {
      'Rotate the client secret of a gateway': {
        id: 'rotate',
        name: 'Rotate the client secret',
        input: { gateway: 'main' },
      },
      'Rotate a shared client secret; the log names the gateways that need hoop:gateway:configure afterwards':
        {
          id: 'rotate',
          name: 'Rotate the client secret',
          input: { gateway: 'main', allowShared: true },
        },
    }),
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        allowManaged,
        allowShared: z =>
          z
            .boolean()
            .describe(
              'Rotate even if other configured gateways use the application, or may use it: people cannot sign in to them until hoop:gateway:configure has run for each. Default: false.',
            )
            .optional(),
      },
      output: {
        gateway: outputs.gateway,
        application: outputs.application,
        restarted: outputs.restarted,
        writes: z =>
          z
            .number()
            .describe(
              'Number of requests that changed something in authentik and the cluster.',
            ),
      },
    },
    async handler(ctx) {
      await exclusively(options, ctx, ID, async held => {
        const { gateway, desired, claim, systems, signal, run } = held;
        const shared = await findSharedSecret(options.gateways, held, {
          signal,
          allowShared: ctx.input.allowShared,
        });
        if (shared) {
          // Before the rotation, so that the log has it even when the rotation fails.
          ctx.logger.warn(shared.warning);
        }
        const result = await rotateClientSecret(systems, desired, {
          signal,
          run,
          claim,
          dryRun: ctx.isDryRun,
          allowManaged: ctx.input.allowManaged,
          onPlan: changes => logPlan(ctx.logger, changes, ctx.isDryRun),
          log: logTo(ctx.logger),
          verify: { timeoutMs: options.verifyTimeoutMs },
        });
        if (shared) {
          ctx.logger.warn(
            `${
              ctx.isDryRun
                ? 'To do right after the rotation'
                : 'The client secret has changed. To do now'
            }: ${shared.followUp}`,
          );
        }
        ctx.output('gateway', gateway.config.name);
        ctx.output('application', desired.application.slug);
        ctx.output('restarted', result.restarted);
        ctx.output('writes', result.writes);
      });
    },
  });
}
