import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  describeCheck,
  signInCommands,
  verifyGateway,
} from 'backstage-plugin-hoop-authentik-node';
import { examples } from './hoopGatewayVerify.examples';
import type { ActionOptions } from './support/ActionOptions';
import { gatewayInputs } from './support/gatewayInputs';
import { resolveGateway } from './support/resolveGateway';

const NOT_PASSED = ['fail', 'unknown'];

/**
 * `hoop:gateway:verify`: the guide's verification, by the requests that `hoop login` makes up to authentik's login page.
 *
 * @public
 */
export function createHoopGatewayVerifyAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'hoop:gateway:verify',
    description:
      'Proves that a gateway signs people in with its authentik application: runs every check and goes the way of hoop login up to the login page, or to a token where app-config names a test account. Changes no setting; the gateway keeps one unused login state, and authentik one unused session.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        timeoutSeconds: z =>
          z
            .number()
            .positive()
            .max(600)
            .describe(
              'How long the gateway may take to answer as required. Default: 30.',
            )
            .optional(),
      },
      output: {
        gateway: z => z.string().describe('Name of the gateway.'),
        gatewayUrl: z => z.string().describe('Public URL of the gateway.'),
        adminUrl: z =>
          z.string().describe('Page of the application in authentik.'),
        verified: z =>
          z.boolean().describe('True; false only where a dry run looked.'),
        passed: z => z.number().describe('Checks that passed.'),
        warnings: z =>
          z.array(z.string()).describe('What works but is worth a look.'),
        commands: z =>
          z.array(z.string()).describe('What people run to sign in.'),
      },
    },
    async handler(ctx) {
      const { gateway, desired } = await resolveGateway(
        options,
        ctx.input,
        ctx,
      );
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
          `A sign-in to the gateway "${name}" would be verified now`,
        );
        ctx.output('verified', false);
        ctx.output('passed', 0);
        ctx.output('warnings', []);
        return;
      }
      const checks = await verifyGateway(gateway.systems, desired, {
        signal: ctx.signal,
        timeoutMs: ctx.input.timeoutSeconds && ctx.input.timeoutSeconds * 1000,
      });
      for (const check of checks) {
        ctx.logger.info(
          `${check.status.padEnd(7)} ${
            check.status === 'pass' || check.status === 'skipped'
              ? `${check.title}${check.actual ? `: ${check.actual}` : ''}`
              : describeCheck(check)
          }`,
        );
      }
      ctx.output(
        'verified',
        checks.every(({ status }) => !NOT_PASSED.includes(status)),
      );
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
