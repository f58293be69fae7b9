import { InputError } from '@backstage/errors';
import type { CallOptions, PlanLine } from '../core';
import type {
  AuthentikBinding,
  AuthentikClient,
} from '../systems/authentik/types';
import {
  bindingPlanLines,
  planBindings,
  resolveBindings,
  type BindingChange,
} from './bindings';
import type { GrantRecords } from './grantRecords';
import {
  findOwn,
  recordKey,
  type ApplicationClaim,
  type OwnedApplication,
  type OwnershipOptions,
} from './ownership';
import { explainPermissions } from './refusals';
import { takeBack } from './takeBack';
import { validSpec, type ApplicationSpec } from './spec';

/** The bindings of an application after {@link ensureBindings}. @public */
export interface EnsuredBindings {
  applicationId: string;
  changes: PlanLine[];
  /** Requests that changed something. */
  writes: number;
}

/**
 * Ensures that an application of a gateway has bindings, and changes nothing else of it.
 *
 * @throws InputError when there is no such application, group, user or policy, or the application does not belong to the
 *   gateway
 * @public
 */
export async function ensureBindings(
  client: AuthentikClient,
  claim: ApplicationClaim,
  given: Pick<ApplicationSpec, 'bindings' | 'bindingsMode'>,
  options: OwnershipOptions & {
    run?: OwnershipOptions['run'] & Partial<Pick<GrantRecords, 'grants'>>;
    dryRun?: boolean;
  } = {},
): Promise<EnsuredBindings> {
  const spec = validSpec({ ...given, slug: claim.slug });
  return explainPermissions(client, async () => {
    const [{ application }, wanted] = await Promise.all([
      findOwn(client, claim, options),
      resolveBindings(client, spec.bindings ?? [], options),
    ]);
    // In a dry run of a template the step that creates the application has written nothing.
    if (!application && !options.dryRun) {
      throw new InputError(
        `The authentik application "${spec.slug}" on ${client.baseUrl} does not exist, so nothing can be bound to it. Connect the gateway first.`,
      );
    }
    const granted = options.run?.grants?.map(({ binding }) => binding) ?? [];
    const found = application
      ? await client.listBindings(application.object.pk, options)
      : [];
    const plan = planBindings(
      found.filter(({ pk }) => !granted.includes(pk)),
      wanted,
      spec.bindingsMode ?? 'additive',
    );
    let writes = 0;
    if (application && !options.dryRun) {
      const created: AuthentikBinding[] = [];
      const onWrite = () => writes++;
      const alone = options.run !== undefined;
      const changes = { changes: plan, onWrite };
      try {
        await recordKey(client, application, options);
        await addBindings(
          client,
          application,
          { ...changes, created, alone },
          options,
        );
        await changeBindings(client, application, 'update', changes, options);
        await changeBindings(client, application, 'delete', changes, options);
      } catch (error) {
        throw await takeBack(
          client,
          spec.slug,
          { bindings: created },
          error,
          options,
        );
      }
    }
    return {
      applicationId: application?.object.pk ?? 'assigned-on-creation',
      changes: bindingPlanLines(plan, spec),
      writes,
    };
  });
}

/**
 * Creates the new ones of an application's bindings.
 *
 * @param plan - `created` receives them; `alone` where no other run writes to the application; `onWrite` is called after
 *   each request that changed something
 * @internal
 */
export async function addBindings(
  client: AuthentikClient,
  { object: { pk: target } }: OwnedApplication,
  {
    changes,
    created,
    alone,
    onWrite,
  }: {
    changes: BindingChange[];
    created: AuthentikBinding[];
    alone: boolean;
    onWrite: () => void;
  },
  options?: CallOptions,
): Promise<void> {
  const added = changes.filter(({ kind }) => kind === 'create');
  const adding = added.map(async ({ fields }) => {
    created.push(await client.createBinding(target, fields, options));
    onWrite();
  });
  await Promise.allSettled(adding);
  await Promise.all(adding);
  if (added.length > 0 && !alone) {
    await removeTwins(client, target, created, onWrite, options);
  }
}

/** Changes or removes bindings in their order. @internal */
export async function changeBindings(
  client: AuthentikClient,
  { object: { pk: target } }: OwnedApplication,
  kind: 'update' | 'delete',
  { changes, onWrite }: { changes: BindingChange[]; onWrite: () => void },
  options?: CallOptions,
): Promise<void> {
  for (const { pk, fields } of changes.filter(one => one.kind === kind)) {
    options?.signal?.throwIfAborted();
    if (kind === 'update') {
      await client.updateBinding(pk!, target, fields, options);
    } else {
      await client.deleteBinding(pk!, options);
    }
    onWrite();
  }
}

/**
 * authentik accepts the same binding twice, so concurrent writers may each create it. Each of them reads again afterwards
 * and keeps the one with the smallest key, which is the same for all; the last reader sees them all.
 */
async function removeTwins(
  client: AuthentikClient,
  target: string,
  created: AuthentikBinding[],
  onWrite: () => void,
  options?: CallOptions,
): Promise<void> {
  const present = await client.listBindings(target, options);
  for (const binding of created) {
    const [, ...twins] = present
      .filter(one => isTwin(one, binding))
      .sort((a, b) => (a.pk < b.pk ? -1 : 1));
    for (const { pk } of twins) {
      if (await client.deleteBinding(pk, options)) {
        onWrite();
      }
    }
  }
}

/** The same in everything but the key. */
function isTwin(one: AuthentikBinding, other: AuthentikBinding): boolean {
  return (
    one.group === other.group &&
    one.user === other.user &&
    one.policy === other.policy &&
    one.order === other.order &&
    one.enabled === other.enabled &&
    one.negate === other.negate &&
    one.timeout === other.timeout &&
    one.failureResult === other.failureResult &&
    one.expires === other.expires
  );
}
