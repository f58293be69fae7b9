import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { disconnectGateway } from 'backstage-plugin-hoop-authentik-node';
import {
  planDeletion,
  refuseWhileInUse,
  removeApplication,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { ActionOptions } from './support/ActionOptions';
import {
  allowLocalLockout,
  allowManaged,
  examplesOf,
  gatewayInputs,
  outputs,
} from './support/schema';
import { logPlan, logTo } from './support/taskLog';
import { requireConfirmation } from './support/confirmation';
import { exclusively } from './support/exclusively';

const ID = 'hoop:gateway:disconnect';

/**
 * `hoop:gateway:disconnect`: back to local sign-in, and on request without the application.
 *
 * @public
 */
export function createHoopGatewayDisconnectAction(options: ActionOptions) {
  return createTemplateAction({
    id: ID,
    description:
      'Returns a gateway to local sign-in: removes its OpenID settings and the references to them, restarts it and waits. If the gateway does not start, restores the settings. Refuses where no administrator is known to have a local account. Deletes the authentik application afterwards on request. A second run writes nothing.',
    examples: examplesOf(ID, {
      'Return the gateway of an entity to local sign-in': {
        id: 'disconnect',
        name: 'Disconnect the gateway',
        input: { entityRef: 'resource:default/hoop' },
      },
      'Disconnect a gateway and delete its application in authentik': {
        id: 'disconnect',
        name: 'Disconnect the gateway',
        input: { gateway: 'main', deleteApplication: true, confirm: 'hoop' },
      },
    }),
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        deleteApplication: z =>
          z
            .boolean()
            .describe(
              'Delete the application and its provider in authentik after the gateway stops using them. Default: false.',
            )
            .optional(),
        confirm: z =>
          z
            .string()
            .describe(
              'With deleteApplication: the slug of the application again, so that nothing is deleted by mistake.',
            )
            .optional(),
        allowManaged,
        allowLockout: allowLocalLockout,
      },
      output: {
        gateway: outputs.gateway,
        application: outputs.application,
        changes: z =>
          z.number().describe('Number of settings and references removed.'),
        restarted: outputs.restarted,
        deletedApplication: outputs.deletedApplication,
        deletedProvider: outputs.deletedProvider,
        writes: z =>
          z
            .number()
            .describe(
              'Number of requests that changed something in the cluster and authentik.',
            ),
      },
    },
    async handler(ctx) {
      await exclusively(options, ctx, ID, async held => {
        const { gateway, desired, claim, systems, signal, run } = held;
        const { authentik } = systems;
        const { deleteApplication, confirm } = ctx.input;
        const call = { signal };
        if (deleteApplication) {
          requireConfirmation(confirm, claim.slug);
          // Before anything is written: a gateway disconnected for a deletion that is then refused has no sign-in left.
          await refuseWhileInUse(options.gateways, held, {
            ...call,
            others: true,
          });
          await planDeletion(authentik, claim, undefined, { ...call, run });
        }
        ctx.logger.info(
          `Gateway "${gateway.config.name}" (${gateway.config.url}): ${systems.target.description}`,
        );
        const result = await disconnectGateway(systems, desired, {
          ...call,
          dryRun: ctx.isDryRun,
          allowManaged: ctx.input.allowManaged,
          allowLockout: ctx.input.allowLockout,
          onPlan: changes => logPlan(ctx.logger, changes, ctx.isDryRun),
          log: logTo(ctx.logger),
          verify: { timeoutMs: options.verifyTimeoutMs },
        });
        ctx.logger.info(
          result.restarted
            ? 'The gateway signs people in with local accounts'
            : 'The gateway was not restarted',
        );
        const deleted = deleteApplication
          ? await removeApplication(authentik, claim, {
              ...call,
              run,
              dryRun: ctx.isDryRun,
              remember: (key, fn) => ctx.checkpoint({ key, fn }),
              onPlan: changes => logPlan(ctx.logger, changes, ctx.isDryRun),
            })
          : { deletedApplication: false, deletedProvider: false, writes: 0 };
        ctx.output('gateway', gateway.config.name);
        ctx.output('application', desired.application.slug);
        ctx.output('changes', result.changes.length);
        ctx.output('restarted', result.restarted);
        ctx.output('deletedApplication', deleted.deletedApplication);
        ctx.output('deletedProvider', deleted.deletedProvider);
        ctx.output('writes', result.writes + deleted.writes);
      });
    },
  });
}
