import { randomInt } from 'node:crypto';
import { ConflictError } from '@backstage/errors';
import {
  type CallOptions,
  isBrokenConnection,
  mayBeCarriedOut,
  SecretValue,
  untilSettled,
} from '../core';
import type {
  AuthentikApplication,
  AuthentikClient,
  AuthentikProvider,
} from '../systems/authentik/types';
import { blueprintNotes } from './blueprints';
import type { GrantRecords } from './grantRecords';
import { lookUpApplication, type ApplicationFacts } from './facts';
import {
  requireOwn,
  type ApplicationClaim,
  type OwnershipOptions,
} from './ownership';
import { planApplication, type ApplicationPlan } from './planApplication';
import {
  recordsInMemory,
  type CreatedObject,
  type CreationRecords,
} from './records';
import { explainPermissions } from './refusals';
import {
  providerNameOf,
  validSpec,
  type ApplicationContext,
  type ApplicationSpec,
} from './spec';
import { takeBack, type Created } from './takeBack';
import { writePlan, type NewIdentity } from './writePlan';
import { deleteOwnKeyPair } from './writes';

/**
 * An application as it stands after it was ensured. Carries no secret.
 *
 * @public
 */
export interface EnsuredApplication {
  slug: string;
  name: string;
  applicationId: string;
  providerId: number;
  clientId: string;
  /** What was done, or for a dry run would be done. */
  plan: ApplicationPlan;
  /** Requests that changed something. */
  writes: number;
  /** What a reader has to know, those of the plan included. */
  notes: string[];
}

/** How {@link ensureApplication} runs. @public */
export interface EnsureOptions extends CallOptions {
  /**
   * Receives the plan before it is written, so that it can be shown without reading everything twice, and a new plan
   * when a concurrent write required one. When it throws, nothing further is written.
   */
  onPlan?: (plan: ApplicationPlan) => void;
  /** Knows what was created before, and notes what is created now; while it lasts, no other run writes. */
  run?: CreationRecords & Partial<Pick<GrantRecords, 'grants'>>;
}

/** How long before the write is repeated, where the connection ended; names and slugs are unique, so it cannot count twice. */
const PATIENCE_BEFORE_REPEATING_MS = 3_000;

/** Attempts before giving up on concurrent writers. */
const MOST_ROUNDS = 4;

const ALPHANUMERICS =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Letters and digits need no escaping in Basic authentication, `.env` files and shells. */
function randomAlphanumerics(length: number): string {
  return Array.from(
    { length },
    () => ALPHANUMERICS[randomInt(ALPHANUMERICS.length)],
  ).join('');
}

/**
 * A client secret as authentik itself would make one: 128 letters and digits from a cryptographic generator.
 *
 * @internal
 */
export function generateClientSecret(): SecretValue {
  return new SecretValue(randomAlphanumerics(128));
}

/** A write that authentik may still carry out: what was created stays for the run that continues. */
class UnsettledError extends Error {
  constructor(readonly failure: Error) {
    super(failure.message);
  }
}

/**
 * What {@link ensureApplication} would do with the same `run`; reads only.
 *
 * @throws InputError like {@link ensureApplication}
 * @alpha
 */
export async function previewApplication(
  client: AuthentikClient,
  given: ApplicationSpec,
  context: ApplicationContext,
  { run, ...options }: CallOptions & { run?: CreationRecords } = {},
): Promise<ApplicationPlan> {
  const spec = validSpec(given);
  return explainPermissions(client, async () => {
    const facts = await lookUpApplication(client, spec, options);
    requireOwn(client, claimOf(spec, context), facts, run);
    const plan = planApplication(spec, facts, {
      ...context,
      ownCertificates: run && certificatesIn(run.created, client.baseUrl),
    });
    return context.checkBlueprints
      ? {
          ...plan,
          notes: [
            ...plan.notes,
            ...(await blueprintNotes(client, facts, plan, options)),
          ],
        }
      : plan;
  });
}

/**
 * Makes sure that an application with its OAuth2/OpenID provider and bindings is as wanted: creates, joins and patches
 * with single writes, in an order in which it is never open to everyone, and writes nothing that is right already. A write
 * whose answer is lost is looked up. When another writer creates the same pair at the same moment, both converge on one
 * pair.
 *
 * @throws InputError for a spec that cannot be met, naming what exists instead, and for an application or a provider that
 *   does not belong to the gateway
 * @throws ConflictError when other writers keep changing the application
 * @throws ServiceUnavailableError when authentik cannot be reached or refuses our token
 * @public
 */
export async function ensureApplication(
  client: AuthentikClient,
  given: ApplicationSpec,
  context: ApplicationContext,
  options?: EnsureOptions,
): Promise<EnsuredApplication> {
  const spec = validSpec(given);
  return explainPermissions(client, async () => {
    const created: Created = { bindings: [] };
    const run = options?.run ?? recordsInMemory();
    try {
      return await ensureInRounds(client, spec, context, created, {
        ...options,
        run,
        alone: options?.run !== undefined,
      });
    } catch (error) {
      throw error instanceof UnsettledError
        ? error.failure
        : await takeBack(client, spec.slug, created, error, { run });
    }
  });
}

function claimOf(
  { slug }: ApplicationSpec,
  { gateway, claimedApplication, redirectUri }: ApplicationContext,
): ApplicationClaim {
  return { gateway, slug, claimedApplication, redirectUri };
}

