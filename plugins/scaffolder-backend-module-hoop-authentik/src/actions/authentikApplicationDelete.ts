import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  deleteApplication,
  planDeletion,
  type DeletionPlan,
} from 'backstage-plugin-hoop-authentik-node';
import { examples } from './authentikApplicationDelete.examples';
import type { ActionOptions } from './support/ActionOptions';
import { gatewayInputs } from './support/gatewayInputs';
import { logPlan } from './support/logPlan';
import { resolveGateway, type ResolvedGateway } from './support/resolveGateway';

/**
 * `authentik:application:delete`: the application of a gateway, then its provider, which authentik leaves behind.
 *
 * @public
 */
export function createAuthentikApplicationDeleteAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'authentik:application:delete',
    description:
      'Deletes the authentik application of a gateway and its provider. Refuses while the gateway still signs people in with it. What is gone already is no error.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        confirm: z =>
          z
            .string()
            .describe(
              'The slug of the application once more, so that nothing is deleted by mistake.',
            ),
        evenIfInUse: z =>
          z
            .boolean()
            .describe(
              'Delete it although the gateway still points to it; nobody can sign in then. Default: false.',
            )
            .optional(),
      },
      output: {
        application: z => z.string().describe('Slug of the application.'),
        deletedApplication: z =>
          z.boolean().describe('Whether there was one to delete.'),
        deletedProvider: z =>
          z.boolean().describe('Whether there was one to delete.'),
        writes: z =>
          z.number().describe('Requests to authentik that changed something.'),
      },
    },
    async handler(ctx) {
      const resolved = await resolveGateway(options, ctx.input, ctx);
      const { slug } = resolved.desired.application;
      const { authentik } = resolved.gateway.systems;
      const target = { slug, redirectUri: resolved.desired.redirectUri };
      const call = { signal: ctx.signal };
      if (ctx.input.confirm !== slug) {
        throw new InputError(
          `Nothing was deleted: confirm must repeat the slug of the application, "${slug}"; found "${ctx.input.confirm}".`,
        );
      }
      if (!ctx.input.evenIfInUse) {
        await refuseWhileInUse(resolved, call);
      }
      const first = await planDeletion(authentik, target, undefined, call);
      // Where a run was interrupted between the two deletions, only this remembers which provider it was.
      const providerId = ctx.isDryRun
        ? first.provider?.pk
        : await ctx.checkpoint({
            key: `authentik.provider.${authentik.name}.${slug}`,
            fn: async () => first.provider?.pk ?? null,
          });
      const plan =
        first.provider || typeof providerId !== 'number'
          ? first
          : await planDeletion(authentik, target, providerId, call);
      logPlan(ctx.logger, planLines(slug, plan), ctx.isDryRun);
      const result = ctx.isDryRun
        ? { deletedApplication: false, deletedProvider: false, writes: 0 }
        : await deleteApplication(authentik, slug, plan, call);
      ctx.output('application', slug);
      ctx.output('deletedApplication', result.deletedApplication);
      ctx.output('deletedProvider', result.deletedProvider);
      ctx.output('writes', result.writes);
    },
  });
}

async function refuseWhileInUse(
  { gateway, desired }: ResolvedGateway,
  call: { signal?: AbortSignal },
): Promise<void> {
  const { target, hoop } = gateway.systems;
  if (target.refusal) {
    // Where its settings cannot be read, the gateway itself says whether it needs an application at all.
    const { authMethod } = await hoop.getInfo(call);
    if (authMethod !== 'local') {
      throw new InputError(
        `Nothing was deleted: the gateway "${gateway.config.name}" signs people in with ${authMethod}, and its settings, which say with which application, are not read here. ` +
          'Take the settings away from the gateway first, or set evenIfInUse.',
      );
    }
    return;
  }
  const { state } = await target.read(call);
  const issuer = state.settings.IDP_ISSUER.value;
  const points =
    typeof issuer === 'string'
      ? issuer === desired.issuer
      : issuer?.equals(desired.issuer);
  const method = 'method' in state.outcome ? state.outcome.method : 'oidc';
  // What IDP_URI points to cannot be told from the separate settings.
  if (method === 'oidc' && (points || state.overrides.length > 0)) {
    throw new InputError(
      `Nothing was deleted: the gateway "${gateway.config.name}" still signs people in with the application "${desired.application.slug}". ` +
        'Take its settings away from the gateway first, or set evenIfInUse.',
    );
  }
}

function planLines(slug: string, { application, provider }: DeletionPlan) {
  return [
    ...(application
      ? [
          {
            object: `authentik application "${slug}"`,
            field: 'the whole object',
            from: `"${application.name}"`,
            to: '(deleted)',
          },
        ]
      : []),
    ...(provider
      ? [
          {
            object: `authentik provider "${provider.name}"`,
            field: 'the whole object',
            from: `client id "${provider.clientId}"`,
            to: '(deleted)',
          },
        ]
      : []),
  ];
}
