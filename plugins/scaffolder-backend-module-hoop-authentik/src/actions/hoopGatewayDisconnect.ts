import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { disconnectGateway } from 'backstage-plugin-hoop-authentik-node';
import { examples } from './hoopGatewayDisconnect.examples';
import type { ActionOptions } from './support/ActionOptions';
import { refuseWhileInUse } from './support/applicationUse';
import { allowManaged, gatewayInputs } from './support/gatewayInputs';
import { logPlan } from './support/logPlan';
import {
  refuseForeignApplication,
  removeApplication,
} from './support/removeApplication';
import { resolveGateway } from './support/resolveGateway';

/**
 * `hoop:gateway:disconnect`: back to local sign-in, and on request away with the application.
 *
 * @public
 */
export function createHoopGatewayDisconnectAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'hoop:gateway:disconnect',
    description:
      'Puts a gateway back to local sign-in: takes its settings and the references to them away, restarts it and waits; when it does not come up, the settings are put back. On request deletes the authentik application afterwards. Running it again writes nothing.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        deleteApplication: z =>
          z
            .boolean()
            .describe(
              'Delete the application and its provider in authentik once the gateway no longer uses them. Default: false.',
            )
            .optional(),
        allowManaged,
      },
      output: {
        gateway: z => z.string().describe('Name of the gateway.'),
        application: z => z.string().describe('Slug of the application.'),
        changes: z =>
          z.number().describe('Number of settings and references taken away.'),
        restarted: z =>
          z.boolean().describe('Whether the gateway was restarted.'),
        deletedApplication: z =>
          z.boolean().describe('Whether there was one to delete.'),
        deletedProvider: z =>
          z.boolean().describe('Whether there was one to delete.'),
        writes: z =>
          z
            .number()
            .describe(
              'Requests to the cluster and authentik that changed something.',
            ),
      },
    },
    async handler(ctx) {
      const resolved = await resolveGateway(options, ctx.input, ctx);
      const { gateway, desired } = resolved;
      const { deleteApplication } = ctx.input;
      if (deleteApplication) {
        // Before anything is written: a gateway that is disconnected for a deletion that is then refused helps nobody.
        await refuseWhileInUse(
          options,
          resolved,
          { signal: ctx.signal },
          gateway,
        );
        await refuseForeignApplication(resolved, ctx);
      }
      ctx.logger.info(
        `Gateway "${gateway.config.name}" (${gateway.config.url}): ${gateway.systems.target.description}`,
      );
      const result = await disconnectGateway(gateway.systems, desired, {
        signal: ctx.signal,
        dryRun: ctx.isDryRun,
        allowManaged: ctx.input.allowManaged,
        onPlan: changes => logPlan(ctx.logger, changes, ctx.isDryRun),
        log: (line, level = 'info') => ctx.logger[level](line),
      });
      ctx.logger.info(
        result.restarted
          ? 'The gateway signs people in by itself'
          : 'The gateway was not restarted',
      );
      const deleted = deleteApplication
        ? await removeApplication(resolved, ctx)
        : { deletedApplication: false, deletedProvider: false, writes: 0 };
      ctx.output('gateway', gateway.config.name);
      ctx.output('application', desired.application.slug);
      ctx.output('changes', result.changes.length);
      ctx.output('restarted', result.restarted);
      ctx.output('deletedApplication', deleted.deletedApplication);
      ctx.output('deletedProvider', deleted.deletedProvider);
      ctx.output('writes', result.writes + deleted.writes);
    },
  });
}
