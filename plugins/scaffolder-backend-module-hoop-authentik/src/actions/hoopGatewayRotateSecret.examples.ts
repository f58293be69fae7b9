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
  {
    description:
      'Rotate although other gateways use the application; the log names those that hoop:gateway:configure has to be run for afterwards',
    example: yaml.stringify({
      steps: [
        {
          id: 'rotate',
          name: 'Rotate the client secret',
          action: 'hoop:gateway:rotateSecret',
          input: { gateway: 'main', allowShared: true },
        },
      ],
    }),
  },
];
