import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** @internal */
export const examples: TemplateExample[] = [
  {
    description: 'Verify that people can sign in to a gateway',
    example: yaml.stringify({
      steps: [
        {
          id: 'verify',
          name: 'Verify the sign-in',
          action: 'hoop:gateway:verify',
          input: { gateway: 'main' },
        },
      ],
    }),
  },
];
