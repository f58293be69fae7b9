import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { configureGateway } from 'backstage-plugin-hoop-authentik-node';
import { examples } from './hoopGatewayConfigure.examples';
import type { ActionOptions } from './support/ActionOptions';
import {
  allowLockout,
  allowManaged,
  gatewayInputs,
} from './support/gatewayInputs';
import { logPlan } from './support/logPlan';
import { resolveGateway } from './support/resolveGateway';

/**
 * `hoop:gateway:configure`: the five settings, the restart that makes the gateway read them, and the way back when it
 * does not come up. The client secret goes from authentik to the target within this one step.
 *
 * @public
 */
export function createHoopGatewayConfigureAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'hoop:gateway:configure',
    description:
      'Makes a gateway sign people in with its authentik application: proves what can be proven first, writes the settings to the gateway’s ConfigMap and Secret, restarts it and waits, or stores them in the gateway itself where that is its target; when it does not come up, the previous settings are put back. Running it again writes nothing.',
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
        issuer: z => z.string().describe('The issuer the gateway now trusts.'),
        changes: z =>
          z.number().describe('Number of settings and references changed.'),
        writes: z =>
          z
            .number()
            .describe(
              'Requests to the cluster or the gateway that changed something.',
            ),
        restarted: z =>
          z.boolean().describe('Whether the gateway was restarted.'),
      },
    },
    async handler(ctx) {
      const { gateway, desired } = await resolveGateway(
        options,
        ctx.input,
        ctx,
      );
      ctx.logger.info(
        `Gateway "${gateway.config.name}" (${gateway.config.url}): ${gateway.systems.target.description}`,
      );
      const result = await configureGateway(gateway.systems, desired, {
        signal: ctx.signal,
        dryRun: ctx.isDryRun,
        allowManaged: ctx.input.allowManaged,
        allowLockout: ctx.input.allowLockout,
        onPlan: changes => logPlan(ctx.logger, changes, ctx.isDryRun),
        log: (line, level = 'info') => ctx.logger[level](line),
      });
      const done =
        'The gateway runs with the settings and signs people in with authentik';
      ctx.logger.info(
        result.writes === 0
          ? `Nothing was written${ctx.isDryRun ? '' : `. ${done}`}`
          : done,
      );
      ctx.output('gateway', gateway.config.name);
      ctx.output('gatewayUrl', gateway.config.url);
      ctx.output('issuer', desired.issuer);
      ctx.output('changes', result.changes.length);
      ctx.output('writes', result.writes);
      ctx.output('restarted', result.restarted);
    },
  });
}
