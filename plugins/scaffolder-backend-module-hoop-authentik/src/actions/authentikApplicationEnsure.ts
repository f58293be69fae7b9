import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  ensureApplication,
  type ApplicationSpec,
} from 'backstage-plugin-hoop-authentik-node';
import {
  previewApplication,
  type ApplicationPlan,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { ActionOptions } from './support/ActionOptions';
import { namedObjects, withoutEmpty } from './support/namedObjects';
import {
  approvedRequest,
  examplesOf,
  gatewayInputs,
  outputs,
} from './support/schema';
import { counted, logPlan } from './support/taskLog';
import { exclusively } from './support/exclusively';

const ID = 'authentik:application:ensure';

/**
 * `authentik:application:ensure`: the application and its OAuth2/OpenID provider for a gateway, as the integration guide
 * requires them.
 *
 * @public
 */
export function createAuthentikApplicationEnsureAction(options: ActionOptions) {
  return createTemplateAction({
    id: ID,
    description:
      'Ensures that authentik has an application with an OAuth2/OpenID provider for a gateway: creates both with a certificate of their own and joins them last, or adopts what exists and changes only what differs. A second run writes nothing.',
    examples: examplesOf(ID, {
      'Create or adopt the application of a gateway': {
        id: 'application',
        name: 'Ensure the authentik application',
        input: { gateway: 'main', name: 'Hoop.dev' },
      },
      'Let only the members of two groups sign in': {
        id: 'application',
        name: 'Ensure the authentik application',
        input: {
          entityRef: 'resource:default/hoop',
          name: 'Hoop.dev',
          group: 'Infrastructure',
          bindings: [
            { group: 'engineering', order: 0 },
            { group: 'admin', order: 1 },
          ],
          bindingsMode: 'authoritative',
        },
      },
    }),
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        request: approvedRequest,
        name: z =>
          z
            .string()
            .describe(
              'Name of the application in authentik. Default for a new application: the slug.',
            )
            .optional(),
        group: z =>
          z
            .string()
            .describe('Heading under which authentik lists the application.')
            .optional(),
        policyEngineMode: z =>
          z
            .enum(['any', 'all'])
            .describe('Whether one binding must let a user in, or all of them.')
            .optional(),
        launchUrl: z =>
          z
            .string()
            .describe('URL that the tile in authentik opens.')
            .optional(),
        icon: z =>
          z
            .string()
            .describe('URL of the icon on the tile, or fa://<icon name>.')
            .optional(),
        publisher: z =>
          z
            .string()
            .describe('Publisher shown with the application in authentik.')
            .optional(),
        description: z =>
          z
            .string()
            .describe('Description shown with the application in authentik.')
            .optional(),
        openInNewTab: z =>
          z.boolean().describe('Open the tile in a new tab.').optional(),
        hide: z =>
          z
            .boolean()
            .describe(
              'Hide the tile in the library (authentik 2026.5 and later).',
            )
            .optional(),
        providerName: z =>
          z
            .string()
            .describe(
              'Name of the provider. Default for a new one: Provider for <application name>.',
            )
            .optional(),
        ...namedObjects,
        newSigningKey: z =>
          z
            .boolean()
            .describe(
              'Replace the current certificate by a new one that no other application signs with. Sessions end, and the gateway has to be restarted.',
            )
            .optional(),
        accessCodeValidity: z =>
          z
            .string()
            .describe(
              'How long an authorization code is valid, such as minutes=1.',
            )
            .optional(),
        accessTokenValidity: z =>
          z
            .string()
            .describe(
              'How long an access token is valid, such as hours=8: the length of a session at the gateway.',
            )
            .optional(),
        refreshTokenValidity: z =>
          z
            .string()
            .describe('How long a refresh token is valid, such as days=30.')
            .optional(),
        subMode: z =>
          z
            .enum([
              'hashed_user_id',
              'user_id',
              'user_uuid',
              'user_username',
              'user_email',
              'user_upn',
            ])
            .describe(
              'What identifies a user in tokens. Default for a new provider: hashed_user_id.',
            )
            .optional(),
        issuerMode: z =>
          z
            .enum(['per_provider', 'global'])
            .describe(
              'Issuer of the tokens. Default: per_provider, the only mode that a gateway accepts.',
            )
            .optional(),
        logoutUri: z =>
          z
            .string()
            .describe(
              'URL that authentik calls on logout (authentik 2025.10 and later).',
            )
            .optional(),
        extraScopes: z =>
          z
            .array(z.string())
            .describe(
              'Scopes in addition to openid, email and profile, such as offline_access.',
            )
            .optional(),
        bindingsMode: z =>
          z
            .enum(['additive', 'authoritative'])
            .describe(
              'What happens to bindings that are not listed: additive (the default) keeps them, authoritative removes them.',
            )
            .optional(),
      },
      output: {
        application: outputs.application,
        applicationId: outputs.applicationId,
        providerId: z =>
          z.number().describe('ID of the provider in authentik.'),
        clientId: z => z.string().describe('OAuth2 client ID.'),
        issuer: z =>
          z.string().describe('The issuer that the gateway has to trust.'),
        adminUrl: outputs.adminUrl,
        gateway: outputs.gateway,
        result: z =>
          z
            .enum(['create', 'join', 'update', 'unchanged'])
            .describe('What the run did.'),
        writes: z =>
          z
            .number()
            .describe(
              'Number of requests that changed something in authentik.',
            ),
      },
    },
    async handler(ctx) {
      await exclusively(options, ctx, ID, async held => {
        const { gateway, desired, systems, signal, run } = held;
        const { authentik } = systems;
        const call = { signal };
        const spec = specOf(ctx.input, desired.application.slug);
        const context = gateway.applicationContext();
        ctx.logger.info(
          `Application "${spec.slug}" in authentik (${authentik.baseUrl}) for the gateway ${gateway.config.url}`,
        );
        const showPlan = ({ changes }: ApplicationPlan) =>
          logPlan(ctx.logger, changes, ctx.isDryRun);
        const showNotes = (notes: string[]) =>
          notes.forEach(note => ctx.logger.warn(note));

        ctx.output('application', spec.slug);
        ctx.output('issuer', desired.issuer);
        ctx.output('adminUrl', desired.application.adminUrl);
        ctx.output('gateway', gateway.config.name);
        if (ctx.isDryRun) {
          const plan = await previewApplication(authentik, spec, context, call);
          showPlan(plan);
          showNotes(plan.notes);
          ctx.output('result', plan.action);
          ctx.output('writes', 0);
          ctx.output('applicationId', 'assigned-on-creation');
          ctx.output('providerId', 0);
          ctx.output('clientId', 'assigned-on-creation');
          return;
        }
        const ensured = await ensureApplication(authentik, spec, context, {
          ...call,
          run,
          onPlan: showPlan,
        });
        showNotes(ensured.notes);
        ctx.logger.info(
          `Application "${ensured.slug}" is up to date, ${
            ensured.writes === 0
              ? 'nothing was written'
              : `${counted(ensured.writes, 'write')} made`
          }`,
        );
        ctx.output('result', ensured.plan.action);
        ctx.output('applicationId', ensured.applicationId);
        ctx.output('providerId', ensured.providerId);
        ctx.output('clientId', ensured.clientId);
        ctx.output('writes', ensured.writes);
      });
    },
  });
}

function specOf(
  input: Omit<ApplicationSpec, 'slug'> & {
    gateway?: string;
    entityRef?: string;
    application?: string;
    request?: string;
  },
  slug: string,
): ApplicationSpec {
  const {
    gateway: _gateway,
    entityRef: _entity,
    application: _slug,
    request: _request,
    ...spec
  } = input;
  return { ...spec, ...withoutEmpty(spec), slug };
}
