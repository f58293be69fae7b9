import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { preflightGateway } from 'backstage-plugin-hoop-authentik-node';
import { examples } from './hoopGatewayPreflight.examples';
import type { ActionOptions } from './support/ActionOptions';
import {
  allowLockout,
  allowManaged,
  gatewayInputs,
} from './support/gatewayInputs';
import { resolveGateway } from './support/resolveGateway';

/**
 * `hoop:gateway:preflight`: what `hoop:gateway:configure` would refuse is refused before any step has written anything.
 *
 * @public
 */
export function createHoopGatewayPreflightAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'hoop:gateway:preflight',
    description:
      'Proves that a gateway can be connected before a template writes anything, to authentik or elsewhere: reads all three systems, asks for the rights in the cluster, and ends the task with one message where hoop:gateway:configure would. What the application lacks is told and left to authentik:application:ensure. Changes nothing; the gateway keeps one unused login state.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        allowManaged,
        allowLockout,
      },
      output: {
        gateway: z => z.string().describe('Name of the gateway.'),
        gatewayUrl: z => z.string().describe('Public URL of the gateway.'),
        passed: z => z.number().describe('Checks that passed.'),
      },
    },
    async handler(ctx) {
      const { gateway, desired } = await resolveGateway(
        options,
        ctx.input,
        ctx,
      );
      const { name, url } = gateway.config;
      const { checks } = await preflightGateway(gateway.systems, desired, {
        signal: ctx.signal,
        dryRun: ctx.isDryRun,
        allowManaged: ctx.input.allowManaged,
        allowLockout: ctx.input.allowLockout,
        log: (line, level = 'info') => ctx.logger[level](line),
      });
      const passed = checks.filter(({ status }) => status === 'pass').length;
      ctx.logger.info(
        `Gateway "${name}" (${url}) can be connected: ${passed} checks passed before anything is written`,
      );
      ctx.output('gateway', name);
      ctx.output('gatewayUrl', url);
      ctx.output('passed', passed);
    },
  });
}
