import { ConflictError, isError } from '@backstage/errors';
import { mayBeCarriedOut, type SecretValue } from '../core';
import {
  AuthentikPermissionError,
  AuthentikServerError,
} from '../systems/authentik';
import type {
  AuthentikApplication,
  AuthentikApplicationFields,
  AuthentikClient,
  AuthentikProviderFields,
} from '../systems/authentik/types';
import { addBindings, changeBindings } from './ensureBindings';
import {
  createOwnApplication,
  createOwnKeyPair,
  createOwnPair,
  createOwnProvider,
  findOwnKeyPair,
  keyRecordOf,
  recordKey,
  type OwnedApplication,
  type OwnedPair,
  type OwnedProvider,
  type OwnershipOptions,
} from './ownership';
import type { ApplicationPlan } from './planApplication';
import { forgetGone } from './records';
import { sharedKeyNote } from './signingKey';
import { providerNameOf, type ApplicationSpec } from './spec';
import type { Created } from './takeBack';
import {
  deleteOwnKeyPair,
  setOwnIconUrl,
  updateOwnApplication,
  updateOwnProvider,
} from './writes';

/** The pair as written, or nothing where another writer was first. */
interface WriteOutcome {
  writes: number;
  written?: {
    application: AuthentikApplication;
    providerId: number;
    clientId: string;
  };
  /** What a reader has to know beside the plan. */
  notes: string[];
  /** The failure of a request that may have been carried out all the same, or stand for a lost race. */
  doubt?: Error;
  /** The conflict that the server reported. */
  clash?: Error;
}

/** What is made up for a new pair. @internal */
export interface NewIdentity {
  clientId: string;
  clientSecret: SecretValue;
  certificateName: string;
}

/** A plan with all that writing it takes. @internal */
export interface PlannedWrite {
  client: AuthentikClient;
  spec: ApplicationSpec;
  own: OwnedPair;
  plan: ApplicationPlan;
  identity: NewIdentity;
  /** Receives what is created. */
  created: Created;
  /** Create a pair in one transaction. */
  transaction: boolean;
  /** No other run writes to this application. */
  alone: boolean;
}

/** The state of one writing. */
type Writing = PlannedWrite & {
  options: OwnershipOptions;
  notes: string[];
  onWrite(): void;
};

/**
 * Writes a plan.
 *
 * @internal
 */
export async function writePlan(
  planned: PlannedWrite,
  options: OwnershipOptions,
): Promise<WriteOutcome> {
  let writes = 0;
  const notes: string[] = [];
  const writing = { ...planned, options, notes, onWrite: () => writes++ };
  try {
    const written = await (planned.transaction &&
    planned.plan.action === 'create'
      ? inTransaction(writing)
      : singly(writing));
    return { writes, notes, written };
  } catch (error) {
    if (error instanceof AuthentikServerError || mayBeCarriedOut(error)) {
      return { writes, notes, doubt: error as Error };
    }
    if (isError(error) && error.name === ConflictError.name) {
      return { writes, notes, clash: error };
    }
    throw error;
  }
}

/** One transaction, then one read for the keys that authentik assigned. */
async function inTransaction(
  writing: Writing,
): Promise<WriteOutcome['written']> {
  const { client, spec, plan, identity, options, onWrite } = writing;
  const { clientId, clientSecret } = identity;
  const signingKey = await newSigningKey(writing);
  let pair: Awaited<ReturnType<typeof createOwnPair>>;
  try {
    pair = await createOwnPair(
      client,
      {
        application: named(plan.application, spec),
        provider: {
          ...namedProvider(plan.provider, spec),
          clientId,
          clientSecret,
          ...signingKey,
        },
        bindings: plan.bindings.map(({ fields }) => fields),
      },
      options,
    );
  } catch (error) {
    // The transactional endpoint needs global permissions that a narrow role may lack.
    if (error instanceof AuthentikPermissionError) {
      return singly(writing, signingKey);
    }
    throw error;
  }
  const { applied, application } = pair;
  if (applied) {
    onWrite();
  }
  if (application?.object.provider === undefined) {
    return undefined;
  }
  await recordKey(client, application, options);
  await keepKey(writing);
  if (await needsIconUrl(writing)) {
    await setOwnIconUrl(client, application, spec.icon!, options);
    onWrite();
  }
  return {
    application: application.object,
    providerId: application.object.provider,
    clientId,
  };
}

/**
 * What is added comes first, what is changed next, and what is removed last. Of concurrent writers the one that gets the
 * slug goes on. A new application gets its provider only when it has its bindings: without any, everyone could sign in.
 */
