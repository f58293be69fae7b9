import { findOAuth2ProviderOf } from '../../systems/authentik';
import type {
  AuthentikApplication,
  AuthentikBinding,
  AuthentikClient,
  AuthentikProvider,
} from '../../systems/authentik/types';
import { digestOf } from '../digest';
import { isRecorded, type CreationRecords } from '../records';
import {
  leadsTo,
  OAUTH2_PROVIDER_MODEL,
  whoseRedirectUri,
} from '../requirements';
import { providerRecordOf, recordOf } from './createdObjects';
import {
  Owned,
  type ApplicationClaim,
  type OwnedPair,
  type OwnershipOptions,
  type Server,
} from './owned';
import {
  foreignApplication,
  foreignProvider,
  unseenProvider,
} from './refusals';

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
