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
import type { ApplicationFacts } from './lookups';
import type { ApplicationPlan } from './planApplication';
import type { ApplicationSpec } from './types';
import { writeBindings } from './writeBindings';

/** The pair as written, or nothing where another writer came first. */
interface WriteOutcome {
  writes: number;
  written:
    | {
        application: AuthentikApplication;
        providerId: number;
        clientId: string;
      }
    | undefined;
  /** Why nothing was written, where the server did not say that another writer came first but may have meant it. */
  doubt?: Error;
  /** What the server says is taken already. */
  clash?: Error;
}

/** @internal */
export interface NewCredentials {
  clientId: string;
  clientSecret: SecretValue;
}

/**
 * Carries a plan out.
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
 * Several requests that add something each need a right of their own: without one of them the others would be all that is
 * written. Asked for only where something is added beside another write.
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

/** One transaction, then one read for the keys authentik gave. */
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

/** Provider, application, bindings, and last the application joins the provider; each only where something differs. */
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
    // An application that cannot be signed in to yet gets its bindings first: with none, everyone may sign in.
    const joinAtOnce = plan.bindings.length === 0;
    const application = await writeApplication(
      client,
      spec,
      facts,
      plan,
      joinAtOnce ? provider : undefined,
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
 * Nothing half-done is left behind: a provider that no application joined is of no use to anybody. Another writer may
 * have found it and joined it, and an application whose answer got lost may be there: then it stays. Not cancelled with
 * the task, and silent, since the error that led here is the one to report.
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
    // One may be permitted where the other is not.
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
  return { ...fields, name: fields.name ?? `Provider for ${spec.slug}` };
}

/**
 * A clash means that somebody else wrote in between: the caller looks again and converges. Up to 2025.10 a creation that
 * loses a race ends in a server error.
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
