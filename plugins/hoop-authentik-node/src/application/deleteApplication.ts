import type { PlanLine } from '../core';
import { findOAuth2ProviderOf } from '../systems/authentik';
import type {
  AuthentikClient,
  AuthentikProvider,
} from '../systems/authentik/types';
import {
  bindingsOfCutOff,
  findOwnKeyPair,
  isOwnLeftOver,
  requireOwn,
  type ApplicationClaim,
  type OwnedPair,
  type OwnershipOptions,
} from './ownership';
import { explainPermissions } from './refusals';
import { withRemark } from './takeBack';
import {
  deleteOwnApplication,
  deleteOwnKeyPair,
  deleteOwnProvider,
} from './writes';

/** The outcome of a deletion. @alpha */
export interface DeletedApplication {
  deletedApplication: boolean;
  deletedProvider: boolean;
  /** Requests that changed something. */
  writes: number;
}

/** The task in which an application is removed. @alpha */
export interface RemovalOptions extends OwnershipOptions {
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
 * @throws InputError when the application or its provider does not belong to the gateway
 * @alpha
 */
export async function planDeletion(
  client: AuthentikClient,
  claim: ApplicationClaim,
  providerHint: number | undefined,
  { run, ...call }: OwnershipOptions = {},
): Promise<OwnedPair> {
  return explainPermissions(client, async () => {
    const application = await client.getApplication(claim.slug, call);
    const [provider, bindings] = await Promise.all([
      application
        ? findOAuth2ProviderOf(client, application, call)
        : findLeftOver(client, claim, providerHint, { run, ...call }),
      bindingsOfCutOff(client, application, { run, ...call }),
    ]);
    return requireOwn(client, claim, { application, provider, bindings }, run);
  });
}

/**
 * The provider that an earlier deletion left behind, unless an application has been given to it since. Without its number
 * it is the only provider without an application that belongs to the gateway; of several, the right one cannot be
 * determined.
 */
async function findLeftOver(
  client: AuthentikClient,
  claim: ApplicationClaim,
  pk: number | undefined,
  { run, ...call }: OwnershipOptions,
): Promise<AuthentikProvider | undefined> {
  if (pk !== undefined) {
    const provider = await client.getProvider(pk, call);
    return provider?.assignedApplicationSlug === undefined
      ? provider
      : undefined;
  }
  const leftOver = (await client.listProviders(call)).filter(provider =>
    isOwnLeftOver(client, claim, provider, run),
  );
  return leftOver.length === 1 ? leftOver[0] : undefined;
}

/**
 * Deletes an application, which removes its bindings, and then its provider, which authentik keeps, and the certificate
 * that a run of ours has made for it. An object that is already gone is no error.
 *
 * @alpha
 */
export async function deleteApplication(
  client: AuthentikClient,
  { application, provider }: OwnedPair,
  options?: OwnershipOptions,
): Promise<DeletedApplication> {
  const keyPair = findOwnKeyPair(
    client,
    provider?.object.signingKey,
    options?.run,
  );
  return explainPermissions(client, async () => {
    const deletedApplication = application
      ? await deleteOwnApplication(client, application, options)
      : false;
    const deletedProvider = provider
      ? await naming(
          deletedApplication,
          `its provider "${provider.object.name}"`,
          deleteOwnProvider(client, provider, options),
        )
      : false;
    const deletedKey = keyPair
      ? await naming(
          deletedProvider,
          'the certificate that was made for it',
          deleteOwnKeyPair(client, keyPair, options),
        )
      : false;
    return {
      deletedApplication,
      deletedProvider,
      writes: [deletedApplication, deletedProvider, deletedKey].filter(Boolean)
        .length,
    };
  });
}

/** Names what stays where a deletion fails after others. */
async function naming<T>(
  othersAreGone: boolean,
  what: string,
  deletion: Promise<T>,
): Promise<T> {
  try {
    return await deletion;
  } catch (error) {
    throw othersAreGone
      ? withRemark(error, `The application was deleted, and ${what} stays.`)
      : error;
  }
}

/**
 * Plans and deletes in one task, which may be interrupted between the two deletions and run again.
 *
 * @throws InputError like {@link planDeletion}
 * @alpha
 */
export async function removeApplication(
  client: AuthentikClient,
  claim: ApplicationClaim,
  { dryRun, onPlan, remember, ...call }: RemovalOptions,
): Promise<DeletedApplication> {
  const found = await planDeletion(client, claim, undefined, call);
  const pk = found.provider?.object.pk ?? null;
  // After an interruption between the two deletions, only the task knows the provider.
  const remembered = dryRun
    ? pk
    : await remember(
        `authentik.provider.${client.name}.${claim.slug}`,
        async () => pk,
      );
  const plan =
    found.provider || typeof remembered !== 'number'
      ? found
      : await planDeletion(client, claim, remembered, call);
  onPlan?.(deletionLines(claim.slug, plan));
  return dryRun
    ? { deletedApplication: false, deletedProvider: false, writes: 0 }
    : deleteApplication(client, plan, call);
}

function deletionLines(
  slug: string,
  { application, provider }: OwnedPair,
): PlanLine[] {
  const whole = { field: 'the whole object', to: '(deleted)' };
  return [
    ...(application
      ? [
          {
            ...whole,
            object: `authentik application "${slug}"`,
            from: `"${application.object.name}"`,
          },
        ]
      : []),
    ...(provider
      ? [
          {
            ...whole,
            object: `authentik provider "${provider.object.name}"`,
            from: `client id "${provider.object.clientId}"`,
          },
        ]
      : []),
  ];
}
