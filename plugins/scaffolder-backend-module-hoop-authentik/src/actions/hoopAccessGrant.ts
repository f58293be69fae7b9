import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { grantAccess } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { ActionOptions } from './support/ActionOptions';
import {
  approvedRequest,
  examplesOf,
  gatewayInputs,
  outputs,
} from './support/schema';
import { logPlan } from './support/taskLog';
import { exclusively } from './support/exclusively';

const ID = 'hoop:access:grant';

/**
 * `hoop:access:grant`: a group or a user may sign in to a gateway, until a date where one is given.
 *
 * @public
 */
export function createHoopAccessGrantAction(options: ActionOptions) {
  return createTemplateAction({
    id: ID,
    description:
      'Lets a group or a user sign in to a gateway, beside those who may already, until a date where one is given; the portal ends the access then. Refuses an application that is open to everyone, where the first binding would lock the others out, and one whose bindings all have to pass.',
    examples: examplesOf(ID, {
      'Let a group sign in until the end of the year': {
        id: 'grant',
        name: 'Grant access',
        input: {
          gateway: 'main',
          group: 'engineering',
          until: '2099-12-31T18:00:00Z',
        },
      },
      'Let a user sign in': {
        id: 'grant',
        name: 'Grant access',
        input: { entityRef: 'resource:default/hoop', user: 'bob' },
      },
    }),
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        request: approvedRequest,
        group: z =>
          z
            .string()
            .describe('Name of the group in authentik; alternative: user.')
            .optional(),
        user: z =>
          z
            .string()
            .describe('Name of the user in authentik; alternative: group.')
            .optional(),
        until: z =>
          z
            .string()
            .describe(
              'When the access ends: ISO 8601, such as 2027-01-31T18:00:00Z. Default: it does not end by itself.',
            )
            .optional(),
      },
      output: {
        application: outputs.application,
        applicationId: outputs.applicationId,
        adminUrl: outputs.adminUrl,
        until: z =>
          z.string().describe('When the access ends; empty where it does not.'),
        writes: z =>
          z
            .number()
            .describe(
              'Number of requests that changed something in authentik.',
            ),
      },
    },
    async handler(ctx) {
      const until = endOf(ctx.input.until);
      await exclusively(options, ctx, ID, async held => {
        const { systems, signal, desired, claim, run } = held;
        const result = await grantAccess(
          systems.authentik,
          claim,
          {
            // Without a request it is remembered under its task.
            request: ctx.input.request?.split('.')[0] || ctx.task.id,
            group: ctx.input.group || undefined,
            user: ctx.input.user || undefined,
            until,
          },
          { signal, run, dryRun: ctx.isDryRun },
        );
        logPlan(ctx.logger, result.changes, ctx.isDryRun);
        ctx.output('application', desired.application.slug);
        ctx.output('applicationId', result.applicationId);
        ctx.output('adminUrl', desired.application.adminUrl);
        ctx.output('until', until ?? '');
        ctx.output('writes', result.writes);
      });
    },
  });
}

function endOf(given: string | undefined): string | undefined {
  if (!given) {
    return undefined;
  }
  const at = Date.parse(given);
  if (!(at > Date.now())) {
    throw new InputError(
      `The access must end in the future; expected a time such as 2027-01-31T18:00:00Z, found ${JSON.stringify(
        given.slice(0, 50),
      )}.`,
    );
  }
  return new Date(at).toISOString();
}
