import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** @internal */
export const examples: TemplateExample[] = [
  {
    description: 'Set the settings, with the client secret in a Secret',
    example: yaml.stringify({
      steps: [
        {
          id: 'values',
          name: 'Set the settings in the values file',
          action: 'hoop:helmValues:patch',
          input: {
            gateway: 'main',
            path: 'values.yaml',
            existingSecret: 'hoop-idp',
          },
        },
      ],
    }),
  },
  {
    description:
      'Set the settings, with the client secret in the Secret that the file names already',
    example: yaml.stringify({
      steps: [
        {
          id: 'values',
          name: 'Set the settings in the values file',
          action: 'hoop:helmValues:patch',
          input: { gateway: 'main', path: 'values.yaml' },
        },
      ],
    }),
  },
  {
    description:
      'Name a Secret that carries all of what the one in the file did',
    example: yaml.stringify({
      steps: [
        {
          id: 'values',
          name: 'Set the settings in the values file',
          action: 'hoop:helmValues:patch',
          input: {
            gateway: 'main',
            path: 'values.yaml',
            existingSecret: 'hoop-env',
            replaceExistingSecret: true,
          },
        },
      ],
    }),
  },
  {
    description: 'Set the settings of the wrapper chart',
    example: yaml.stringify({
      steps: [
        {
          id: 'values',
          name: 'Set the settings in the values file',
          action: 'hoop:helmValues:patch',
          input: {
            entityRef: 'resource:default/hoop',
            path: 'values.yaml',
            configPath: 'hoop-chart.config',
            existingSecret: 'hoop-idp',
          },
        },
      ],
    }),
  },
];
