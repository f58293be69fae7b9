import { mayBeCarriedOut, untilSettled } from '../../core';
import type { AuthentikClient } from '../../systems/authentik/types';
import { isRecorded, recorded, type CreationRecords } from '../records';
import { keyRecordOf } from './createdObjects';
import {
  Owned,
  type OwnedKeyPair,
  type OwnershipOptions,
  type Server,
} from './owned';

/** A certificate belongs to the gateway where a run of ours has made it for the gateway. @internal */
export function findOwnKeyPair(
  server: Server,
  pk: string | undefined,
  run: Pick<CreationRecords, 'created'> | undefined,
): OwnedKeyPair | undefined {
  return pk !== undefined && run && isRecorded(run, keyRecordOf(server, pk))
    ? new Owned({ pk })
    : undefined;
}

/** Makes a certificate, which is therefore ours. @internal */
export async function createOwnKeyPair(
  client: AuthentikClient,
  fields: Parameters<AuthentikClient['createKeyPair']>[0],
  { run, ...call }: OwnershipOptions = {},
): Promise<OwnedKeyPair> {
  const find = async () =>
    (await client.listKeyPairs({ ...call, fresh: true })).find(
      ({ name }) => name === fields.name,
    );
  const { pk } = await recorded(
    run,
    [keyRecordOf(client, fields.name)],
    async () => {
      try {
        return await client.createKeyPair(fields, call);
      } catch (error) {
        const found = mayBeCarriedOut(error)
          ? await untilSettled(find, {
              ...call,
              patienceMs: client.writeTimeoutMs,
            })
          : undefined;
        if (!found) {
          throw error;
        }
        return found;
      }
    },
  );
  await run?.record(keyRecordOf(client, pk));
  return new Owned({ pk });
}
