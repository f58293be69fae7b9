import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { newRequestSchema } from 'backstage-plugin-hoop-authentik-common';
import type { ActionOptions } from './support/ActionOptions';
import { examplesOf } from './support/schema';

const ID = 'hoop:request:create';

/**
 * `hoop:request:create`: asks the approvers of a gateway for a connection or for access, as the user who started the task.
 *
 * @public
 */
export function createHoopRequestCreateAction(options: ActionOptions) {
  return createTemplateAction({
    id: ID,
    description:
      'Asks the approvers of a gateway to connect it to authentik, or to let a group or the user sign in. Does not wait for their decision. The same request is not sent twice while it is open.',
    examples: examplesOf(ID, {
      'Ask for access until the end of the year': {
        id: 'request',
        name: 'Ask for access',
        input: {
          kind: 'access',
          entityRef: 'resource:default/hoop',
          subject: 'group:default/engineering',
          until: '2099-12-31T18:00:00Z',
          reason: 'Migration of the payments database',
        },
      },
      'Ask for a connection': {
        id: 'request',
        name: 'Ask for a connection',
        input: {
          kind: 'connect',
          entityRef: 'resource:default/hoop',
          groups: ['group:default/engineering'],
          reason: 'Engineers still share one local account',
        },
      },
    }),
    supportsDryRun: true,
    schema: {
      input: {
        kind: z =>
          z
            .enum(['connect', 'access'])
            .describe(
              'What to ask for: connect joins the gateway of the entity to authentik, access lets the subject sign in.',
            ),
        entityRef: z =>
          z
            .string()
            .describe(
              'Catalog entity of the gateway, such as resource:default/hoop.',
            ),
        reason: z =>
          z
            .string()
            .describe('Why it is needed: 10 to 500 characters for approvers.'),
        subject: z =>
          z
            .string()
            .describe(
              'Of an access request: the group, one that the user belongs to, or the user, as an entity reference.',
            )
            .optional(),
        until: z =>
          z
            .string()
            .describe(
              'Of an access request: when the access ends, in ISO 8601. Default: it does not end by itself.',
            )
            .optional(),
        groups: z =>
          z
            .array(z.string())
            .describe(
              'Of a connection: entity references of groups of the user whose members are to sign in. Default: the groups that app-config allows for the gateway.',
            )
            .optional(),
      },
      output: {
        requestId: z => z.string().describe('ID of the request.'),
        created: z =>
          z
            .boolean()
            .describe('Whether it is new; false where it was open already.'),
        approvers: z =>
          z
            .array(z.string())
            .describe('Who decides about it, as entity references.'),
      },
    },
    async handler(ctx) {
      const request = requestOf(ctx.input);
      if (ctx.isDryRun) {
        ctx.logger.info(
          `A run would send a request of the kind "${request.kind}" for ${request.entityRef}`,
        );
        ctx.output('requestId', 'assigned-on-creation');
        ctx.output('created', false);
        ctx.output('approvers', []);
        return;
      }
      const { request: sent, created } = await options.createRequest(
        request,
        await ctx.getInitiatorCredentials(),
      );
      ctx.logger.info(
        created
          ? `The request was sent to ${sent.approvers.join(', ')}`
          : `The same request is open since ${sent.createdAt}, so nothing was sent`,
      );
      ctx.output('requestId', sent.id);
      ctx.output('created', created);
      ctx.output('approvers', sent.approvers);
    },
  });
}

/** A form leaves fields empty that the other kind has. */
function requestOf(input: Record<string, unknown>) {
  const given = Object.entries(input).filter(
    ([, value]) =>
      value !== undefined &&
      value !== '' &&
      !(Array.isArray(value) && value.length === 0),
  );
  const result = newRequestSchema.safeParse(Object.fromEntries(given));
  if (!result.success) {
    const [{ path, message }] = result.error.issues;
    throw new InputError(
      `The input ${path.join('.') || 'of the step'} is invalid: ${message}.`,
    );
  }
  return result.data;
}
