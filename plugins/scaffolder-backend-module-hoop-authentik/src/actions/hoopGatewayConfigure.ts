import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { configureGateway } from 'backstage-plugin-hoop-authentik-node';
import type { ActionOptions } from './support/ActionOptions';
import {
  allowLockout,
  allowManaged,
  allowSecretLoss,
  approvedRequest,
  examplesOf,
  fileOutputs,
  gatewayInputs,
  outputs,
} from './support/schema';
import { counted, logPlan, logTo } from './support/taskLog';
import { exclusively } from './support/exclusively';

const ID = 'hoop:gateway:configure';

/**
 * `hoop:gateway:configure`: the five settings, the restart that makes the gateway read them, and their restoration when
 * it does not start. The client secret goes from authentik to the target within this step.
 *
 * @public
 */
export function createHoopGatewayConfigureAction(options: ActionOptions) {
  return createTemplateAction({
    id: ID,
    description:
      'Makes a gateway sign people in with its authentik application: runs the checks, writes the settings to the ConfigMap and Secret of the gateway (or stores them in the gateway, depending on its target), restarts it and waits. If the gateway does not start, restores the previous settings. A second run writes nothing.',
    examples: examplesOf(ID, {
      'Write the settings and restart the gateway': {
        id: 'configure',
        name: 'Configure the gateway',
        input: { gateway: 'main' },
      },
      'Take gateway and application from a catalog entity': {
        id: 'configure',
        name: 'Configure the gateway',
        input: { entityRef: 'resource:default/hoop' },
      },
    }),
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        request: approvedRequest,
        allowManaged,
        allowLockout,
        allowSecretLoss,
      },
      output: {
        gateway: outputs.gateway,
        gatewayUrl: outputs.gatewayUrl,
        issuer: fileOutputs.issuer,
        changes: z =>
          z
            .number()
            .describe('Number of settings and references that changed.'),
        writes: z =>
          z
            .number()
            .describe(
              'Number of requests that changed something in the cluster or the gateway.',
            ),
        restarted: outputs.restarted,
      },
    },
    async handler(ctx) {
      await exclusively(options, ctx, ID, async held => {
        const { gateway, desired, systems, signal } = held;
        ctx.logger.info(
          `Gateway "${gateway.config.name}" (${gateway.config.url}): ${systems.target.description}`,
        );
        const result = await configureGateway(systems, desired, {
          signal,
          dryRun: ctx.isDryRun,
          allowManaged: ctx.input.allowManaged,
          allowLockout: ctx.input.allowLockout,
          allowSecretLoss: ctx.input.allowSecretLoss,
          onPlan: changes => logPlan(ctx.logger, changes, ctx.isDryRun),
          log: logTo(ctx.logger),
          verify: { timeoutMs: options.verifyTimeoutMs },
        });
        if (!ctx.isDryRun) {
          ctx.logger.info(
            `The gateway signs people in with authentik, ${
              result.writes === 0
                ? 'nothing was written'
                : `${counted(result.writes, 'write')} made`
            }`,
          );
        }
        ctx.output('gateway', gateway.config.name);
        ctx.output('gatewayUrl', gateway.config.url);
        ctx.output('issuer', desired.issuer);
        ctx.output('changes', result.changes.length);
        ctx.output('writes', result.writes);
        ctx.output('restarted', result.restarted);
      });
    },
  });
}
