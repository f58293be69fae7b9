import { type CallOptions, mayBeCarriedOut, untilSettled } from '../core';
import { findOAuth2ProviderOf } from '../systems/authentik';
import type {
  AuthentikApplication,
  AuthentikBinding,
  AuthentikClient,
  AuthentikKeyPair,
  AuthentikProvider,
} from '../systems/authentik/types';
import {
  foreignApplication,
  foreignProvider,
  unseenProvider,
} from './ownershipRefusals';
import { digestOf } from './digest';
import {
  forgetGone,
  isRecorded,
  recorded,
  type CreatedObject,
  type CreationRecords,
} from './records';
import {
  leadsTo,
  OAUTH2_PROVIDER_MODEL,
  whoseRedirectUri,
} from './requirements';

/**
 * An object of authentik that belongs to a gateway. Only the rule in this file makes one, and everything that writes or
 * deletes takes one, so that nothing else can be changed.
 *
 * @alpha
 */
class Owned<T> {
  readonly #object: T;

  /** @internal */
  constructor(object: T) {
    this.#object = object;
  }

  /** As it was read. */
  get object(): T {
    return this.#object;
  }
}

export type { Owned };

/** @alpha */
export type OwnedApplication = Owned<AuthentikApplication>;

/** @alpha */
export type OwnedProvider = Owned<AuthentikProvider>;

/** A certificate that a run of ours has made. @alpha */
export type OwnedKeyPair = Owned<Pick<AuthentikKeyPair, 'pk'>>;

/**
 * An application and its provider as far as they exist. Both belong to the gateway.
 *
 * @alpha
 */
export interface OwnedPair {
  application: OwnedApplication | undefined;
  provider: OwnedProvider | undefined;
}

/**
 * Why an application may belong to a gateway.
 *
 * @alpha
 */
export interface ApplicationClaim {
  /** Name of the gateway, for messages. */
  gateway?: string;
  slug: string;
  /**
   * The slug that app-config writes for the gateway. Absent where it writes none: the default slug, like an input or an
   * annotation, can be that of any application.
   */
  claimedApplication?: string;
  /** The callback of the gateway. */
  redirectUri: string;
}

/** What knows the objects of a creation that was cut off. @alpha */
export interface OwnershipOptions extends CallOptions {
  run?: CreationRecords;
}

type Server = Pick<AuthentikClient, 'baseUrl'>;
type Found = {
  application: AuthentikApplication | undefined;
  provider: AuthentikProvider | undefined;
  /** Those of the application, where a creation that was cut off may have left it. */
  bindings?: readonly unknown[];
};

/**
 * The rule for everything that is written or deleted. The permission to manage gateways does not cover everything that
 * authentik holds: redirected to a gateway, a foreign application would hand over its client secret, and a binding lets
 * people in.
 *
 * - An application belongs to the gateway where its provider leads there and nowhere else; or where app-config writes its
 *   slug, or a run of ours has created it, and none of its redirect URIs is another system's. A run has created it where
 *   its key is recorded; where the run was cut off before it could record the key, only as long as the application is
 *   exactly as it was to be created, without a provider and bindings.
 * - A provider without an application belongs to the gateway where its only redirect URI is the gateway's, or a run of
 *   ours has created it with its client id and none of its redirect URIs is another system's.
 *
 * @throws InputError naming the object, whose it seems to be, and how app-config claims it
 * @internal
 */
export function requireOwn(
  server: Server,
  claim: ApplicationClaim,
  { application, provider, bindings }: Found,
  run?: Pick<CreationRecords, 'created'>,
): OwnedPair {
  if (application) {
    const found = { application, provider, bindings };
    requireOwnApplication(server, claim, found, run);
  }
  if (
    provider &&
    application?.provider === undefined &&
    !isOwnLeftOver(server, claim, provider, run)
  ) {
    throw foreignProvider(server, claim, provider);
  }
  return {
    application: application && new Owned(application),
    provider: provider && new Owned(provider),
  };
}

/**
 * Reads an application and its provider.
 *
 * @throws InputError like {@link requireOwn}
 * @internal
 */
export async function findOwn(
  client: AuthentikClient,
  claim: ApplicationClaim,
  { run, ...call }: OwnershipOptions = {},
): Promise<OwnedPair> {
  const application = await client.getApplication(claim.slug, call);
  const [provider, bindings] = await Promise.all([
    findOAuth2ProviderOf(client, application, call),
    bindingsOfCutOff(client, application, { run, ...call }),
  ]);
  return requireOwn(client, claim, { application, provider, bindings }, run);
}

