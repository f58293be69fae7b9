import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** @internal */
export const examples: TemplateExample[] = [
  {
    description: 'Rotate the client secret of a gateway',
    example: yaml.stringify({
      steps: [
        {
          id: 'rotate',
          name: 'Rotate the client secret',
          action: 'hoop:gateway:rotateSecret',
          input: { gateway: 'main' },
        },
      ],
    }),
  },
];
