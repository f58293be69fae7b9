import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import {
  InputError,
  isError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { hoopAuthentikGatewayManagePermission } from 'backstage-plugin-hoop-authentik-common';
import {
  resolveGateway,
  type GatewayReference,
  type ResolvedGateway,
} from 'backstage-plugin-hoop-authentik-node';
import type { ActionOptions } from './ActionOptions';

/** The part of an action's context that names the gateway and the user. */
interface GatewayContext {
  input: {
    gateway?: string;
    entityRef?: string;
    application?: string;
    request?: string;
  };
  task?: { id: string };
  user?: { ref?: string };
  isDryRun?: boolean;
  getInitiatorCredentials(): Promise<BackstageCredentials>;
}

/**
 * Finds the gateway of a task and the slug of its application, and ensures that the user who started the task may manage
 * this gateway, or that the task carries out an approved request for exactly this.
 *
 * @throws InputError for an unknown gateway or entity, an entity of another gateway, or an invalid slug
 * @throws NotAllowedError when the user may not manage it
 * @internal
 */
export async function authorizedGateway(
  options: ActionOptions,
  context: GatewayContext,
  action: string,
): Promise<ResolvedGateway> {
  const credentials = await context.getInitiatorCredentials();
  // A dry run writes nothing, so it takes up no approval.
  const isRequest = Boolean(context.input.request) && !context.isDryRun;
  // A user who may manage no gateway at all learns nothing of gateways and entities.
  const depends =
    !isRequest && (await requireSomeGateways(options, credentials));
  const { gateway, application, entityRef } = context.input;
  const entity = entityRef
    ? await findEntity(options, entityRef, credentials)
    : undefined;
  try {
    const resolved = resolveGateway(options.gateways, {
      gateway,
      application,
      entity,
    });
    if (isRequest) {
      await present(options, context, action, resolved);
    }
    if (depends) {
      await requireGateway(options, resolved.gateway.config.name, credentials);
    }
    return resolved;
  } catch (error) {
    // In a task a wrong name is a mistake in the input.
    throw isError(error) && error.name === NotFoundError.name
      ? new InputError(error.message)
      : error;
  }
}

async function present(
  { runs }: ActionOptions,
  { input, task, user }: GatewayContext,
  action: string,
  { gateway, desired }: ResolvedGateway,
): Promise<void> {
  const { request = '', ...inputs } = input;
  await runs.present({
    request,
    taskId: task?.id ?? '',
    user: user?.ref,
    action,
    gateway: gateway.config.name,
    application: desired.application.slug,
    inputs,
  });
}

/** @returns whether the decision depends on the gateway */
async function requireSomeGateways(
  { permissions }: ActionOptions,
  credentials: BackstageCredentials,
): Promise<boolean> {
  const [{ result }] = await permissions.authorizeConditional(
    [{ permission: hoopAuthentikGatewayManagePermission }],
    { credentials },
  );
  if (result === AuthorizeResult.DENY) {
    throw notAllowed('to change gateways');
  }
  return result !== AuthorizeResult.ALLOW;
}

async function requireGateway(
  { permissions }: ActionOptions,
  name: string,
  credentials: BackstageCredentials,
): Promise<void> {
  const [{ result }] = await permissions.authorize(
    [{ permission: hoopAuthentikGatewayManagePermission, resourceRef: name }],
    { credentials },
  );
  if (result !== AuthorizeResult.ALLOW) {
    throw notAllowed(`for the gateway "${name}"`);
  }
}

function notAllowed(whatFor: string): Error {
  return new NotAllowedError(
    `You need the permission ${hoopAuthentikGatewayManagePermission.name} ${whatFor}. Ask your portal administrators.`,
  );
}

async function findEntity(
  { catalog }: ActionOptions,
  given: string,
  credentials: BackstageCredentials,
): Promise<GatewayReference['entity']> {
  let ref: string;
  try {
    ref = stringifyEntityRef(
      parseEntityRef(given, { defaultKind: 'component' }),
    );
  } catch {
    throw new InputError(
      `"${given}" is not an entity reference; expected [<kind>:][<namespace>/]<name>.`,
    );
  }
  const entity = await catalog.getEntityByRef(ref, { credentials });
  if (!entity) {
    throw new InputError(
      `The entity ${ref} does not exist in the catalog, or you may not see it. Give the reference of an existing entity.`,
    );
  }
  return { ref, annotations: entity.metadata.annotations };
}
