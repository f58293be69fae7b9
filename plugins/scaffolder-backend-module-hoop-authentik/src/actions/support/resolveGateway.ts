import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  parseEntityRef,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import {
  InputError,
  NotAllowedError,
  NotFoundError,
  isError,
} from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  ANNOTATION_AUTHENTIK_APPLICATION,
  ANNOTATION_HOOP_GATEWAY,
  hoopAuthentikGatewayManagePermission,
} from 'backstage-plugin-hoop-authentik-common';
import {
  desiredIntegration,
  type DesiredIntegration,
  validateSlug,
  type Gateway,
} from 'backstage-plugin-hoop-authentik-node';
import type { ActionOptions } from './ActionOptions';

/** The inputs by which every action finds its gateway and application. @internal */
export interface GatewayInput {
  gateway?: string;
  entityRef?: string;
  application?: string;
}

/** @internal */
export interface ResolvedGateway {
  gateway: Gateway;
  desired: DesiredIntegration;
}

/** The part of an action's context that resolving needs. */
interface Initiator {
  getInitiatorCredentials(): Promise<BackstageCredentials>;
}

/**
 * Finds the gateway and the application's slug: what is given, else what the entity is annotated with, else what
 * app-config says of the gateway. Makes sure that whoever started the task may manage gateways.
 *
 * @throws InputError for an unknown gateway or entity, an entity that belongs to another gateway, or a slug that
 *   authentik would not take
 * @throws NotAllowedError when the user may not manage gateways
 * @internal
 */
export async function resolveGateway(
  options: ActionOptions,
  input: GatewayInput,
  initiator: Initiator,
): Promise<ResolvedGateway> {
  const credentials = await initiator.getInitiatorCredentials();
  await requirePermission(options, credentials);
  const entity = input.entityRef
    ? await findEntity(options, input.entityRef, credentials)
    : undefined;
  const gateway = findGateway(options, gatewayNameOf(input, entity));
  const slug =
    input.application ??
    entity?.metadata.annotations?.[ANNOTATION_AUTHENTIK_APPLICATION] ??
    gateway.config.application;
  validateSlug(slug);
  return {
    gateway,
    desired: desiredIntegration(gateway.config, gateway.authentik, slug),
  };
}

async function requirePermission(
  { permissions }: ActionOptions,
  credentials: BackstageCredentials,
): Promise<void> {
  const [decision] = await permissions.authorize(
    [{ permission: hoopAuthentikGatewayManagePermission }],
    { credentials },
  );
  if (decision.result !== AuthorizeResult.ALLOW) {
    throw new NotAllowedError(
      `You may not change gateways: the permission ${hoopAuthentikGatewayManagePermission.name} is required. Ask an administrator of this portal.`,
    );
  }
}

async function findEntity(
  { catalog }: ActionOptions,
  entityRef: string,
  credentials: BackstageCredentials,
): Promise<Entity> {
  let ref: string;
  try {
    ref = stringifyEntityRef(
      parseEntityRef(entityRef, { defaultKind: 'component' }),
    );
  } catch (error) {
    throw new InputError(
      `The entity reference "${entityRef}" is not of the form [<kind>:][<namespace>/]<name>.`,
      error,
    );
  }
  const entity = await catalog.getEntityByRef(ref, { credentials });
  if (!entity) {
    throw new InputError(
      `There is no entity "${ref}" in the catalog, or you may not see it. Give the reference of an entity that exists.`,
    );
  }
  return entity;
}

function gatewayNameOf(
  { gateway, entityRef }: GatewayInput,
  entity: Entity | undefined,
): string {
  const annotated = entity?.metadata.annotations?.[ANNOTATION_HOOP_GATEWAY];
  if (gateway && annotated && gateway !== annotated) {
    throw new InputError(
      `The entity "${entityRef}" is attached to the gateway "${annotated}" by its annotation ${ANNOTATION_HOOP_GATEWAY}, ` +
        `but the gateway "${gateway}" was given. Leave the gateway out, or change the annotation.`,
    );
  }
  const name = gateway || annotated;
  if (!name) {
    throw new InputError(
      entity
        ? `The entity "${entityRef}" has no annotation ${ANNOTATION_HOOP_GATEWAY}. Add it, or give the gateway.`
        : 'Expected the name of a gateway, or an entity that is attached to one; found neither.',
    );
  }
  return name;
}

function findGateway({ gateways }: ActionOptions, name: string): Gateway {
  try {
    return gateways.getGateway(name);
  } catch (error) {
    // In a task a wrong name is a mistake in the input, and not a missing page.
    throw isError(error) && error.name === NotFoundError.name
      ? new InputError(error.message)
      : error;
  }
}
