import type { z as Zod } from 'zod/v3';

type Z = typeof Zod;

/**
 * The inputs that every action has in common.
 *
 * @internal
 */
export const gatewayInputs = {
  gateway: (z: Z) =>
    z
      .string()
      .describe(
        'Name of a gateway declared under hoopAuthentik.gateways in app-config. Default: the one the entity is annotated with.',
      )
      .optional(),
  entityRef: (z: Z) =>
    z
      .string()
      .describe(
        'Catalog entity that the gateway belongs to, such as resource:default/hoop. Its annotations hoop.dev/gateway and goauthentik.io/application are used.',
      )
      .optional(),
  application: (z: Z) =>
    z
      .string()
      .describe(
        "Slug of the authentik application. Default: the entity's annotation, else the slug configured for the gateway.",
      )
      .optional(),
};

/**
 * Waives the checks that somebody will administer the gateway.
 *
 * @internal
 */
export const allowLockout = (z: Z) =>
  z
    .boolean()
    .describe(
      'Switch the gateway even where nobody in authentik would administer it afterwards, such as when its administrators are known to it by their e-mail addresses. Waives nothing else. Default: false.',
    )
    .optional();

/**
 * The input of the actions that write to a cluster.
 *
 * @internal
 */
export const allowManaged = (z: Z) =>
  z
    .boolean()
    .describe(
      'Write even where Helm, Argo CD or Flux manage the objects and may undo it. Default: false.',
    )
    .optional();
