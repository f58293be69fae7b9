import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** @internal */
export const examples: TemplateExample[] = [
  {
    description: 'Let the members of a group sign in',
    example: yaml.stringify({
      steps: [
        {
          id: 'binding',
          name: 'Let engineers sign in',
          action: 'authentik:binding:ensure',
          input: { gateway: 'main', group: 'engineering' },
        },
      ],
    }),
  },
  {
    description: 'Keep one user out',
    example: yaml.stringify({
      steps: [
        {
          id: 'binding',
          name: 'Keep Bob out',
          action: 'authentik:binding:ensure',
          input: {
            entityRef: 'resource:default/hoop',
            user: 'bob',
            negate: true,
            order: 10,
          },
        },
      ],
    }),
  },
];
