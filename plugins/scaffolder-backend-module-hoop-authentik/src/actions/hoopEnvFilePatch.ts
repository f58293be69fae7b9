import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  patchEnvFile,
  provenSettings,
  type Gateway,
} from 'backstage-plugin-hoop-authentik-node';
import { examples } from './hoopEnvFilePatch.examples';
import type { ActionOptions } from './support/ActionOptions';
import { fileOutputs } from './support/fileOutputs';
import { allowLockout, gatewayInputs } from './support/gatewayInputs';
import { patchWorkspaceFile } from './support/patchWorkspaceFile';
import { resolveGateway } from './support/resolveGateway';

/**
 * `hoop:envFile:patch`: the settings in an env file of docker compose. The client secret is written only on demand.
 *
 * @public
 */
export function createHoopEnvFilePatchAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'hoop:envFile:patch',
    description:
      'Sets what a gateway needs to sign people in with authentik in a docker compose .env file of the workspace, without touching any other byte of it. Everything about authentik is proven first. The gateway reads the file when docker compose up recreates its container.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        path: z =>
          z.string().min(1).describe('Path of the env file in the workspace.'),
        writeClientSecret: z =>
          z
            .boolean()
            .describe(
              'Write the client secret into the file as well; only for a gateway whose target in app-config is envFile, and not for a file that goes into a repository. Default: false, which leaves its line alone.',
            )
            .optional(),
        allowLockout,
      },
      output: fileOutputs,
    },
    async handler(ctx) {
      const { path, writeClientSecret } = ctx.input;
      const { gateway, desired } = await resolveGateway(
        options,
        ctx.input,
        ctx,
      );
      if (writeClientSecret) {
        requireEnvFileTarget(gateway);
      }
      const { IDP_CLIENT_SECRET: clientSecret, ...settings } =
        await provenSettings(gateway.systems, desired, {
          signal: ctx.signal,
          dryRun: ctx.isDryRun,
          allowLockout: ctx.input.allowLockout,
        });
      const { changed, changes } = await patchWorkspaceFile(
        ctx,
        path,
        text =>
          patchEnvFile(text, {
            file: path,
            settings,
            clientSecret,
            writeClientSecret,
          }),
        { holdsSecret: writeClientSecret },
      );
      ctx.output('path', path);
      ctx.output('changed', changed);
      ctx.output('changes', changes);
      ctx.output('gateway', gateway.config.name);
      ctx.output('clientId', settings.IDP_CLIENT_ID);
      ctx.output('issuer', settings.IDP_ISSUER);
    },
  });
}

/**
 * The client secret leaves the backend here alone, which is for the operator to decide: whoever may run actions could
 * otherwise carry the secret of any gateway away in a template of their own.
 *
 * @throws InputError where app-config does not say that the gateway reads an env file
 */
function requireEnvFileTarget({ config, systems }: Gateway): void {
  if (!systems.target.capabilities.fileMayHoldSecret) {
    throw new InputError(
      `The client secret of the gateway "${config.name}" is not written into a file: expected a target of type envFile in app-config, found ${config.target.type}. Leave writeClientSecret out, or declare there that the gateway reads an env file.`,
    );
  }
}
