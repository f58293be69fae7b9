import { randomInt, randomUUID } from 'node:crypto';
import { InputError } from '@backstage/errors';
import type { CallOptions, PlanLine } from '../core';
import type {
  AuthentikApplication,
  AuthentikBinding,
  AuthentikClient,
} from '../systems/authentik/types';
import type { AccessGrant, GrantRecords } from './grantRecords';
import {
  findOwn,
  type ApplicationClaim,
  type OwnershipOptions,
} from './ownership';
import { explainPermissions, unknownName } from './refusals';

/** Who is to be let in, by name in authentik, and until when. @alpha */
export interface WantedGrant {
  /** Id of the request. */
  request: string;
  group?: string;
  user?: string;
  /** ISO 8601, UTC. */
  until?: string;
}

/** @alpha */
export interface GrantedAccess {
  applicationId: string;
  changes: PlanLine[];
  writes: number;
}

/** Marks begin beyond the orders that people give, and stay within the integers that authentik stores. */
const FIRST_MARK = 1_000_000;
const LAST_MARK = 2_000_000_000;

/** What is to be done for a grant. */
type Step =
  | { kind: 'create'; again?: AccessGrant }
  | { kind: 'adopt'; grant: AccessGrant; binding: AuthentikBinding }
  | { kind: 'extend'; grant: AccessGrant };

/**
 * Lets a group or a user sign in to a gateway, beside those who may already. Never opens an application and never bars
 * anyone: one without an enabled binding, where everyone may sign in, and one whose bindings all have to pass are refused.
 *
 * @param options - `run` remembers the binding before it is made; without one, or in a dry run, only `changes` is computed
 * @throws InputError for what is refused, naming why
 * @alpha
 */
export async function grantAccess(
  client: AuthentikClient,
  claim: ApplicationClaim,
  wanted: WantedGrant,
  options: Omit<OwnershipOptions, 'run'> & {
    run?: OwnershipOptions['run'] & GrantRecords;
    /** Those of the gateway, where there is no run. */
    grants?: readonly AccessGrant[];
    dryRun?: boolean;
  } = {},
): Promise<GrantedAccess> {
  return explainPermissions(client, async () => {
    const [{ application: owned }, subject] = await Promise.all([
      findOwn(client, claim, options),
      resolveSubject(client, wanted, options),
    ]);
    if (!owned) {
      throw new InputError(
        `The authentik application "${claim.slug}" on ${client.baseUrl} does not exist, so no one can be let in. Connect the gateway first.`,
      );
    }
    const application = owned.object;
    const bindings = await client.listBindings(application.pk, options);
    const known = (options.run?.grants ?? options.grants ?? []).filter(
      ({ system, target }) =>
        system === client.baseUrl && target === application.pk,
    );
    const step = planGrant(application, bindings, known, subject, wanted);
    const { run } = options;
    const writes =
      run && !options.dryRun
        ? await carryOut(
            client,
            application,
            { step, subject, wanted, run },
            options,
          )
        : 0;
    return {
      applicationId: application.pk,
      changes: linesOf(claim.slug, subject, step, wanted),
      writes,
    };
  });
}

async function resolveSubject(
  client: AuthentikClient,
  { group, user }: WantedGrant,
  options: CallOptions,
): Promise<AccessGrant['subject']> {
  if ((group === undefined) === (user === undefined)) {
    throw new InputError('Give either a group or a user to let in, not both.');
  }
  if (group !== undefined) {
    const found = await client.findGroup(group, options);
    if (!found) {
      throw unknownName(client, 'group', group);
    }
    return { kind: 'group', key: found.pk, name: group };
  }
  const found = await client.findUser(user!, options);
  if (!found) {
    throw unknownName(client, 'user', user!);
  }
  return { kind: 'user', key: `${found.pk}`, name: user! };
}

/**
 * Pure.
 *
 * @throws InputError for what is refused
 * @internal
 */
