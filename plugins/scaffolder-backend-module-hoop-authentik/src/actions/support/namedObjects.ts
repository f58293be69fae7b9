import type { ApplicationSpec } from 'backstage-plugin-hoop-authentik-node';
import type { z as Zod } from 'zod/v3';

type Z = typeof Zod;

/** @internal */
export type NamedObjects = Pick<
  ApplicationSpec,
  'authorizationFlow' | 'invalidationFlow' | 'signingKey' | 'bindings'
>;

/** The inputs that name objects of authentik: what a typo can be in. @internal */
export const namedObjects = {
  authorizationFlow: (z: Z) =>
    z
      .string()
      .describe(
        'Slug of the authorization flow. Default for a new provider: implicit consent.',
      )
      .optional(),
  invalidationFlow: (z: Z) =>
    z
      .string()
      .describe(
        'Slug of the invalidation flow. Default for a new provider: the default flow for providers.',
      )
      .optional(),
  signingKey: (z: Z) =>
    z
      .string()
      .describe(
        'Name of the certificate that signs tokens; replaces the current one. Default: the current certificate, else the one in app-config, else a new one that no other application signs with.',
      )
      .optional(),
  bindings: (z: Z) =>
    z
      .array(
        z.object({
          group: z.string().describe('Name of a group.').optional(),
          user: z.string().describe('User name.').optional(),
          policy: z.string().describe('Name of a policy.').optional(),
          order: z
            .number()
            .int()
            .min(0)
            .describe('Evaluation order.')
            .optional(),
          negate: z
            .boolean()
            .describe('Deny access instead of granting it. Default: false.')
            .optional(),
          enabled: z
            .boolean()
            .describe('Whether the binding is in effect. Default: true.')
            .optional(),
          timeout: z
            .number()
            .int()
            .min(0)
            .describe('Maximum run time of the policy in seconds.')
            .optional(),
          failureResult: z
            .boolean()
            .describe('Result when the policy fails to run.')
            .optional(),
        }),
      )
      .describe(
        'Who can sign in: each names exactly one of group, user and policy. Without bindings, everyone with an authentik account can.',
      )
      .optional(),
};

/** The empty fields of a form name nothing. @internal */
export function withoutEmpty(input: NamedObjects): NamedObjects {
  const { authorizationFlow, invalidationFlow, signingKey, bindings } = input;
  return {
    authorizationFlow: authorizationFlow || undefined,
    invalidationFlow: invalidationFlow || undefined,
    signingKey: signingKey || undefined,
    bindings,
  };
}