/** The bindings of an application that a run of ours may have created before it was cut off. @internal */
export async function bindingsOfCutOff(
  client: AuthentikClient,
  application: AuthentikApplication | undefined,
  { run, ...call }: OwnershipOptions,
): Promise<AuthentikBinding[] | undefined> {
  return run && application && mayBeCutOff(client, application, run)
    ? client.listBindings(application.pk, call)
    : undefined;
}

function requireOwnApplication(
  server: Server,
  claim: ApplicationClaim,
  found: Found & { application: AuthentikApplication },
  run: Pick<CreationRecords, 'created'> | undefined,
): void {
  const { application, provider } = found;
  const { providerModel } = application;
  const joined = application.provider === undefined ? undefined : provider;
  if (providerModel !== undefined && providerModel !== OAUTH2_PROVIDER_MODEL) {
    throw foreignApplication(server, claim, { providerModel });
  }
  if (application.provider !== joined?.pk) {
    // Treating it as missing would give the application another provider and break every client of the present one.
    throw unseenProvider(server, application);
  }
  if (joined && !isOAuth2(joined)) {
    throw foreignApplication(server, claim, {
      providerModel: joined.metaModelName,
    });
  }
  if (joined && leadsOnlyTo(joined, claim.redirectUri)) {
    return;
  }
  const named =
    claim.claimedApplication === application.slug ||
    (run !== undefined && isOwnCreation(server, found, run));
  if (!named || (joined && isOfOthers(joined, claim.redirectUri))) {
    throw foreignApplication(server, claim, { provider: joined });
  }
}

function isOwnCreation(
  server: Server,
  { application, bindings }: Found & { application: AuthentikApplication },
  run: Pick<CreationRecords, 'created'>,
): boolean {
  return (
    isRecorded(run, recordOf(server, application, application.pk)) ||
    (mayBeCutOff(server, application, run) && bindings?.length === 0)
  );
}

/** Whether it may be what a run of ours was creating when it was cut off: nothing but its bindings speaks against it. */
function mayBeCutOff(
  server: Server,
  application: AuthentikApplication,
  run: Pick<CreationRecords, 'created'>,
): boolean {
  return (
    application.provider === undefined &&
    isRecorded(run, recordOf(server, application, digestOf(application)))
  );
}

/**
 * Makes sure that no other system has the client whose secret a gateway is about to get.
 *
 * @throws InputError like {@link requireOwn}
 * @internal
 */
export function refuseSharedClient(
  server: Server,
  claim: ApplicationClaim,
  provider: AuthentikProvider,
): void {
  if (isOfOthers(provider, claim.redirectUri)) {
    throw foreignApplication(server, claim, { provider });
  }
}

/**
 * Whether a provider without an application belongs to the gateway.
 *
 * @internal
 */
export function isOwnLeftOver(
  server: Server,
  { redirectUri }: ApplicationClaim,
  provider: AuthentikProvider,
  run: Pick<CreationRecords, 'created'> | undefined,
): boolean {
  const { redirectUris, assignedApplicationSlug } = provider;
  if (assignedApplicationSlug !== undefined || !isOAuth2(provider)) {
    return false;
  }
  return (
    (redirectUris.length === 1 && leadsTo(provider, redirectUri)) ||
    (run !== undefined &&
      isRecorded(run, providerRecordOf(server, provider)) &&
      !isOfOthers(provider, redirectUri))
  );
}

function isOAuth2({ metaModelName }: AuthentikProvider): boolean {
  return metaModelName === OAUTH2_PROVIDER_MODEL;
}

function leadsOnlyTo(provider: AuthentikProvider, redirectUri: string) {
  return (
    leadsTo(provider, redirectUri) &&
    provider.redirectUris.every(
      uri => whoseRedirectUri(uri, redirectUri) === 'own',
    )
  );
}

function isOfOthers({ redirectUris }: AuthentikProvider, redirectUri: string) {
  return redirectUris.some(
    uri => whoseRedirectUri(uri, redirectUri) === 'foreign',
  );
}

/** @internal */
export function recordOf(
  { baseUrl }: Server,
  { slug }: Pick<AuthentikApplication, 'slug'>,
  proof?: string,
): CreatedObject {
  return { system: baseUrl, kind: 'application', name: slug, proof };
}

/** @internal */
export function providerRecordOf(
  { baseUrl }: Server,
  { name, clientId }: Pick<AuthentikProvider, 'name' | 'clientId'>,
): CreatedObject {
  return { system: baseUrl, kind: 'provider', name, proof: clientId };
}

/** How long a certificate is looked for whose answer was lost. */
const PATIENCE_MS = 60_000;

/** By its name until its key is known. @internal */
export function keyRecordOf(
  { baseUrl }: Server,
  nameOrKey: string,
): CreatedObject {
  return { system: baseUrl, kind: 'certificate', name: nameOrKey };
}

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
          ? await untilSettled(find, { ...call, patienceMs: PATIENCE_MS })
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
