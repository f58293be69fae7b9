import type { AuthentikClient } from '../../systems/authentik/types';
import { digestOf } from '../digest';
import { forgetGone, isRecorded, recorded } from '../records';
import { providerRecordOf, recordOf } from './createdObjects';
import {
  Owned,
  type OwnedApplication,
  type OwnedProvider,
  type OwnershipOptions,
  type Server,
} from './owned';

/** Chosen by us, so that it can be recorded before the creation. */
interface WithClientId {
  clientId: string;
}

/** Creates a provider, which is therefore ours. @internal */
export async function createOwnProvider(
  client: AuthentikClient,
  fields: Parameters<AuthentikClient['createProvider']>[0] & WithClientId,
  { run, ...call }: OwnershipOptions = {},
): Promise<OwnedProvider> {
  const records = [providerRecordOf(client, fields)];
  return new Owned(
    await recorded(run, records, () => client.createProvider(fields, call)),
  );
}

/** Creates an application, which is therefore ours; {@link recordKey} has to follow. @internal */
export async function createOwnApplication(
  client: AuthentikClient,
  fields: Parameters<AuthentikClient['createApplication']>[0],
  { run, ...call }: OwnershipOptions = {},
): Promise<OwnedApplication> {
  const records = [recordOf(client, fields, digestOf(fields))];
  return new Owned(
    await recorded(run, records, () => client.createApplication(fields, call)),
  );
}

/**
 * Records the key of an application that a run of ours has created, before it is changed: from then on nothing else shows
 * whose it is.
 *
 * @internal
 */
export async function recordKey(
  { baseUrl }: Server,
  { object }: OwnedApplication,
  { run }: OwnershipOptions,
): Promise<void> {
  const record = recordOf({ baseUrl }, object, object.pk);
  if (
    run &&
    isRecorded(run, recordOf({ baseUrl }, object)) &&
    !isRecorded(run, record)
  ) {
    await run.record(record);
  }
}

/**
 * Creates an application with its provider in one transaction, and reads the keys that authentik assigned.
 *
 * @returns the application; `undefined` where another writer was first
 * @internal
 */
export async function createOwnPair(
  client: AuthentikClient,
  pair: Parameters<AuthentikClient['createApplicationWithProvider']>[0] & {
    provider: WithClientId;
  },
  { run, ...call }: OwnershipOptions = {},
): Promise<{ applied: boolean; application: OwnedApplication | undefined }> {
  const { slug } = pair.application;
  const records = [
    recordOf(client, { slug }, digestOf(pair.application)),
    providerRecordOf(client, pair.provider),
  ];
  const { applied } = await recorded(run, records, async () =>
    client.createApplicationWithProvider(pair, call),
  );
  if (!applied) {
    await forgetGone(run, ...records);
  }
  const application = await client.getApplication(slug, call);
  return {
    applied,
    application: applied && application ? new Owned(application) : undefined,
  };
}
