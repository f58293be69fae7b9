import { InputError } from '@backstage/errors';
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { newRequestSchema } from 'backstage-plugin-hoop-authentik-common';
import type { ActionServices } from './ActionServices';

/** @internal */
export function registerCreateRequest(
  registry: ActionsRegistryService,
  { requests }: Pick<ActionServices, 'requests'>,
): void {
  registry.register({
    name: 'create-request',
    title: 'Ask for access or for a connection',
    description: `Asks the approvers of a Hoop.dev gateway to let the user or a group of the user sign in (\`access\`), or to connect the gateway to authentik (\`connect\`), on behalf of the user.
A person decides about it in the portal; no action does. The same request is not sent twice while it is open. Requires the permission to ask at the entity.`,
    attributes: { readOnly: false, destructive: false, idempotent: true },
    schema: {
      input: z =>
        z.object({
          kind: z.enum(['access', 'connect']),
          entityRef: z
            .string()
            .describe('Entity of the gateway, such as resource:default/hoop'),
          reason: z.string().min(10).max(500).describe('Approvers read it'),
          subject: z
            .string()
            .optional()
            .describe(
              'Of `access`: entity reference of the user, or of a group of the user',
            ),
          until: z
            .string()
            .optional()
            .describe('Of `access`: when it ends, in ISO 8601'),
          groups: z
            .array(z.string())
            .max(10)
            .optional()
            .describe(
              'Of `connect`: entity references of groups of the user who are to sign in',
            ),
        }),
      output: z =>
        z.object({
          id: z.string(),
          created: z
            .boolean()
            .describe('Whether it is new; false where it was open already'),
          state: z.string(),
          approvers: z.array(z.string()).describe('Who decides about it'),
        }),
    },
    action: async ({ input, credentials }) => {
      const asked = newRequestSchema.safeParse(input);
      if (!asked.success) {
        const [{ path, message }] = asked.error.issues;
        throw new InputError(
          `The input ${path.join('.') || 'as a whole'} is invalid: ${message}`,
        );
      }
      const { request, created } = await requests.create(asked.data, {
        credentials,
      });
      const { id, state, approvers } = request;
      return { output: { id, created, state, approvers } };
    },
  });
}
