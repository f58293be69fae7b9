import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { rotateClientSecret } from 'backstage-plugin-hoop-authentik-node';
import { examples } from './hoopGatewayRotateSecret.examples';
import type { ActionOptions } from './support/ActionOptions';
import { findUses } from './support/applicationUse';
import { allowManaged, gatewayInputs } from './support/gatewayInputs';
import { logPlan } from './support/logPlan';
import { resolveGateway } from './support/resolveGateway';
import {
  allowShared,
  followUp,
  refuseShared,
  sharedWarning,
} from './support/sharedSecret';

/**
 * `hoop:gateway:rotateSecret`: a new client secret in authentik and in the gateway, in one step.
 *
 * @public
 */
export function createHoopGatewayRotateSecretAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'hoop:gateway:rotateSecret',
    description:
      'Gives the authentik application of a gateway a new client secret and switches the gateway to it: authentik, settings, restart and a verified sign-in in one step. When the gateway cannot be switched, the previous secret is put back. Refuses while another configured gateway uses the application. The secret is shown nowhere.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        allowManaged,
        allowShared,
      },
      output: {
        gateway: z => z.string().describe('Name of the gateway.'),
        application: z => z.string().describe('Slug of the application.'),
        restarted: z =>
          z.boolean().describe('Whether the gateway was restarted.'),
        writes: z =>
          z
            .number()
            .describe(
              'Requests to authentik and the cluster that changed something.',
            ),
      },
    },
    async handler(ctx) {
      const resolved = await resolveGateway(options, ctx.input, ctx);
      const { gateway, desired } = resolved;
      // A gateway that cannot be switched here is told so, and not first who else would be concerned.
      const others = gateway.systems.target.refusal
        ? []
        : await findUses(options, resolved, { signal: ctx.signal }, gateway);
      if (!ctx.input.allowShared) {
        refuseShared(others);
      } else if (others.length > 0) {
        // Before the rotation, so that it is said as well where that fails or is killed half-way.
        ctx.logger.warn(sharedWarning(others));
      }
      const result = await rotateClientSecret(gateway.systems, desired, {
        signal: ctx.signal,
        dryRun: ctx.isDryRun,
        allowManaged: ctx.input.allowManaged,
        onPlan: changes => logPlan(ctx.logger, changes, ctx.isDryRun),
        log: (line, level = 'info') => ctx.logger[level](line),
      });
      if (others.length > 0) {
        ctx.logger.warn(
          ctx.isDryRun
            ? `What has to be done right after the rotation: ${followUp(
                others,
              )}`
            : `The client secret is a new one. What has to be done now: ${followUp(
                others,
              )}`,
        );
      }
      ctx.output('gateway', gateway.config.name);
      ctx.output('application', desired.application.slug);
      ctx.output('restarted', result.restarted);
      ctx.output('writes', result.writes);
    },
  });
}
