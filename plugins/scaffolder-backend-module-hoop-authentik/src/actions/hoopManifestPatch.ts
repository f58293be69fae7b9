import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { patchManifest } from 'backstage-plugin-hoop-authentik-node';
import type { ActionOptions } from './support/ActionOptions';
import {
  allowOtherAdmins,
  DOCUMENT_PATTERN,
  examplesOf,
  fileOutputs,
  gatewayInputs,
  manifestOf,
  planOnly,
} from './support/schema';
import { patchSettingsFile } from './support/patchSettingsFile';
import { authorizedGateway } from './support/authorizedGateway';

const ID = 'hoop:manifest:patch';

/**
 * `hoop:manifest:patch`: the settings in the manifest of a ConfigMap or Secret, for a pull request. The client secret is
 * never written.
 *
 * @public
 */
export function createHoopManifestPatchAction(options: ActionOptions) {
  return createTemplateAction({
    id: ID,
    description:
      'Sets the OpenID settings of a gateway in the manifest of a ConfigMap or Secret in the workspace, and changes nothing else in it. For gateways that Flux, Argo CD or kustomize deploy from manifests. The client secret is never written. Checks authentik first.',
    examples: examplesOf(ID, {
      'Set the settings in the ConfigMap of a file with several objects': {
        id: 'manifest',
        name: 'Set the settings in the ConfigMap',
        input: {
          gateway: 'main',
          path: 'hoop.yaml',
          document: 'ConfigMap/hoop-config',
        },
      },
      'Check the file, and write nothing yet': {
        id: 'manifest',
        name: 'Check the manifest',
        input: {
          gateway: 'main',
          path: 'hoop.yaml',
          document: 'ConfigMap/hoop-config',
          planOnly: true,
        },
      },
    }),
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        path: z =>
          z
            .string()
            .min(1)
            .describe('Path of the file with the manifest in the workspace.'),
        document: z =>
          z
            .string()
            .regex(DOCUMENT_PATTERN)
            .describe(
              'Kind and name of the ConfigMap or Secret in the file, such as ConfigMap/hoop-config. Not needed if the file has one object.',
            )
            .optional(),
        planOnly,
        allowLockout: allowOtherAdmins,
      },
      output: fileOutputs,
    },
    async handler(ctx) {
      const { document } = ctx.input;
      const resolved = await authorizedGateway(options, ctx, ID);
      const outputs = await patchSettingsFile(resolved, ctx, (text, settings) =>
        patchManifest(text, {
          ...settings,
          // A form's empty field.
          document: document ? manifestOf(document) : undefined,
        }),
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
