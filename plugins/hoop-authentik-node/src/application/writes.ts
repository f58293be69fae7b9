import type { CallOptions } from '../core';
import type {
  AuthentikApplication,
  AuthentikApplicationFields,
  AuthentikBinding,
  AuthentikClient,
  AuthentikProvider,
  AuthentikProviderFields,
} from '../systems/authentik/types';
import {
  keyRecordOf,
  providerRecordOf,
  recordOf,
  type OwnedApplication,
  type OwnedKeyPair,
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
  { object }: OwnedProvider,
  { run, ...call }: OwnershipOptions = {},
): Promise<boolean> {
  const deleted = await client.deleteProvider(object.pk, call);
  await forgetGone(run, providerRecordOf(client, object));
  return deleted;
}

/**
 * @param binding - as this run has created it
 * @returns false where it was gone
 * @internal
 */
export async function deleteNewBinding(
  client: AuthentikClient,
  { pk }: AuthentikBinding,
): Promise<boolean> {
  return client.deleteBinding(pk);
}

/**
 * Deletes a certificate of ours that nothing uses any more.
 *
 * @returns whether it is gone
 * @internal
 */
export async function deleteOwnKeyPair(
  client: AuthentikClient,
  { object: { pk } }: OwnedKeyPair,
  { run, ...call }: OwnershipOptions = {},
): Promise<boolean> {
  if ((await client.listKeyPairUses(pk, call)).length > 0) {
    return false;
  }
  await client.deleteKeyPair(pk, call);
  await forgetGone(run, keyRecordOf(client, pk));
  return true;
}
