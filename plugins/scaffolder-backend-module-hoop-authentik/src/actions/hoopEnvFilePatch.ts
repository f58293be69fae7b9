import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  patchEnvFile,
  type Gateway,
} from 'backstage-plugin-hoop-authentik-node';
import type { ActionOptions } from './support/ActionOptions';
import {
  allowOtherAdmins,
  examplesOf,
  fileOutputs,
  gatewayInputs,
  planOnly,
} from './support/schema';
import { patchSettingsFile } from './support/patchSettingsFile';
import { authorizedGateway } from './support/authorizedGateway';

const ID = 'hoop:envFile:patch';

/**
 * `hoop:envFile:patch`: the settings in an env file of docker compose. The client secret is written only on request.
 *
 * @public
 */
export function createHoopEnvFilePatchAction(options: ActionOptions) {
  return createTemplateAction({
    id: ID,
    description:
      'Sets the OpenID settings of a gateway in a docker compose .env file of the workspace, and changes nothing else in it. Checks authentik first. The gateway reads the file when docker compose up recreates its container.',
    examples: examplesOf(ID, {
      'Set the settings, and leave the client secret unchanged': {
        id: 'env',
        name: 'Set the settings in the env file',
        input: { gateway: 'main', path: '.env' },
      },
      'Set the client secret as well, in a file that was fetched': {
        id: 'env',
        name: 'Set the settings in the env file',
        input: {
          gateway: 'main',
          path: '.env',
          writeClientSecret: true,
          allowOtherReaders: true,
        },
      },
    }),
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
              'Write the client secret to the file as well. Only for a gateway whose target in app-config is envFile; never for a file that goes into a repository. Default: false, which keeps its line unchanged.',
            )
            .optional(),
        allowOtherReaders: z =>
          z
            .boolean()
            .describe(
              'Write the client secret even if users other than the owner of the file can read it, as they can where an action fetched it. Default: false.',
            )
            .optional(),
        planOnly,
        allowLockout: allowOtherAdmins,
      },
      output: fileOutputs,
    },
    async handler(ctx) {
      const { writeClientSecret, allowOtherReaders } = ctx.input;
      const resolved = await authorizedGateway(options, ctx, ID);
      if (writeClientSecret) {
        requireEnvFileTarget(resolved.gateway);
      }
      const outputs = await patchSettingsFile(
        resolved,
        ctx,
        (text, settings) =>
          patchEnvFile(text, {
            ...settings,
            writeClientSecret,
          }),
        {
          holdsSecret: writeClientSecret,
          allowOtherReaders,
        },
      );
      ctx.output('path', outputs.path);
      ctx.output('changed', outputs.changed);
      ctx.output('changes', outputs.changes);
      ctx.output('gateway', outputs.gateway);
      ctx.output('clientId', outputs.clientId);
      ctx.output('issuer', outputs.issuer);
    },
  });
}

/**
 * This is the only way for a client secret to leave the backend, so the operator decides: anyone who may run actions could
 * otherwise read the secret of any gateway with a template of their own.
 *
 * @throws InputError where app-config does not say that the gateway reads an env file
 */
function requireEnvFileTarget({ config, systems }: Gateway): void {
  if (!systems.target.capabilities.fileMayHoldSecret) {
    throw new InputError(
      `The client secret of the gateway "${config.name}" cannot be written to a file: expected the target type envFile in app-config, found ${config.target.type}. Omit writeClientSecret, or change the target if the gateway reads an env file.`,
    );
  }
}
