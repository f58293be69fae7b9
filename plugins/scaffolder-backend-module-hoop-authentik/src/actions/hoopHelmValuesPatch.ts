import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { patchHelmValues } from 'backstage-plugin-hoop-authentik-node';
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

const ID = 'hoop:helmValues:patch';

/**
 * `hoop:helmValues:patch`: the settings in a values file of the gateway's chart, for a pull request. The client secret is
 * never written.
 *
 * @public
 */
export function createHoopHelmValuesPatchAction(options: ActionOptions) {
  return createTemplateAction({
    id: ID,
    description:
      'Sets the OpenID settings of a gateway in a Helm values file of the workspace, and changes nothing else in it. The client secret stays in a Secret in the cluster. Checks authentik first.',
    examples: examplesOf(ID, {
      'Set the settings, with the client secret in a Secret': {
        id: 'values',
        name: 'Set the settings in the values file',
        input: {
          gateway: 'main',
          path: 'values.yaml',
          existingSecret: 'hoop-idp',
        },
      },
      'Set the settings, with the client secret in the Secret that the file already names':
        {
          id: 'values',
          name: 'Set the settings in the values file',
          input: { gateway: 'main', path: 'values.yaml' },
        },
      'Name another Secret, which also holds everything that the previous one did':
        {
          id: 'values',
          name: 'Set the settings in the values file',
          input: {
            gateway: 'main',
            path: 'values.yaml',
            existingSecret: 'hoop-env',
            replaceExistingSecret: true,
          },
        },
      'Set the settings in the HelmRelease of a file with several objects': {
        id: 'values',
        name: 'Set the settings in the HelmRelease',
        input: {
          gateway: 'main',
          path: 'release.yaml',
          document: 'HelmRelease/hoop',
          existingSecret: 'hoop-idp',
        },
      },
      'Check the file, and write nothing yet': {
        id: 'values',
        name: 'Check the values file',
        input: { gateway: 'main', path: 'values.yaml', planOnly: true },
      },
      'Set the settings of the wrapper chart': {
        id: 'values',
        name: 'Set the settings in the values file',
        input: {
          entityRef: 'resource:default/hoop',
          path: 'values.yaml',
          configPath: 'hoop-chart.config',
          existingSecret: 'hoop-idp',
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
            .describe('Path of the values file in the workspace.'),
        document: z =>
          z
            .string()
            .regex(DOCUMENT_PATTERN)
            .describe(
              'Kind and name of the object to edit in a file of Kubernetes objects, such as HelmRelease/hoop. Not needed if the file has one document.',
            )
            .optional(),
        configPath: z =>
          z
            .string()
            .min(1)
            .describe(
              'Path of the chart\'s config in the file: keys joined by dots, [0] or [name=hoop] for an entry of a list, "\\." for a dot in a key; hoop-chart.config for the wrapper chart. Default: config; in a HelmRelease spec.values.config, in an Application of Argo CD spec.source.helm.valuesObject.config.',
            )
            .optional(),
        existingSecret: z =>
          z
            .string()
            .describe(
              "Name of the Secret in the gateway's namespace that holds IDP_CLIENT_SECRET. Default: the Secret that the file names; if it names none, the tool that renders the chart has to provide the client secret.",
            )
            .optional(),
        replaceExistingSecret: z =>
          z
            .boolean()
            .describe(
              'Replace another Secret that the file names, instead of refusing: the gateway loses the values it reads from that Secret. Default: false.',
            )
            .optional(),
        removeClearSecret: z =>
          z
            .boolean()
            .describe(
              'Overwrite a client secret in plain text in the file, instead of refusing. Default: false.',
            )
            .optional(),
        planOnly,
        allowLockout: allowOtherAdmins,
      },
      output: {
        ...fileOutputs,
        existingSecret: z =>
          z
            .string()
            .describe(
              'Name of the Secret that has to hold IDP_CLIENT_SECRET; empty if the tool that renders the chart provides it.',
            ),
      },
    },
    async handler(ctx) {
      const {
        document,
        configPath,
        existingSecret,
        replaceExistingSecret,
        removeClearSecret,
      } = ctx.input;
      const resolved = await authorizedGateway(options, ctx, ID);
      let secretName: string | undefined;
      const outputs = await patchSettingsFile(
        resolved,
        ctx,
        (text, settings) => {
          const patched = patchHelmValues(text, {
            ...settings,
            // A form's empty field.
            document: document ? manifestOf(document) : undefined,
            configPath: configPath || undefined,
            existingSecret: existingSecret || undefined,
            replaceExistingSecret,
            removeClearSecret,
          });
          secretName = patched.existingSecret;
          return patched;
        },
      );
      ctx.output('path', outputs.path);
      ctx.output('changed', outputs.changed);
      ctx.output('changes', outputs.changes);
      ctx.output('gateway', outputs.gateway);
      ctx.output('clientId', outputs.clientId);
      ctx.output('issuer', outputs.issuer);
      ctx.output('existingSecret', secretName ?? '');
    },
  });
}
