import type { CallOptions } from '../core';
import type {
  AuthentikApplication,
  AuthentikApplicationFields,
  AuthentikClient,
  AuthentikProvider,
  AuthentikProviderFields,
} from '../systems/authentik/types';
import {
  providerRecordOf,
  recordOf,
  type OwnedApplication,
  type OwnedProvider,
  type OwnershipOptions,
} from './ownership';
import { forgetGone } from './records';

/** @internal */
export async function updateOwnApplication(
  client: AuthentikClient,
  { object: { slug } }: OwnedApplication,
  fields: AuthentikApplicationFields,
  options?: CallOptions,
): Promise<AuthentikApplication> {
  return client.updateApplication(slug, fields, options);
}

/** @internal */
export async function setOwnIconUrl(
  client: AuthentikClient,
  { object: { slug } }: OwnedApplication,
  url: string,
  options?: CallOptions,
): Promise<void> {
  await client.setApplicationIconUrl(slug, url, options);
}

/** @internal */
export async function updateOwnProvider(
  client: AuthentikClient,
  { object: { pk } }: OwnedProvider,
  fields: AuthentikProviderFields,
  options?: CallOptions,
): Promise<AuthentikProvider> {
  return client.updateProvider(pk, fields, options);
}

/**
 * @returns false where it was gone
 * @internal
 */
export async function deleteOwnApplication(
  client: AuthentikClient,
  { object }: OwnedApplication,
  { run, ...call }: OwnershipOptions = {},
): Promise<boolean> {
  const deleted = await client.deleteApplication(object.slug, call);
  await forgetGone(run, recordOf(client, object));
  return deleted;
}

/**
 * @returns false where it was gone
 * @internal
 */
export async function deleteOwnProvider(
  client: AuthentikClient,
  { object: { pk, name } }: OwnedProvider,
  { run, ...call }: OwnershipOptions = {},
): Promise<boolean> {
  const deleted = await client.deleteProvider(pk, call);
  await forgetGone(run, providerRecordOf(client, name));
  return deleted;
}

/** What a run has created so far. @internal */
export interface Created {
  application?: OwnedApplication;
  provider?: OwnedProvider;
}

/**
 * Cleans up: a provider without an application is useless. It stays where another writer has joined it, or where an
 * application whose answer was lost exists; and an application stays that this run has not created. Not cancelled with the
 * task, and silent: the original error is reported.
 *
 * @internal
 */
export async function removeUnlessJoined(
  client: AuthentikClient,
  slug: string,
  created: Created,
  { run }: OwnershipOptions,
): Promise<void> {
  if (!created.provider) {
    return;
  }
  try {
    const present = await client.getApplication(slug);
    if (present?.provider === created.provider.object.pk) {
      return;
    }
    const isOurs =
      present?.provider === undefined &&
      present?.pk === created.application?.object.pk;
    // The token may be allowed to delete only one of them.
    await Promise.allSettled([
      created.application && isOurs
        ? deleteOwnApplication(client, created.application, { run })
        : undefined,
      deleteOwnProvider(client, created.provider, { run }),
    ]);
  } catch {
    // The next run finds the provider by its name and joins it.
  }
}
