import type { CallOptions, PlanLine } from '../core';
import { findOAuth2ProviderOf } from '../systems/authentik';
import type {
  AuthentikApplication,
  AuthentikClient,
  AuthentikProvider,
} from '../systems/authentik/types';
import { requireDeletable, type DeletionTarget } from './ownership';
import { explainPermissions } from './refusals';
import { leadsTo } from './requirements';

/** The outcome of a deletion. @public */
export interface DeletedApplication {
  deletedApplication: boolean;
  deletedProvider: boolean;
  /** Requests that changed something. */
  writes: number;
}

/** What a deletion found. @public */
export interface DeletionPlan {
  application: AuthentikApplication | undefined;
  provider: AuthentikProvider | undefined;
}

/** The task in which an application is removed. @public */
export interface RemovalOptions extends CallOptions {
  /** Stop after the plan. */
  dryRun?: boolean;
  /** Receives the plan before anything is deleted. */
  onPlan?(changes: PlanLine[]): void;
  /** Returns what an earlier, interrupted run of the same task read under the key, else reads and keeps it. */
  remember(
    key: string,
    read: () => Promise<number | null>,
  ): Promise<number | null>;
}

/**
 * Finds an application and its provider.
 *
 * @param providerHint - number of the provider as an earlier, interrupted deletion found it: the application that named it
 *   may be gone
 * @throws InputError when the application belongs to another system, or has no provider and its slug was not confirmed
 * @public
 */
export async function planDeletion(
  client: AuthentikClient,
  target: DeletionTarget,
  providerHint: number | undefined,
  options?: CallOptions,
): Promise<DeletionPlan> {
  return explainPermissions(
    client,
    async () => {
      const application = await client.getApplication(target.slug, options);
      const provider = application
        ? await findOAuth2ProviderOf(client, application, options)
        : await findLeftOver(client, target, providerHint, options);
      requireDeletable(client, target, { application, provider });
      const free =
        application !== undefined ||
        provider?.assignedApplicationSlug === undefined;
      return { application, provider: free ? provider : undefined };
    },
    options,
  );
}

/**
 * The provider that an earlier deletion left behind. Without its number it is the only provider that leads to the gateway
 * and belongs to no application; of several, the right one cannot be determined.
 */
async function findLeftOver(
  client: AuthentikClient,
  { redirectUri }: DeletionTarget,
  pk: number | undefined,
  options?: CallOptions,
): Promise<AuthentikProvider | undefined> {
  if (pk !== undefined) {
    return client.getProvider(pk, options);
  }
  const leftOver = (await client.listProviders(options)).filter(
    provider =>
      provider.assignedApplicationSlug === undefined &&
      leadsTo(provider, redirectUri),
  );
  return leftOver.length === 1 ? leftOver[0] : undefined;
}

/**
 * Deletes an application, which removes its bindings, and then its provider, which authentik keeps. An object that is
 * already gone is no error.
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

/**
 * Plans and deletes in one task, which may be interrupted between the two deletions and run again.
 *
 * @throws InputError like {@link planDeletion}
 * @public
 */
export async function removeApplication(
  client: AuthentikClient,
  target: DeletionTarget,
  { dryRun, onPlan, remember, ...call }: RemovalOptions,
): Promise<DeletedApplication> {
  const found = await planDeletion(client, target, undefined, call);
  const pk = found.provider?.pk ?? null;
  // After an interruption between the two deletions, only the task knows the provider.
  const remembered = dryRun
    ? pk
    : await remember(
        `authentik.provider.${client.name}.${target.slug}`,
        async () => pk,
      );
  const plan =
    found.provider || typeof remembered !== 'number'
      ? found
      : await planDeletion(client, target, remembered, call);
  onPlan?.(deletionLines(target.slug, plan));
  return dryRun
    ? { deletedApplication: false, deletedProvider: false, writes: 0 }
    : deleteApplication(client, target.slug, plan, call);
}

function deletionLines(
  slug: string,
  { application, provider }: DeletionPlan,
): PlanLine[] {
  const whole = { field: 'the whole object', to: '(deleted)' };
  return [
    ...(application
      ? [
          {
            ...whole,
            object: `authentik application "${slug}"`,
            from: `"${application.name}"`,
          },
        ]
      : []),
    ...(provider
      ? [
          {
            ...whole,
            object: `authentik provider "${provider.name}"`,
            from: `client id "${provider.clientId}"`,
          },
        ]
      : []),
  ];
}
