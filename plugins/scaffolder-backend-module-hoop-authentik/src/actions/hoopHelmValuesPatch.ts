import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  patchHelmValues,
  provenSettings,
} from 'backstage-plugin-hoop-authentik-node';
import { examples } from './hoopHelmValuesPatch.examples';
import type { ActionOptions } from './support/ActionOptions';
import { fileOutputs } from './support/fileOutputs';
import { allowLockout, gatewayInputs } from './support/gatewayInputs';
import { patchWorkspaceFile } from './support/patchWorkspaceFile';
import { resolveGateway } from './support/resolveGateway';

/**
 * `hoop:helmValues:patch`: the settings in a values file of the gateway's chart, for a pull request. The client secret is
 * never written.
 *
 * @public
 */
export function createHoopHelmValuesPatchAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'hoop:helmValues:patch',
    description:
      'Sets what a gateway needs to sign people in with authentik in a Helm values file of the workspace, without touching any other byte of it. The client secret is left to a Secret in the cluster. Everything about authentik is proven first.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        path: z =>
          z
            .string()
            .min(1)
            .describe('Path of the values file in the workspace.'),
        configPath: z =>
          z
            .string()
            .min(1)
            .describe(
              "Keys that lead to the chart's config, joined by dots; hoop-chart.config for the wrapper chart. Default: config.",
            )
            .optional(),
        existingSecret: z =>
          z
            .string()
            .describe(
              "Name of the Secret in the gateway's namespace that holds IDP_CLIENT_SECRET. Default: the one that the file names; without any, what renders the chart provides the client secret.",
            )
            .optional(),
        replaceExistingSecret: z =>
          z
            .boolean()
            .describe(
              'Name existingSecret although the file names another one, instead of refusing: the gateway loses what it reads from that. Default: false.',
            )
            .optional(),
        removeClearSecret: z =>
          z
            .boolean()
            .describe(
              'Overwrite a client secret that stands in the file for everybody to read, instead of refusing. Default: false.',
            )
            .optional(),
        allowLockout,
      },
      output: {
        ...fileOutputs,
        existingSecret: z =>
          z
            .string()
            .describe(
              'Name of the Secret that has to hold IDP_CLIENT_SECRET; empty where what renders the chart provides it.',
            ),
      },
    },
    async handler(ctx) {
      const {
        path,
        configPath,
        existingSecret,
        replaceExistingSecret,
        removeClearSecret,
      } = ctx.input;
      const { gateway, desired } = await resolveGateway(
        options,
        ctx.input,
        ctx,
      );
      const { IDP_CLIENT_SECRET: clientSecret, ...settings } =
        await provenSettings(gateway.systems, desired, {
          signal: ctx.signal,
          dryRun: ctx.isDryRun,
          allowLockout: ctx.input.allowLockout,
        });
      let secretName: string | undefined;
      const { changed, changes } = await patchWorkspaceFile(ctx, path, text => {
        const patched = patchHelmValues(text, {
          file: path,
          settings,
          configPath,
          // A form's empty field.
          existingSecret: existingSecret || undefined,
          replaceExistingSecret,
          removeClearSecret,
          clientSecret,
        });
        secretName = patched.existingSecret;
        return patched;
      });
      ctx.output('path', path);
      ctx.output('changed', changed);
      ctx.output('changes', changes);
      ctx.output('gateway', gateway.config.name);
      ctx.output('clientId', settings.IDP_CLIENT_ID);
      ctx.output('issuer', settings.IDP_ISSUER);
      ctx.output('existingSecret', secretName ?? '');
    },
  });
}
