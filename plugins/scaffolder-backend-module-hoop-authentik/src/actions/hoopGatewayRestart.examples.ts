import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** @internal */
export const examples: TemplateExample[] = [
  {
    description:
      'Restart a gateway where its settings changed since it started',
    example: yaml.stringify({
      steps: [
        {
          id: 'restart',
          name: 'Restart the gateway',
          action: 'hoop:gateway:restart',
          input: { gateway: 'main' },
        },
      ],
    }),
  },
  {
    description: 'Restart a gateway in any case',
    example: yaml.stringify({
      steps: [
        {
          id: 'restart',
          name: 'Restart the gateway',
          action: 'hoop:gateway:restart',
          input: { gateway: 'main', always: true },
        },
      ],
    }),
  },
];