export function planGrant(
  {
    slug,
    policyEngineMode,
  }: Pick<AuthentikApplication, 'slug' | 'policyEngineMode'>,
  bindings: readonly AuthentikBinding[],
  grants: readonly AccessGrant[],
  subject: AccessGrant['subject'],
  { request }: Pick<WantedGrant, 'request'>,
): Step {
  if (policyEngineMode === 'all') {
    throw new InputError(
      `All bindings of the application "${slug}" have to pass (policy engine mode "all"), so another one would bar people who may sign in now. Set the mode to "any" first.`,
    );
  }
  const of = (one: AuthentikBinding) => isBindingOf(one, subject);
  const granted = grants.find(grant => isSameSubject(grant.subject, subject));
  const ours = granted && findGranted(bindings, granted);
  const theirs = bindings.filter(one => of(one) && one.pk !== ours?.pk);
  const title = `${subject.kind} "${subject.name}"`;
  if (theirs.some(({ enabled, negate }) => negate || !enabled)) {
    throw new InputError(
      `A binding of the application "${slug}" keeps the ${title} out, or is disabled. Change it in authentik.`,
    );
  }
  if (theirs.length > 0) {
    throw new InputError(
      `The ${title} may sign in already: it is bound to the application "${slug}".`,
    );
  }
  if (ours && granted) {
    return granted.binding === ''
      ? { kind: 'adopt', grant: granted, binding: ours }
      : { kind: 'extend', grant: granted };
  }
  if (!bindings.some(({ enabled }) => enabled)) {
    throw new InputError(
      `Everyone with an account in authentik may sign in: the application "${slug}" has no enabled binding. The first one would lock the others out, so bind a group with the software template first.`,
    );
  }
  return {
    kind: 'create',
    again: granted?.request === request ? granted : undefined,
  };
}

/** The binding of a grant; one whose subject was changed in authentik is not ours any more. @internal */
export function findGranted(
  bindings: readonly AuthentikBinding[],
  { binding, mark, subject }: AccessGrant,
): AuthentikBinding | undefined {
  return bindings.find(
    one =>
      isBindingOf(one, subject) &&
      (binding === '' ? one.order === mark : one.pk === binding),
  );
}

function isBindingOf(
  { group, user }: AuthentikBinding,
  { kind, key }: AccessGrant['subject'],
): boolean {
  return kind === 'group' ? group === key : `${user}` === key;
}

function isSameSubject(
  one: AccessGrant['subject'],
  other: AccessGrant['subject'],
): boolean {
  return one.kind === other.kind && one.key === other.key;
}

async function carryOut(
  client: AuthentikClient,
  application: AuthentikApplication,
  {
    step,
    subject,
    wanted,
    run,
  }: {
    step: Step;
    subject: AccessGrant['subject'];
    wanted: WantedGrant;
    run: GrantRecords;
  },
  options: CallOptions,
): Promise<number> {
  const { request, until } = wanted;
  if (step.kind !== 'create') {
    const { grant } = step;
    const binding = step.kind === 'adopt' ? step.binding.pk : grant.binding;
    await run.keepGrant({ ...grant, binding, request, until });
    return 0;
  }
  const grant: AccessGrant = {
    id: step.again?.id ?? randomUUID(),
    mark: step.again?.mark ?? randomInt(FIRST_MARK, LAST_MARK),
    request,
    system: client.baseUrl,
    application: application.slug,
    target: application.pk,
    binding: '',
    subject,
    until,
  };
  await run.keepGrant(grant);
  const { pk } = await client.createBinding(
    application.pk,
    {
      ...(subject.kind === 'group'
        ? { group: subject.key }
        : { user: Number(subject.key) }),
      order: grant.mark,
    },
    options,
  );
  await run.keepGrant({ ...grant, binding: pk });
  return 1;
}

function linesOf(
  slug: string,
  { kind, name }: AccessGrant['subject'],
  step: Step,
  { until }: WantedGrant,
): PlanLine[] {
  const end = (at: string | undefined) =>
    at === undefined ? 'enabled, without an end' : `enabled until ${at}`;
  const from = step.kind === 'extend' ? end(step.grant.until) : '(none)';
  const to = end(until);
  return from === to
    ? []
    : [
        {
          object: `authentik application "${slug}"`,
          field: `binding ${kind} "${name}"`,
          from,
          to,
        },
      ];
}
