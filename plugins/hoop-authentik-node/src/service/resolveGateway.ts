import { InputError, NotFoundError } from '@backstage/errors';
import {
  ANNOTATION_AUTHENTIK_APPLICATION,
  ANNOTATION_HOOP_GATEWAY,
} from 'backstage-plugin-hoop-authentik-common';
import { validateSlug, type ApplicationClaim } from '../application';
import { desiredIntegration, type DesiredIntegration } from '../integration';
import type { Gateway, HoopAuthentikService } from './HoopAuthentikService';

/**
 * What names a gateway and its application.
 *
 * @public
 */
export interface GatewayReference {
  /** Name of the gateway; default: the entity's annotation. */
  gateway?: string;
  /** Slug of the application; default: the entity's annotation, else the slug configured for the gateway. */
  application?: string;
  entity?: { ref: string; annotations?: Record<string, string> };
}

/**
 * A gateway with what is required of its integration.
 *
 * @public
 */
export interface ResolvedGateway {
  gateway: Gateway;
  desired: DesiredIntegration;
  claim: ApplicationClaim;
}

/**
 * Finds a gateway and the slug of its application.
 *
 * @throws NotFoundError for a gateway that is not configured, or an entity that is attached to none
 * @throws InputError for an entity of another gateway, a slug that authentik does not accept, or no reference at all
 * @public
 */
export function resolveGateway(
  service: HoopAuthentikService,
  reference: GatewayReference,
): ResolvedGateway {
  const gateway = service.getGateway(gatewayNameOf(reference));
  const { config, authentik } = gateway;
  const slug =
    reference.application ??
    reference.entity?.annotations?.[ANNOTATION_AUTHENTIK_APPLICATION] ??
    config.application;
  validateSlug(slug);
  const desired = desiredIntegration(config, authentik, slug);
  return {
    gateway,
    desired,
    claim: {
      gateway: config.name,
      slug,
      claimedApplication: config.claimedApplication,
      redirectUri: desired.redirectUri,
    },
  };
}

function gatewayNameOf({ gateway, entity }: GatewayReference): string {
  const annotated = entity?.annotations?.[ANNOTATION_HOOP_GATEWAY];
  if (entity && gateway && annotated && gateway !== annotated) {
    throw new InputError(
      `The annotation ${ANNOTATION_HOOP_GATEWAY} attaches the entity ${entity.ref} to the gateway "${annotated}", but the gateway "${gateway}" was given. ` +
        'Omit the gateway, or change the annotation.',
    );
  }
  const name = gateway || annotated;
  if (!name && entity) {
    throw new NotFoundError(
      `The entity ${entity.ref} is not attached to a gateway: it has no annotation ${ANNOTATION_HOOP_GATEWAY}. Add the annotation.`,
    );
  }
  if (!name) {
    throw new InputError(
      'Expected the name of a gateway, or an entity that is attached to one; found neither.',
    );
  }
  return name;
}
