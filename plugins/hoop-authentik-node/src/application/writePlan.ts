import { ConflictError, isError } from '@backstage/errors';
import {
  AuthentikPermissionError,
  AuthentikServerError,
} from '../systems/authentik';
import { PERMISSIONS } from '../systems/authentik/permissions';
import type { CallOptions, SecretValue } from '../core';
import type {
  AuthentikApplication,
  AuthentikApplicationFields,
  AuthentikClient,
  AuthentikProvider,
  AuthentikProviderFields,
} from '../systems/authentik/types';
import { writeBindings } from './ensureBindings';
import type { ApplicationFacts } from './facts';
import type { ApplicationPlan } from './planApplication';
import { providerNameOf, type ApplicationSpec } from './spec';

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
  facts: ApplicationFacts,
  plan: ApplicationPlan,
  credentials: NewCredentials,
  options?: CallOptions,
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
  await refuseHalves(client, facts, plan, options);
  return createOrPatch(client, spec, facts, plan, credentials, options);
}

/**
 * Requests that add objects need a permission each: without one of them, the plan would be written in part. The permissions
 * are read only where something is added along with another write.
 */
async function refuseHalves(
  client: AuthentikClient,
  facts: ApplicationFacts,
  plan: ApplicationPlan,
  options?: CallOptions,
): Promise<void> {
  const added = [
    ...(facts.provider ? [] : [PERMISSIONS.addProvider]),
    ...(facts.application ? [] : [PERMISSIONS.addApplication]),
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
  options?: CallOptions,
): Promise<WriteOutcome> {
  const { applied } = await client.createApplicationWithProvider(
    {
      application: named(plan.application, spec),
      provider: { ...namedProvider(plan.provider, spec), ...credentials },
      bindings: plan.bindings.map(({ fields }) => fields),
    },
    options,
  );
  const application = await client.getApplication(spec.slug, options);
  if (!applied || application?.provider === undefined) {
    return { writes: applied ? 1 : 0, written: undefined };
  }
  let writes = 1;
  if (await needsIconUrl(client, spec, options)) {
    await client.setApplicationIconUrl(spec.slug, spec.icon!, options);
    writes++;
  }
  return {
    writes,
    written: {
      application,
      providerId: application.provider,
      clientId: credentials.clientId,
    },
  };
}

/** Provider, application, bindings, and finally the join; each only where something differs. */
async function createOrPatch(
  client: AuthentikClient,
  spec: ApplicationSpec,
  facts: ApplicationFacts,
  plan: ApplicationPlan,
  credentials: NewCredentials,
  options?: CallOptions,
): Promise<WriteOutcome> {
  let writes = 0;
  let created: AuthentikProvider | undefined;
  try {
    let provider = facts.provider;
    if (!provider) {
      provider = await client.createProvider(
        { ...namedProvider(plan.provider, spec), ...credentials },
        options,
      );
      created = provider;
      writes++;
    } else if (Object.keys(plan.provider).length > 0) {
      provider = await client.updateProvider(
        provider.pk,
        plan.provider,
        options,
      );
      writes++;
    }
    const count = () => writes++;
    // The bindings come before the join: without any, everyone could sign in meanwhile.
    const joinNow = plan.bindings.length === 0;
    const application = await writeApplication(
      client,
      spec,
      facts,
      plan,
      joinNow ? provider : undefined,
      count,
      options,
    );
    await writeBindings(client, application.pk, plan.bindings, count, options);
    const joined =
      application.provider === provider.pk
        ? application
        : await client.updateApplication(
            spec.slug,
            { provider: provider.pk },
            options,
          );
    writes += joined === application ? 0 : 1;
    created = undefined;
    return {
      writes,
      written: {
        application: joined,
        providerId: provider.pk,
        clientId: provider.clientId,
      },
    };
  } catch (error) {
    if (created) {
      await removeUnlessJoined(client, spec, created, !facts.application);
    }
    return lostRace(error, plan, writes);
  }
}

/**
 * Cleans up: a provider without an application is useless. It stays where another writer has joined it, or where an
 * application whose answer was lost exists. Not cancelled with the task, and silent: the original error is reported.
 */
async function removeUnlessJoined(
  client: AuthentikClient,
  { slug }: ApplicationSpec,
  { pk }: AuthentikProvider,
  applicationIsNew: boolean,
): Promise<void> {
  try {
    const application = await client.getApplication(slug);
    if (application?.provider === pk) {
      return;
    }
    // The token may be allowed to delete only one of them.
    await Promise.allSettled([
      application && application.provider === undefined && applicationIsNew
        ? client.deleteApplication(slug)
        : undefined,
      client.deleteProvider(pk),
    ]);
  } catch {
    // The next run finds the provider by its name and joins it.
  }
}

async function writeApplication(
  client: AuthentikClient,
  spec: ApplicationSpec,
  facts: ApplicationFacts,
  plan: ApplicationPlan,
  provider: AuthentikProvider | undefined,
  onWrite: () => void,
  options?: CallOptions,
): Promise<AuthentikApplication> {
  let { application } = facts;
  const oldIcon = await needsIconUrl(client, spec, options);
  const { metaIcon, ...others } = plan.application;
  const fields = oldIcon ? others : plan.application;
  if (!application) {
    application = await client.createApplication(
      { ...named(fields, spec), provider: provider?.pk },
      options,
    );
    onWrite();
  } else {
    const join =
      provider && application.provider !== provider.pk
        ? { provider: provider.pk }
        : {};
    if (Object.keys({ ...fields, ...join }).length > 0) {
      application = await client.updateApplication(
        spec.slug,
        { ...fields, ...join },
        options,
      );
      onWrite();
    }
  }
  if (oldIcon && metaIcon !== undefined) {
    await client.setApplicationIconUrl(spec.slug, metaIcon, options);
    onWrite();
  }
  return application;
}

/** Servers before 2025.12 take an icon only through an endpoint of its own. */
async function needsIconUrl(
  client: AuthentikClient,
  spec: ApplicationSpec,
  options?: CallOptions,
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
