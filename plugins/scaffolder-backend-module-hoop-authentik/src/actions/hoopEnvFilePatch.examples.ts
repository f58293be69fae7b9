import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** @internal */
export const examples: TemplateExample[] = [
  {
    description: 'Set the settings, and leave the client secret alone',
    example: yaml.stringify({
      steps: [
        {
          id: 'env',
          name: 'Set the settings in the env file',
          action: 'hoop:envFile:patch',
          input: { gateway: 'main', path: '.env' },
        },
      ],
    }),
  },
  {
    description: 'Set the client secret as well',
    example: yaml.stringify({
      steps: [
        {
          id: 'env',
          name: 'Set the settings in the env file',
          action: 'hoop:envFile:patch',
          input: { gateway: 'main', path: '.env', writeClientSecret: true },
        },
      ],
    }),
  },
];
