import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** @internal */
export const examples: TemplateExample[] = [
  {
    description: 'Write the settings and restart the gateway',
    example: yaml.stringify({
      steps: [
        {
          id: 'configure',
          name: 'Configure the gateway',
          action: 'hoop:gateway:configure',
          input: { gateway: 'main' },
        },
      ],
    }),
  },
  {
    description: 'Take gateway and application from a catalog entity',
    example: yaml.stringify({
      steps: [
        {
          id: 'configure',
          name: 'Configure the gateway',
          action: 'hoop:gateway:configure',
          input: { entityRef: 'resource:default/hoop' },
        },
      ],
    }),
  },
];