async function ensureInRounds(
  client: AuthentikClient,
  spec: ApplicationSpec,
  context: ApplicationContext,
  created: Created,
  {
    onPlan,
    run,
    alone,
    ...options
  }: EnsureOptions & {
    run: NonNullable<EnsureOptions['run']>;
    alone: boolean;
  },
): Promise<EnsuredApplication> {
  const claim = claimOf(spec, context);
  const identity = newIdentity(context.gateway ?? spec.slug);
  const notes: string[] = [];
  let writes = 0;
  let firstPlan: ApplicationPlan | undefined;
  let doubt: { error: Error; situation: string } | undefined;
  let clash: Error | undefined;
  let isRepeated = false;
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const facts = await lookUpApplication(client, spec, options);
    const own = requireOwn(client, claim, facts, run);
    const plan = planApplication(spec, facts, {
      ...context,
      ownCertificates: certificatesIn(run.created, client.baseUrl),
      granted: run.grants?.map(({ binding }) => binding),
    });
    if (!firstPlan && context.checkBlueprints) {
      plan.notes.push(...(await blueprintNotes(client, facts, plan, options)));
    }
    firstPlan ??= plan;
    const situation = JSON.stringify([
      facts.application?.pk,
      facts.provider?.pk,
      plan.changes,
    ]);
    if (doubt?.situation === situation) {
      // Neither this run nor a concurrent writer has changed anything: the request did not arrive, or the server failed.
      if (isBrokenConnection(doubt.error) && !isRepeated) {
        isRepeated = true;
      } else {
        throw mayBeCarriedOut(doubt.error)
          ? new UnsettledError(doubt.error)
          : doubt.error;
      }
    }
    onPlan?.(plan);
    if (plan.action === 'unchanged') {
      await dropUnusedKey(client, created, { ...options, run });
      return result(facts, { plan: firstPlan, writes, notes });
    }
    options.signal?.throwIfAborted();
    const outcome = await writePlan(
      {
        client,
        spec,
        own,
        plan,
        identity,
        created,
        transaction: context.transaction ?? false,
        // A binding whose answer was lost may come after the next look at them.
        alone: alone && doubt === undefined,
      },
      { ...options, run },
    );
    writes += outcome.writes;
    notes.push(...outcome.notes);
    doubt = outcome.doubt && { error: outcome.doubt, situation };
    clash = outcome.clash ?? clash;
    if (outcome.written) {
      if (round > 1) {
        await dropUnusedKey(client, created, { ...options, run });
      }
      return {
        ...describePair(outcome.written.application, outcome.written),
        plan: firstPlan,
        writes,
        notes: [...plan.notes, ...notes],
      };
    }
    if (mayBeCarriedOut(outcome.doubt)) {
      const repeats = isBrokenConnection(outcome.doubt) && !isRepeated;
      await untilChanged(client, spec, facts, {
        ...options,
        patienceMs: repeats
          ? PATIENCE_BEFORE_REPEATING_MS
          : client.writeTimeoutMs,
      });
    }
  }
  throw new ConflictError(
    `Could not reconcile the authentik application "${spec.slug}" on ${client.baseUrl} after ${MOST_ROUNDS} attempts. ` +
      'If another process keeps changing it, run the task again. If an object of another type, or one that the token may ' +
      `not see, has the name, choose another name.${
        clash ? ` authentik answered: ${clash.message}` : ''
      }`,
  );
}

/** Looks for what the request whose answer was lost has changed. */
async function untilChanged(
  client: AuthentikClient,
  spec: ApplicationSpec,
  { application, provider, bindings }: ApplicationFacts,
  { signal, patienceMs }: CallOptions & { patienceMs: number },
): Promise<void> {
  const options = { signal, fresh: true };
  const before = JSON.stringify([application, provider, bindings]);
  const look = async () => {
    const found = await Promise.all([
      client.getApplication(spec.slug, options),
      provider
        ? client.getProvider(provider.pk, options)
        : client.findProviderByName(providerNameOf(spec), options),
      application ? client.listBindings(application.pk, options) : [],
    ]);
    return JSON.stringify(found) === before ? undefined : true;
  };
  await untilSettled(look, { signal, patienceMs });
}

/** Where another writer was first with the provider, the certificate of this run signs nothing. */
async function dropUnusedKey(
  client: AuthentikClient,
  { keyPair }: Created,
  options: OwnershipOptions,
): Promise<void> {
  if (keyPair) {
    await deleteOwnKeyPair(client, keyPair, options);
  }
}

function newIdentity(gateway: string): NewIdentity {
  return {
    clientId: randomAlphanumerics(40),
    clientSecret: generateClientSecret(),
    // The subject of a certificate has at most 64 characters.
    certificateName: `hoop-${gateway.slice(0, 48)}-${randomAlphanumerics(8)}`,
  };
}

function certificatesIn(
  created: readonly CreatedObject[],
  baseUrl: string,
): string[] {
  return created
    .filter(({ kind, system }) => kind === 'certificate' && system === baseUrl)
    .map(({ name }) => name);
}

function result(
  facts: ApplicationFacts,
  rest: Pick<EnsuredApplication, 'plan' | 'writes' | 'notes'>,
): EnsuredApplication {
  return {
    ...describePair(facts.application!, {
      providerId: facts.provider!.pk,
      clientId: facts.provider!.clientId,
    }),
    ...rest,
    notes: [...rest.plan.notes, ...rest.notes],
  };
}

function describePair(
  application: AuthentikApplication,
  provider: { providerId: AuthentikProvider['pk']; clientId: string },
) {
  return {
    slug: application.slug,
    name: application.name,
    applicationId: application.pk,
    providerId: provider.providerId,
    clientId: provider.clientId,
  };
}
