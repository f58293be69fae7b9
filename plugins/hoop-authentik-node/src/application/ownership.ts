import { InputError } from '@backstage/errors';
import type { CallOptions } from '../core';
import { findOAuth2ProviderOf } from '../systems/authentik';
import type {
  AuthentikApplication,
  AuthentikClient,
  AuthentikProvider,
} from '../systems/authentik/types';
import { hasOtherProviderType } from './facts';
import { leadsTo } from './requirements';

/**
 * Why an application may belong to a gateway.
 *
 * @public
 */
export interface ApplicationClaim {
  /** Name of the gateway. */
  gateway: string;
  slug: string;
  /** The slug in app-config, which only the operator writes; inputs and annotations can name any application. */
  configuredSlug: string;
  /** The callback of the gateway. */
  redirectUri: string;
}

/**
 * Refuses to write to an application that belongs to another system. The permission to manage gateways does not cover
 * everything that authentik holds: redirected to a gateway, a foreign application would hand over its client secret, and a
 * binding lets people in.
 *
 * @throws InputError where the application exists and does not lead to the gateway
 * @public
 */
export async function requireOwnApplication(
  client: AuthentikClient,
  { gateway, slug, configuredSlug, redirectUri }: ApplicationClaim,
  options?: CallOptions,
): Promise<void> {
  if (slug === configuredSlug) {
    return;
  }
  const application = await client.getApplication(slug, options);
  if (application?.provider === undefined) {
    return;
  }
  const provider = await findOAuth2ProviderOf(client, application, options);
  if (!provider || !leadsTo(provider, redirectUri)) {
    throw new InputError(
      `The authentik application "${slug}" on ${client.baseUrl} does not lead to ${redirectUri}, so it does not belong to the gateway "${gateway}". ` +
        'Nothing was changed. Choose another slug, or set it as the application of this gateway in app-config.',
    );
  }
}

/** What to delete, and for which gateway. @public */
export interface DeletionTarget {
  slug: string;
  /** The callback of the gateway: an application that does not lead to it belongs to another system. */
  redirectUri: string;
  /** The user repeated the slug, so an application without a provider goes as well; nothing else shows whose it is. */
  confirmed?: boolean;
}

/**
 * Refuses to delete what belongs to another system.
 *
 * @throws InputError where the provider is of another type or leads elsewhere, or there is none and the slug was not
 *   confirmed
 * @internal
 */
export function requireDeletable(
  { baseUrl }: Pick<AuthentikClient, 'baseUrl'>,
  { slug, redirectUri, confirmed }: DeletionTarget,
  found: {
    application: AuthentikApplication | undefined;
    provider: AuthentikProvider | undefined;
  },
): void {
  const refuse = (facts: string, advice: string) => {
    throw new InputError(
      `The authentik application "${slug}" on ${baseUrl} ${facts}. Nothing was deleted. ${advice}`,
    );
  };
  const { application, provider } = found;
  const inAuthentik = 'If it has to go, delete it in authentik.';
  if (application && hasOtherProviderType(application)) {
    refuse(
      `has a provider of type ${application.providerModel}, so it does not belong to a gateway`,
      inAuthentik,
    );
  }
  if (application && application.provider === undefined && !confirmed) {
    refuse(
      'has no provider, so nothing shows that it belongs to this gateway',
      'If it does, delete it with authentik:application:delete, which takes its slug as confirmation.',
    );
  }
  if (provider && !leadsTo(provider, redirectUri)) {
    refuse(
      `does not lead to ${redirectUri}, so it does not belong to this gateway`,
      inAuthentik,
    );
  }
}
