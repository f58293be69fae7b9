import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** @internal */
export const examples: TemplateExample[] = [
  {
    description: 'Create or adopt the application of a gateway',
    example: yaml.stringify({
      steps: [
        {
          id: 'application',
          name: 'Ensure the authentik application',
          action: 'authentik:application:ensure',
          input: { gateway: 'main', name: 'Hoop.dev' },
        },
      ],
    }),
  },
  {
    description: 'Let only the members of two groups sign in',
    example: yaml.stringify({
      steps: [
        {
          id: 'application',
          name: 'Ensure the authentik application',
          action: 'authentik:application:ensure',
          input: {
            entityRef: 'resource:default/hoop',
            name: 'Hoop.dev',
            group: 'Infrastructure',
            bindings: [
              { group: 'engineering', order: 0 },
              { group: 'admin', order: 1 },
            ],
            bindingsMode: 'authoritative',
          },
        },
      ],
    }),
  },
];
