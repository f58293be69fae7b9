import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  ensureApplication,
  previewApplication,
  type ApplicationPlan,
  type ApplicationSpec,
} from 'backstage-plugin-hoop-authentik-node';
import { examples } from './authentikApplicationEnsure.examples';
import type { ActionOptions } from './support/ActionOptions';
import { gatewayInputs } from './support/gatewayInputs';
import { logPlan } from './support/logPlan';
import { requireOwnApplication } from './support/ownApplication';
import { resolveGateway } from './support/resolveGateway';

/**
 * `authentik:application:ensure`: the application and its OAuth2/OpenID provider for a gateway, as the integration guide
 * asks for them.
 *
 * @public
 */
export function createAuthentikApplicationEnsureAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'authentik:application:ensure',
    description:
      'Makes sure that authentik has an application with an OAuth2/OpenID provider for a gateway: creates both in one transaction, or adopts what exists and changes only what differs. Running it again writes nothing.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        name: z =>
          z
            .string()
            .describe(
              'What people see in authentik. Default for a new application: the slug.',
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
          z.string().describe('Where the tile in authentik leads.').optional(),
        icon: z =>
          z
            .string()
            .describe('URL of the tile’s picture, or fa://<icon name>.')
            .optional(),
        publisher: z =>
          z.string().describe('Shown below the name in authentik.').optional(),
        description: z =>
          z.string().describe('Shown below the name in authentik.').optional(),
        openInNewTab: z =>
          z.boolean().describe('Open the tile in a new tab.').optional(),
        hide: z =>
          z
            .boolean()
            .describe('Leave the tile out of the library (authentik 2026.5).')
            .optional(),
        providerName: z =>
          z
            .string()
            .describe(
              'Name of the provider. Default for a new one: Provider for <application name>.',
            )
            .optional(),
        authorizationFlow: z =>
          z
            .string()
            .describe(
              'Slug of the authorization flow. Default for a new provider: implicit consent.',
            )
            .optional(),
        invalidationFlow: z =>
          z
            .string()
            .describe(
              'Slug of the invalidation flow. Default for a new provider: that for providers.',
            )
            .optional(),
        signingKey: z =>
          z
            .string()
            .describe(
              'Name of the certificate to sign tokens with, instead of the present one too. Default: the present one, else that of app-config, else a usable RSA or EC one.',
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
              'Issuer of the tokens. Default: per_provider, the only one that a gateway accepts.',
            )
            .optional(),
        logoutUri: z =>
          z
            .string()
            .describe('Where authentik announces a logout (authentik 2025.10).')
            .optional(),
        extraScopes: z =>
          z
            .array(z.string())
            .describe(
              'Scopes beside openid, email and profile, such as offline_access.',
            )
            .optional(),
        bindings: z =>
          z
            .array(
              z.object({
                group: z.string().describe('Name of a group.').optional(),
                user: z.string().describe('User name.').optional(),
                policy: z.string().describe('Name of a policy.').optional(),
                order: z
                  .number()
                  .int()
                  .min(0)
                  .describe('Position in the evaluation.')
                  .optional(),
                negate: z
                  .boolean()
                  .describe('Keeps out instead of letting in. Default: false.')
                  .optional(),
                enabled: z
                  .boolean()
                  .describe('Whether it counts. Default: true.')
                  .optional(),
                timeout: z
                  .number()
                  .int()
                  .min(0)
                  .describe('Seconds a policy may run.')
                  .optional(),
                failureResult: z
                  .boolean()
                  .describe('The result when the policy fails to run.')
                  .optional(),
              }),
            )
            .describe(
              'Who may sign in: each names exactly one of group, user and policy. Without any, everyone may.',
            )
            .optional(),
        bindingsMode: z =>
          z
            .enum(['additive', 'authoritative'])
            .describe(
              'Whether bindings that are not listed stay (additive, the default) or are removed.',
            )
            .optional(),
      },
      output: {
        application: z => z.string().describe('Slug of the application.'),
        applicationId: z =>
          z.string().describe('UUID of the application in authentik.'),
        providerId: z =>
          z.number().describe('Number of the provider in authentik.'),
        clientId: z => z.string().describe('OAuth2 client id.'),
        issuer: z => z.string().describe('Issuer for the gateway.'),
        adminUrl: z =>
          z.string().describe('Page of the application in authentik.'),
        gateway: z => z.string().describe('Name of the gateway.'),
        result: z =>
          z
            .enum(['create', 'join', 'update', 'unchanged'])
            .describe('What had to be done.'),
        writes: z =>
          z.number().describe('Requests to authentik that changed something.'),
      },
    },
    async handler(ctx) {
      const resolved = await resolveGateway(options, ctx.input, ctx);
      await requireOwnApplication(resolved, { signal: ctx.signal });
      const { gateway, desired } = resolved;
      const { authentik } = gateway.systems;
      const spec = specOf(ctx.input, desired.application.slug);
      const context = gateway.applicationContext();
      const call = { signal: ctx.signal };
      ctx.logger.info(
        `Application "${spec.slug}" on authentik ${authentik.baseUrl} for the gateway ${gateway.config.url}`,
      );
      const showPlan = ({ changes, notes }: ApplicationPlan) => {
        logPlan(ctx.logger, changes, ctx.isDryRun);
        for (const note of notes) {
          ctx.logger.warn(note);
        }
      };

      ctx.output('application', spec.slug);
      ctx.output('issuer', desired.issuer);
      ctx.output('adminUrl', desired.application.adminUrl);
      ctx.output('gateway', gateway.config.name);
      if (ctx.isDryRun) {
        const plan = await previewApplication(authentik, spec, context, call);
        showPlan(plan);
        ctx.output('result', plan.action);
        ctx.output('writes', 0);
        ctx.output('applicationId', 'assigned-on-creation');
        ctx.output('providerId', 0);
        ctx.output('clientId', 'assigned-on-creation');
        return;
      }
      const ensured = await ensureApplication(authentik, spec, context, {
        ...call,
        onPlan: showPlan,
      });
      ctx.logger.info(
        ensured.writes === 0
          ? `Application "${ensured.slug}" is as required, nothing was written`
          : `Application "${ensured.slug}" is as required after ${
              ensured.writes
            } write${ensured.writes === 1 ? '' : 's'}`,
      );
      ctx.output('result', ensured.plan.action);
      ctx.output('applicationId', ensured.applicationId);
      ctx.output('providerId', ensured.providerId);
      ctx.output('clientId', ensured.clientId);
      ctx.output('writes', ensured.writes);
    },
  });
}

function specOf(
  input: Omit<ApplicationSpec, 'slug'> & {
    gateway?: string;
    entityRef?: string;
    application?: string;
  },
  slug: string,
): ApplicationSpec {
  const {
    gateway: _gateway,
    entityRef: _entity,
    application: _slug,
    ...spec
  } = input;
  // A form's empty field.
  return { ...spec, signingKey: spec.signingKey || undefined, slug };
}
