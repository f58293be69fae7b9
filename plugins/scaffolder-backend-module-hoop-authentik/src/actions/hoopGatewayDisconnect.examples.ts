import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** @internal */
export const examples: TemplateExample[] = [
  {
    description:
      'Put the gateway that an entity is attached to back to local sign-in',
    example: yaml.stringify({
      steps: [
        {
          id: 'disconnect',
          name: 'Disconnect the gateway',
          action: 'hoop:gateway:disconnect',
          input: { entityRef: 'resource:default/hoop' },
        },
      ],
    }),
  },
  {
    description: 'Disconnect a gateway and delete its application in authentik',
    example: yaml.stringify({
      steps: [
        {
          id: 'disconnect',
          name: 'Disconnect the gateway',
          action: 'hoop:gateway:disconnect',
          input: { gateway: 'main', deleteApplication: true },
        },
      ],
    }),
  },
];