async function singly(
  writing: Writing,
  madeKey?: AuthentikProviderFields,
): Promise<WriteOutcome['written']> {
  const { client, own, plan, created, alone, options, onWrite } = writing;
  const adding = addApplication(writing);
  if (!alone) {
    // So that the losers of a race make no certificate.
    await adding;
  }
  const [application, signingKey] = await allDone([
    adding,
    madeKey ?? newSigningKey(writing),
  ]);
  const [provider] = await allDone([
    writeProvider(writing, signingKey),
    addBindings(
      client,
      application,
      { changes: plan.bindings, created: created.bindings, alone, onWrite },
      options,
    ),
  ]);
  const changes = { changes: plan.bindings, onWrite };
  await changeBindings(client, application, 'update', changes, options);
  const { pk, clientId } = provider.object;
  const { metaIcon, ...others } = plan.application;
  const oldIcon = await needsIconUrl(writing);
  const wanted = oldIcon ? others : plan.application;
  const patch = {
    ...(own.application ? wanted : {}),
    ...(application.object.provider === pk ? {} : { provider: pk }),
  };
  let present = application.object;
  if (Object.keys(patch).length > 0) {
    present = await updateOwnApplication(client, application, patch, options);
    onWrite();
  }
  await keepKey(writing);
  await changeBindings(client, application, 'delete', changes, options);
  if (oldIcon && metaIcon !== undefined) {
    await setOwnIconUrl(client, application, metaIcon, options);
    onWrite();
  }
  return { application: present, providerId: pk, clientId };
}

async function addApplication({
  client,
  spec,
  own,
  plan,
  created,
  options,
  onWrite,
}: Writing): Promise<OwnedApplication> {
  let { application } = own;
  if (!application) {
    application = await createOwnApplication(
      client,
      named(plan.application, spec),
      options,
    );
    created.application = application;
    onWrite();
  }
  await recordKey(client, application, options);
  return application;
}

async function writeProvider(
  { client, spec, own, plan, identity, created, options, onWrite }: Writing,
  signingKey: AuthentikProviderFields,
): Promise<OwnedProvider> {
  const { clientId, clientSecret } = identity;
  const fields = { ...plan.provider, ...signingKey };
  if (!own.provider) {
    created.provider = await createOwnProvider(
      client,
      { ...namedProvider(fields, spec), clientId, clientSecret },
      options,
    );
    onWrite();
    return created.provider;
  }
  if (Object.keys(fields).length > 0) {
    await updateOwnProvider(client, own.provider, fields, options);
    onWrite();
  }
  return own.provider;
}

/** Makes the certificate of the plan, or takes the other one where the token may not make any. */
async function newSigningKey({
  client,
  plan: { newKey },
  identity,
  created,
  options,
  notes,
  onWrite,
}: Writing): Promise<AuthentikProviderFields> {
  if (!newKey) {
    return {};
  }
  if (created.keyPair) {
    return { signingKey: created.keyPair.object.pk };
  }
  const { instead, validityDays } = newKey;
  try {
    created.keyPair = await createOwnKeyPair(
      client,
      { name: identity.certificateName, validityDays },
      options,
    );
    onWrite();
    return { signingKey: created.keyPair.object.pk };
  } catch (error) {
    if (!(error instanceof AuthentikPermissionError) || !instead) {
      throw error;
    }
    notes.push(sharedKeyNote(instead));
    return { signingKey: instead.pk };
  }
}

/** The provider signs with its new certificate: the former one of ours goes, if nothing else uses it. */
async function keepKey({
  client,
  own,
  plan,
  identity,
  created,
  options,
  onWrite,
}: Writing): Promise<void> {
  const former = own.provider?.object.signingKey;
  const replaced = plan.newKey ?? plan.provider.signingKey;
  if (created.keyPair) {
    const { run } = options;
    await forgetGone(run, keyRecordOf(client, identity.certificateName));
  }
  const ownFormer = findOwnKeyPair(client, former, options.run);
  if (replaced && ownFormer) {
    // It is no longer used, and is removed with the application at the latest.
    await deleteOwnKeyPair(client, ownFormer, options).then(
      deleted => deleted && onWrite(),
      () => {},
    );
  }
}

/** Servers before 2025.12 take an icon only through an endpoint of its own. */
async function needsIconUrl({
  client,
  spec,
  options,
}: Writing): Promise<boolean> {
  if (spec.icon === undefined) {
    return false;
  }
  const [year, month] = (await client.getVersion(options))
    .split('.')
    .map(Number);
  return year < 2025 || (year === 2025 && month < 12);
}

function named(
  fields: AuthentikApplicationFields,
  spec: ApplicationSpec,
): AuthentikApplicationFields & { name: string; slug: string } {
  return { ...fields, name: fields.name ?? spec.slug, slug: spec.slug };
}

function namedProvider(
  fields: AuthentikProviderFields,
  spec: ApplicationSpec,
): AuthentikProviderFields & { name: string } {
  return { ...fields, name: fields.name ?? providerNameOf(spec) };
}

/** Waits for all, so that nothing is under way any more when one of them has failed. */
async function allDone<T extends readonly unknown[]>(
  running: readonly [...{ [Index in keyof T]: T[Index] | Promise<T[Index]> }],
): Promise<T> {
  await Promise.allSettled(running);
  return (await Promise.all(running)) as unknown as T;
}
