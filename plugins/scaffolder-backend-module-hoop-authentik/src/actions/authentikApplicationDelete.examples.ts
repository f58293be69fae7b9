import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** @internal */
export const examples: TemplateExample[] = [
  {
    description: 'Delete the application of a gateway that no longer uses it',
    example: yaml.stringify({
      steps: [
        {
          id: 'delete',
          name: 'Delete the application',
          action: 'authentik:application:delete',
          input: { gateway: 'main', confirm: 'hoop' },
        },
      ],
    }),
  },
  {
    description: 'Clean up when a later step of the template failed',
    example: yaml.stringify({
      steps: [
        {
          id: 'cleanup',
          name: 'Delete the application again',
          if: '${{ failure() }}',
          action: 'authentik:application:delete',
          input: { gateway: 'main', application: 'hoop', confirm: 'hoop' },
        },
      ],
    }),
  },
];
