import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** @internal */
export const examples: TemplateExample[] = [
  {
    description:
      'Find out that a gateway cannot be connected before the application is made',
    example: yaml.stringify({
      steps: [
        {
          id: 'preflight',
          name: 'Check that it can be connected',
          action: 'hoop:gateway:preflight',
          input: { entityRef: 'resource:default/hoop' },
        },
      ],
    }),
  },
  {
    description:
      'Accept that nobody in authentik would administer the gateway, as in the step that configures it',
    example: yaml.stringify({
      steps: [
        {
          id: 'preflight',
          name: 'Check that it can be connected',
          action: 'hoop:gateway:preflight',
          input: { gateway: 'main', allowLockout: true },
        },
      ],
    }),
  },
];
