import { ConflictError, isError } from '@backstage/errors';
import {
  AuthentikPermissionError,
  AuthentikServerError,
} from '../systems/authentik';
import { PERMISSIONS } from '../systems/authentik/permissions';
import type { SecretValue } from '../core';
import type {
  AuthentikApplication,
  AuthentikApplicationFields,
  AuthentikClient,
  AuthentikProviderFields,
} from '../systems/authentik/types';
import { writeBindings } from './ensureBindings';
import {
  createOwnApplication,
  createOwnPair,
  createOwnProvider,
  type OwnedApplication,
  type OwnedPair,
  type OwnershipOptions,
} from './ownership';
import type { ApplicationPlan } from './planApplication';
import { providerNameOf, type ApplicationSpec } from './spec';
import {
  type Created,
  removeUnlessJoined,
  setOwnIconUrl,
  updateOwnApplication,
  updateOwnProvider,
} from './writes';

/** The pair as written, or nothing where another writer was first. */
interface WriteOutcome {
  writes: number;
  written:
    | {
        application: AuthentikApplication;
        providerId: number;
        clientId: string;
      }
    | undefined;
  /** The server error that may stand for a lost race. */
  doubt?: Error;
  /** The conflict that the server reported. */
  clash?: Error;
}

/** @internal */
export interface NewCredentials {
  clientId: string;
  clientSecret: SecretValue;
}

/**
 * Writes a plan.
 *
 * @internal
 */
export async function writePlan(
  client: AuthentikClient,
  spec: ApplicationSpec,
  own: OwnedPair,
  plan: ApplicationPlan,
  credentials: NewCredentials,
  options: OwnershipOptions,
): Promise<WriteOutcome> {
  if (plan.action === 'create') {
    try {
      return await createPair(client, spec, plan, credentials, options);
    } catch (error) {
      // The transactional endpoint needs global permissions that a narrow role may lack.
      if (!(error instanceof AuthentikPermissionError)) {
        return lostRace(error, plan);
      }
    }
  }
  await refuseHalves(client, own, plan, options);
  return createOrPatch(client, spec, own, plan, credentials, options);
}

/**
 * Requests that add objects need a permission each: without one of them, the plan would be written in part. The permissions
 * are read only where something is added along with another write.
 */
async function refuseHalves(
  client: AuthentikClient,
  own: OwnedPair,
  plan: ApplicationPlan,
  options: OwnershipOptions,
): Promise<void> {
  const added = [
    ...(own.provider ? [] : [PERMISSIONS.addProvider]),
    ...(own.application ? [] : [PERMISSIONS.addApplication]),
    ...(plan.bindings.some(({ kind }) => kind === 'create')
      ? [PERMISSIONS.addBinding]
      : []),
  ];
  const patched =
    Number(Object.keys(plan.provider).length > 0) +
    Number(Object.keys(plan.application).length > 0) +
    plan.bindings.length;
  if (added.length === 0 || (added.length === 1 && patched < 2)) {
    return;
  }
  const missing = await client.findMissingPermissions(options);
  const lacking = added.find(permission => missing.includes(permission));
  if (lacking) {
    throw new AuthentikPermissionError('Nothing was written', lacking);
  }
}

/** One transaction, then one read for the keys that authentik assigned. */
async function createPair(
  client: AuthentikClient,
  spec: ApplicationSpec,
  plan: ApplicationPlan,
  credentials: NewCredentials,
  options: OwnershipOptions,
): Promise<WriteOutcome> {
  const { applied, application } = await createOwnPair(
    client,
    {
      application: named(plan.application, spec),
      provider: { ...namedProvider(plan.provider, spec), ...credentials },
      bindings: plan.bindings.map(({ fields }) => fields),
    },
    options,
  );
  if (application?.object.provider === undefined) {
    return { writes: applied ? 1 : 0, written: undefined };
  }
  let writes = 1;
  if (await needsIconUrl(client, spec, options)) {
    await setOwnIconUrl(client, application, spec.icon!, options);
    writes++;
  }
  return {
    writes,
    written: {
      application: application.object,
      providerId: application.object.provider,
      clientId: credentials.clientId,
    },
  };
}

