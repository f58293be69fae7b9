import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { restartGateway } from 'backstage-plugin-hoop-authentik-node';
import { examples } from './hoopGatewayRestart.examples';
import type { ActionOptions } from './support/ActionOptions';
import { gatewayInputs } from './support/gatewayInputs';
import { resolveGateway } from './support/resolveGateway';

/**
 * `hoop:gateway:restart`: a container keeps the environment it started with, so settings count only after a restart.
 *
 * @public
 */
export function createHoopGatewayRestartAction(options: ActionOptions) {
  const { gateway, entityRef } = gatewayInputs;
  return createTemplateAction({
    id: 'hoop:gateway:restart',
    description:
      'Makes a gateway use its current settings: restarts it where it started before they last changed, as kubectl rollout restart does, and waits until it runs.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        gateway,
        entityRef,
        always: z =>
          z
            .boolean()
            .describe(
              'Restart even where the gateway already runs with its current settings. Default: false.',
            )
            .optional(),
      },
      output: {
        gateway: z => z.string().describe('Name of the gateway.'),
        restarted: z =>
          z.boolean().describe('Whether the gateway was restarted.'),
        reason: z => z.string().describe('Why it was restarted or not.'),
      },
    },
    async handler(ctx) {
      const resolved = await resolveGateway(options, ctx.input, ctx);
      const { restarted, reason } = await restartGateway(
        resolved.gateway.systems,
        {
          signal: ctx.signal,
          dryRun: ctx.isDryRun,
          always: ctx.input.always,
          log: (line, level = 'info') => ctx.logger[level](line),
        },
      );
      const { name } = resolved.gateway.config;
      ctx.logger.info(
        `Gateway "${name}" was ${restarted ? '' : 'not '}restarted: ${reason}`,
      );
      ctx.output('gateway', name);
      ctx.output('restarted', restarted);
      ctx.output('reason', reason);
    },
  });
}
