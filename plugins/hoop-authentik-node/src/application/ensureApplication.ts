import { randomInt } from 'node:crypto';
import { ConflictError } from '@backstage/errors';
import { type CallOptions, SecretValue } from '../core';
import type {
  AuthentikApplication,
  AuthentikClient,
  AuthentikProvider,
} from '../systems/authentik/types';
import { lookUpApplication, type ApplicationFacts } from './facts';
import { requireOwn, type ApplicationClaim } from './ownership';
import { planApplication, type ApplicationPlan } from './planApplication';
import { recordsInMemory, type CreationRecords } from './records';
import { explainPermissions } from './refusals';
import {
  validSpec,
  type ApplicationContext,
  type ApplicationSpec,
} from './spec';
import { writePlan } from './writePlan';

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
}

/** How {@link ensureApplication} runs. @public */
export interface EnsureOptions extends CallOptions {
  /**
   * Receives the plan before it is written, so that it can be shown without reading everything twice, and a new plan
   * when a concurrent write required one. When it throws, nothing further is written.
   */
  onPlan?: (plan: ApplicationPlan) => void;
  /** Knows what was created before, and notes what is created now. */
  run?: CreationRecords;
}

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

/**
 * What {@link ensureApplication} would do; reads only.
 *
 * @throws InputError like {@link ensureApplication}
 * @alpha
 */
export async function previewApplication(
  client: AuthentikClient,
  given: ApplicationSpec,
  context: ApplicationContext,
  options?: CallOptions,
): Promise<ApplicationPlan> {
  const spec = validSpec(given);
  return explainPermissions(
    client,
    async () => {
      const facts = await lookUpApplication(client, spec, options);
      requireOwn(client, claimOf(spec, context), facts);
      return planApplication(spec, facts, context);
    },
    options,
  );
}

/**
 * Makes sure that an application with its OAuth2/OpenID provider and bindings is as wanted: creates both in one
 * transaction where neither exists, joins and patches what exists, and writes nothing that is right already. When
 * another writer creates the same pair at the same moment, both converge on one pair.
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
  return explainPermissions(
    client,
    () => ensureInRounds(client, spec, context, options),
    options,
  );
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
  { onPlan, run = recordsInMemory(), ...options }: EnsureOptions = {},
): Promise<EnsuredApplication> {
  const claim = claimOf(spec, context);
  let writes = 0;
  let firstPlan: ApplicationPlan | undefined;
  let doubt: { error: Error; situation: string } | undefined;
  let clash: Error | undefined;
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const facts = await lookUpApplication(client, spec, options);
    const own = requireOwn(client, claim, facts, run);
    const plan = planApplication(spec, facts, context);
    firstPlan ??= plan;
    const situation = `${plan.action} ${facts.application?.pk} ${facts.provider?.pk}`;
    if (doubt?.situation === situation) {
      // No concurrent writer created what was missing: the server failed.
      throw doubt.error;
    }
    onPlan?.(plan);
    if (plan.action === 'unchanged') {
      return result(facts, firstPlan, writes);
    }
    options.signal?.throwIfAborted();
    const outcome = await writePlan(
      client,
      spec,
      own,
      plan,
      {
        clientId: randomAlphanumerics(40),
        clientSecret: generateClientSecret(),
      },
      { ...options, run },
    );
    writes += outcome.writes;
    doubt = outcome.doubt && { error: outcome.doubt, situation };
    clash = outcome.clash ?? clash;
    if (outcome.written) {
      return {
        ...describePair(outcome.written.application, outcome.written),
        plan: firstPlan,
        writes,
      };
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

function result(
  facts: ApplicationFacts,
  plan: ApplicationPlan,
  writes: number,
): EnsuredApplication {
  return {
    ...describePair(facts.application!, {
      providerId: facts.provider!.pk,
      clientId: facts.provider!.clientId,
    }),
    plan,
    writes,
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
