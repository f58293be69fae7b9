import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  describeCheck,
  verifyGateway,
} from 'backstage-plugin-hoop-authentik-node';
import { signInCommands } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { ActionOptions } from './support/ActionOptions';
import {
  approvedRequest,
  examplesOf,
  gatewayInputs,
  outputs,
} from './support/schema';
import { logChecks, summaryOf } from './support/taskLog';
import { authorizedGateway } from './support/authorizedGateway';

const ID = 'hoop:gateway:verify';

/**
 * `hoop:gateway:verify`: the guide's verification, with the requests of `hoop login` up to authentik's login page.
 *
 * @public
 */
export function createHoopGatewayVerifyAction(options: ActionOptions) {
  return createTemplateAction({
    id: ID,
    description:
      'Verifies that a gateway signs people in with its authentik application: runs every check and follows hoop login up to the login page, or up to a token if app-config names a test account. Changes no setting; the gateway keeps one unused login state, and authentik one unused session.',
    examples: examplesOf(ID, {
      'Verify that people can sign in to a gateway': {
        id: 'verify',
        name: 'Verify the sign-in',
        input: { gateway: 'main' },
      },
    }),
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        request: approvedRequest,
        timeoutSeconds: z =>
          z
            .number()
            .positive()
            .max(600)
            .describe(
              'Time limit for the gateway to pass the checks. Default: 30.',
            )
            .optional(),
      },
      output: {
        gateway: outputs.gateway,
        gatewayUrl: outputs.gatewayUrl,
        adminUrl: outputs.adminUrl,
        verified: z => z.boolean().describe('True, or false in a dry run.'),
        passed: outputs.passed,
        warnings: z =>
          z
            .array(z.string())
            .describe('Warnings, one for each check that ended in one.'),
        summary: z =>
          z
            .string()
            .describe(
              'Number of checks that passed, and the warnings in short.',
            ),
        commands: z => z.array(z.string()).describe('Commands to sign in.'),
      },
    },
    async handler(ctx) {
      const { gateway, desired } = await authorizedGateway(options, ctx, ID);
      const { name, url } = gateway.config;
      ctx.output('gateway', name);
      ctx.output('gatewayUrl', url);
      ctx.output('adminUrl', desired.application.adminUrl);
      ctx.output(
        'commands',
        signInCommands(url).map(({ command }) => command),
      );
      if (ctx.isDryRun) {
        ctx.logger.info(
          `A run would verify the sign-in to the gateway "${name}"`,
        );
        ctx.output('verified', false);
        ctx.output('passed', 0);
        ctx.output('warnings', []);
        ctx.output('summary', 'not verified (dry run)');
        return;
      }
      const checks = await verifyGateway(
        gateway.systemsOfTask(ctx.task.id),
        desired,
        {
          signal: ctx.signal,
          timeoutMs:
            ctx.input.timeoutSeconds && ctx.input.timeoutSeconds * 1000,
        },
      );
      logChecks(ctx.logger, checks);
      const summary = summaryOf(checks);
      ctx.logger.info(summary);
      ctx.output('summary', summary);
      // Whatever is more than a warning was thrown.
      ctx.output('verified', true);
      ctx.output(
        'passed',
        checks.filter(({ status }) => status === 'pass').length,
      );
      ctx.output(
        'warnings',
        checks.filter(({ status }) => status === 'warn').map(describeCheck),
      );
    },
  });
}