/** Provider, application, bindings, and finally the join; each only where something differs. */
async function createOrPatch(
  client: AuthentikClient,
  spec: ApplicationSpec,
  own: OwnedPair,
  plan: ApplicationPlan,
  credentials: NewCredentials,
  options: OwnershipOptions,
): Promise<WriteOutcome> {
  let writes = 0;
  const count = () => writes++;
  const created: Created = {};
  try {
    let { provider } = own;
    if (!provider) {
      provider = await createOwnProvider(
        client,
        { ...namedProvider(plan.provider, spec), ...credentials },
        options,
      );
      created.provider = provider;
      count();
    } else if (Object.keys(plan.provider).length > 0) {
      await updateOwnProvider(client, provider, plan.provider, options);
      count();
    }
    const { pk, clientId } = provider.object;
    // The bindings come before the join: without any, everyone could sign in meanwhile.
    const joinNow = plan.bindings.length === 0;
    const { application, present } = await writeApplication(
      client,
      spec,
      own.application,
      { plan, provider: joinNow ? pk : undefined, created, onWrite: count },
      options,
    );
    await writeBindings(client, application, plan.bindings, count, options);
    const joined =
      present.provider === pk
        ? present
        : await updateOwnApplication(
            client,
            application,
            { provider: pk },
            options,
          );
    writes += joined === present ? 0 : 1;
    return {
      writes,
      written: { application: joined, providerId: pk, clientId },
    };
  } catch (error) {
    await removeUnlessJoined(client, spec.slug, created, options);
    return lostRace(error, plan, writes);
  }
}

/** @returns the application, and how it stands after the write */
async function writeApplication(
  client: AuthentikClient,
  spec: ApplicationSpec,
  own: OwnedApplication | undefined,
  {
    plan,
    provider,
    created,
    onWrite,
  }: {
    plan: ApplicationPlan;
    provider: number | undefined;
    created: Created;
    onWrite: () => void;
  },
  options: OwnershipOptions,
): Promise<{ application: OwnedApplication; present: AuthentikApplication }> {
  const oldIcon = await needsIconUrl(client, spec, options);
  const { metaIcon, ...others } = plan.application;
  const fields = oldIcon ? others : plan.application;
  let application = own;
  let present = own?.object;
  if (!application || !present) {
    application = await createOwnApplication(
      client,
      { ...named(fields, spec), provider },
      options,
    );
    created.application = application;
    present = application.object;
    onWrite();
  } else {
    const join =
      provider !== undefined && present.provider !== provider
        ? { provider }
        : {};
    const patch = { ...fields, ...join };
    if (Object.keys(patch).length > 0) {
      present = await updateOwnApplication(client, application, patch, options);
      onWrite();
    }
  }
  if (oldIcon && metaIcon !== undefined) {
    await setOwnIconUrl(client, application, metaIcon, options);
    onWrite();
  }
  return { application, present };
}

/** Servers before 2025.12 take an icon only through an endpoint of its own. */
async function needsIconUrl(
  client: AuthentikClient,
  spec: ApplicationSpec,
  options: OwnershipOptions,
): Promise<boolean> {
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

/**
 * A conflict means a concurrent write: the caller reads again and converges. Up to 2025.10 a creation that loses a race
 * ends in a server error.
 */
function lostRace(
  error: unknown,
  { action }: ApplicationPlan,
  writes = 0,
): WriteOutcome {
  if (error instanceof AuthentikServerError && action !== 'update') {
    return { writes, written: undefined, doubt: error };
  }
  if (isError(error) && error.name === ConflictError.name) {
    return { writes, written: undefined, clash: error };
  }
  throw error;
}
