import { InputError } from '@backstage/errors';
import type { CallOptions } from '../core';
import type {
  AuthentikApplication,
  AuthentikClient,
  AuthentikProvider,
} from '../systems/authentik/types';
import { explainPermissions } from './explainPermissions';
import { isStrictRedirectUri, OAUTH2_PROVIDER_MODEL } from './requirements';

/** @public */
export interface DeletedApplication {
  deletedApplication: boolean;
  deletedProvider: boolean;
  /** Requests that changed something. */
  writes: number;
}

/** What is there to delete. @public */
export interface DeletionPlan {
  application: AuthentikApplication | undefined;
  provider: AuthentikProvider | undefined;
}

/** Which application is to go. @public */
export interface DeletionTarget {
  slug: string;
  /** The gateway's: an application that does not lead back to it is somebody else's. */
  redirectUri: string;
  /**
   * Somebody repeated the slug, so that one without a provider goes as well: nothing about it tells that it is the
   * gateway's, it may be a mere link.
   */
  confirmed?: boolean;
}

/**
 * Finds an application and its provider.
 *
 * @param providerHint - number of the provider as found by an earlier, interrupted deletion: by then the application
 *   that named it may be gone
 * @throws InputError when the application has a provider of another type or of another client, or has none and its slug
 *   was not confirmed
 * @public
 */
export async function planDeletion(
  client: AuthentikClient,
  { slug, redirectUri, confirmed }: DeletionTarget,
  providerHint: number | undefined,
  options?: CallOptions,
): Promise<DeletionPlan> {
  return explainPermissions(
    client,
    async () => {
      const application = await client.getApplication(slug, options);
      if (
        application?.providerModel &&
        application.providerModel !== OAUTH2_PROVIDER_MODEL
      ) {
        throw new InputError(
          `The authentik application "${slug}" on ${client.baseUrl} has a provider of type ${application.providerModel}, ` +
            'so it is not the one of a gateway. Nothing was deleted. Delete it in authentik if that is what you want.',
        );
      }
      if (application && application.provider === undefined && !confirmed) {
        throw new InputError(
          `The authentik application "${slug}" on ${client.baseUrl} has no provider, so nothing tells that it is the one of ` +
            `this gateway. Nothing was deleted. Where it is, delete it with authentik:application:delete, which takes its slug as confirmation.`,
        );
      }
      const pk = application ? application.provider : providerHint;
      const provider =
        pk === undefined
          ? !application && (await findLeftOver(client, redirectUri, options))
          : await client.getProvider(pk, options);
      if (
        provider &&
        !provider.redirectUris.some(uri =>
          isStrictRedirectUri(uri, redirectUri),
        )
      ) {
        throw new InputError(
          `The authentik application "${slug}" on ${client.baseUrl} does not lead to ${redirectUri}, so it is not the one of ` +
            'this gateway. Nothing was deleted. Delete it in authentik if that is what you want.',
        );
      }
      const free =
        provider &&
        (application !== undefined ||
          provider.assignedApplicationSlug === undefined);
      return { application, provider: free ? provider : undefined };
    },
    options,
  );
}

/**
 * What a deletion in an earlier task left over when only the application could be deleted: a provider that no application
 * has and that leads to this gateway. Where there are several, which one it was cannot be told.
 */
async function findLeftOver(
  client: AuthentikClient,
  redirectUri: string,
  options?: CallOptions,
): Promise<AuthentikProvider | undefined> {
  const providers = await client.listProviders(options);
  const leftOver = providers.filter(
    ({ assignedApplicationSlug, redirectUris }) =>
      assignedApplicationSlug === undefined &&
      redirectUris.some(uri => isStrictRedirectUri(uri, redirectUri)),
  );
  return leftOver.length === 1 ? leftOver[0] : undefined;
}

/**
 * Deletes an application, which takes its bindings along, and then its provider, which authentik leaves behind. What is
 * gone already is no error.
 *
 * @public
 */
export async function deleteApplication(
  client: AuthentikClient,
  slug: string,
  { application, provider }: DeletionPlan,
  options?: CallOptions,
): Promise<DeletedApplication> {
  return explainPermissions(
    client,
    async () => {
      const deletedApplication = application
        ? await client.deleteApplication(slug, options)
        : false;
      const deletedProvider = provider
        ? await client.deleteProvider(provider.pk, options)
        : false;
      return {
        deletedApplication,
        deletedProvider,
        writes: Number(deletedApplication) + Number(deletedProvider),
      };
    },
    options,
  );
}
