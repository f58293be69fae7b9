import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { restartGateway } from 'backstage-plugin-hoop-authentik-node';
import type { ActionOptions } from './support/ActionOptions';
import {
  approvedRequest,
  examplesOf,
  gatewayInputs,
  outputs,
} from './support/schema';
import { logTo } from './support/taskLog';
import { exclusively } from './support/exclusively';

const ID = 'hoop:gateway:restart';

/**
 * `hoop:gateway:restart`: a container keeps the environment it started with, so settings take effect only after a restart.
 *
 * @public
 */
export function createHoopGatewayRestartAction(options: ActionOptions) {
  const { gateway, entityRef } = gatewayInputs;
  return createTemplateAction({
    id: ID,
    description:
      'Ensures that a gateway runs with its current settings: if they changed since it started, restarts it as kubectl rollout restart does, and waits until it runs.',
    examples: examplesOf(ID, {
      'Restart a gateway whose settings changed since it started': {
        id: 'restart',
        name: 'Restart the gateway',
        input: { gateway: 'main' },
      },
      'Always restart a gateway': {
        id: 'restart',
        name: 'Restart the gateway',
        input: { gateway: 'main', always: true },
      },
    }),
    supportsDryRun: true,
    schema: {
      input: {
        gateway,
        entityRef,
        request: approvedRequest,
        always: z =>
          z
            .boolean()
            .describe(
              'Restart even if the gateway runs with its current settings. Default: false.',
            )
            .optional(),
      },
      output: {
        gateway: outputs.gateway,
        restarted: outputs.restarted,
        reason: z =>
          z.string().describe('Why the gateway was or was not restarted.'),
      },
    },
    async handler(ctx) {
      await exclusively(options, ctx, ID, async held => {
        const { systems, desired, signal } = held;
        const { restarted, reason } = await restartGateway(systems, desired, {
          signal,
          dryRun: ctx.isDryRun,
          always: ctx.input.always,
          log: logTo(ctx.logger),
          verify: { timeoutMs: options.verifyTimeoutMs },
        });
        const { name } = held.gateway.config;
        ctx.logger.info(
          `Gateway "${name}" was ${
            restarted ? '' : 'not '
          }restarted: ${reason}`,
        );
        ctx.output('gateway', name);
        ctx.output('restarted', restarted);
        ctx.output('reason', reason);
      });
    },
  });
}
