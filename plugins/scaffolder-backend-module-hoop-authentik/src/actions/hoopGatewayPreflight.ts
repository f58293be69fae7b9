import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { preflightGateway } from 'backstage-plugin-hoop-authentik-node';
import type { ActionOptions } from './support/ActionOptions';
import {
  allowLockout,
  allowManaged,
  examplesOf,
  gatewayInputs,
  outputs,
} from './support/schema';
import { counted } from './support/taskLog';
import { authorizedGateway } from './support/authorizedGateway';

const ID = 'hoop:gateway:preflight';

/**
 * `hoop:gateway:preflight`: refuses what `hoop:gateway:configure` would refuse, before any step has written anything.
 *
 * @public
 */
export function createHoopGatewayPreflightAction(options: ActionOptions) {
  return createTemplateAction({
    id: ID,
    description:
      'Checks that a gateway can be connected before a template writes anything: reads all three systems, checks the permissions in the cluster, and fails with one message where hoop:gateway:configure would. Missing parts of the application are left to authentik:application:ensure. Changes nothing; the gateway keeps one unused login state.',
    examples: examplesOf(ID, {
      'Check that a gateway can be connected before its application is created':
        {
          id: 'preflight',
          name: 'Check that the gateway can be connected',
          input: { entityRef: 'resource:default/hoop' },
        },
      'Accept a gateway without an administrator in authentik, as in the step that configures it':
        {
          id: 'preflight',
          name: 'Check that the gateway can be connected',
          input: { gateway: 'main', allowLockout: true },
        },
    }),
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        allowManaged,
        allowLockout,
      },
      output: {
        gateway: outputs.gateway,
        gatewayUrl: outputs.gatewayUrl,
        passed: outputs.passed,
      },
    },
    async handler(ctx) {
      const { gateway, desired } = await authorizedGateway(options, ctx);
      const { name, url } = gateway.config;
      const { checks } = await preflightGateway(gateway.systems, desired, {
        signal: ctx.signal,
        dryRun: ctx.isDryRun,
        allowManaged: ctx.input.allowManaged,
        allowLockout: ctx.input.allowLockout,
        // The steps that write log what they find.
        log: () => {},
      });
      const passed = checks.filter(({ status }) => status === 'pass').length;
      const pending = checks.filter(({ status }) => status === 'fail').length;
      ctx.logger.info(
        `Gateway "${name}" (${url}) can be connected: ${counted(
          passed,
          'check',
        )} passed${
          pending > 0 ? `, ${pending} left to authentik:application:ensure` : ''
        }`,
      );
      ctx.output('gateway', name);
      ctx.output('gatewayUrl', url);
      ctx.output('passed', passed);
    },
  });
}
