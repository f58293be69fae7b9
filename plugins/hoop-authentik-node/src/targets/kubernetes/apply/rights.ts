import { isDeepStrictEqual } from 'node:util';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import type { CallOptions } from '../../../core';
import type { KubernetesTargetConfig } from '../../../config/types';
import {
  KubernetesForbiddenError,
  type KubernetesAccess,
  type KubernetesClient,
} from '../../../systems/kubernetes';
import { RESOURCE_TYPES } from '../../../systems/kubernetes/client/resources';
import type { TargetWriteOptions } from '../../types';
import { editsInPlace, type ObjectChange } from '../plan/steps';
import type { SwitchPlan } from '../plan/switchPlan';
import type { Snapshot } from '../read/objects';
import { isOursAlone } from '../read/ownership';
import { previousValuesName } from '../read/switchRecord';

/** One action that our account in the cluster needs the right to; without a name for `create`, which no rule can restrict. */
interface Right extends KubernetesAccess {
  group: string;
  /** The consequence of not having it, where the plan works without it. */
  optional?: string;
}

/** The parts of a plan that decide which rights it needs. @internal */
export type WrittenPlan = Pick<SwitchPlan, 'steps' | 'leftovers' | 'restart'> &
  Pick<Snapshot, 'previousValues'>;

/**
 * The rights that a plan needs, its restart and clean-up included, beyond those that reading has proven; pure.
 *
 * @internal
 */
export function rightsFor(
  { deployment }: Pick<KubernetesTargetConfig, 'deployment'>,
  { steps, leftovers, restart, previousValues }: WrittenPlan,
): Right[] {
  const apps = { ...ruleOf('Deployment'), name: deployment };
  const changes = steps.flatMap(step =>
    step.type === 'object' ? [step.change] : [],
  );
  // An object that is written twice already exists the second time.
  const written = changes.filter(
    (change, index) =>
      changes.findIndex(
        ({ kind, name }) => kind === change.kind && name === change.name,
      ) === index,
  );
  const rights: Right[] = [
    ...written.flatMap(rightsToWrite),
    ...(changes.some(editsInPlace)
      ? rightsToKeepValues(previousValuesName({ deployment }), previousValues)
      : []),
    ...leftovers.map(rightToCleanUp),
    ...(steps.length > 0 || restart
      ? [
          { verb: 'patch', ...apps },
          {
            verb: 'watch',
            ...apps,
            optional: 'the rollout is polled instead of watched',
          },
          {
            verb: 'get',
            group: '',
            resource: 'pods',
            subresource: 'log',
            optional:
              'the log of a gateway that does not come up cannot be quoted',
          },
        ]
      : []),
  ];
  // Two objects may need the same right, such as to create a Secret.
  return rights.filter(
    (right, index) =>
      rights.findIndex(other => isDeepStrictEqual(other, right)) === index,
  );
}

/** The Secret with the previous values is removed once the switch is verified or undone, since it holds secrets. */
function rightsToKeepValues(
  name: string,
  found: Snapshot['previousValues'],
): Right[] {
  const secret = { ...ruleOf('Secret'), name };
  return [
    { verb: 'get', ...secret },
    ...(found
      ? [{ verb: 'patch', ...secret }]
      : [{ verb: 'create', ...ruleOf('Secret') }]),
    ...(found && !isOursAlone(found, Object.keys(found.data ?? {}))
      ? []
      : [{ verb: 'delete', ...secret }]),
  ];
}

function rightsToWrite({
  kind,
  name,
  found,
  replaces,
  unread,
}: ObjectChange): Right[] {
  return found
    ? [
        { verb: 'patch', ...ruleOf(kind), name },
        ...(unread ? [{ verb: 'delete', ...ruleOf(kind), name }] : []),
      ]
    : [
        { verb: 'create', ...ruleOf(kind) },
        // To remove it when the switch has to be undone: it holds the client secret.
        { verb: 'delete', ...ruleOf(kind), name },
        // Not proven by reading: a replacement is treated as absent where it may not be read.
        ...(replaces ? [{ verb: 'get', ...ruleOf(kind), name }] : []),
      ];
}

function rightToCleanUp({ kind, name, found, data }: ObjectChange): Right {
  return {
    verb: isOursAlone(found, Object.keys(data)) ? 'delete' : 'patch',
    ...ruleOf(kind),
    name,
  };
}

/**
 * Checks before the first write that every right is there, so that no switch is left half-done. Asking changes
 * nothing. A missing optional right is only logged.
 *
 * @throws ServiceUnavailableError naming every right that is missing and the rules to add
 * @internal
 */
export async function requireRights(
  client: KubernetesClient,
  config: Pick<KubernetesTargetConfig, 'deployment' | 'namespace'>,
  plan: WrittenPlan,
  { log, signal }: TargetWriteOptions,
): Promise<void> {
  const { namespace } = config;
  const rights = rightsFor(config, plan);
  const answers = await mayI(client, namespace, rights, { signal });
  const missing = rights.filter((_, index) => !answers[index]);
  const needed = missing.filter(({ optional }) => optional === undefined);
  if (needed.length > 0) {
    throw new ServiceUnavailableError(
      `Nothing was written: the backend's account in the cluster ${
        client.server
      } lacks rights in namespace "${namespace}": ${needed
        .map(describeRight)
        .join(', ')}. Add to its Role there: ${needed
        .map(describeRule)
        .join(
          ' ',
        )} (docs/kubernetes-rbac.md of these plugins lists the whole Role).`,
    );
  }
  for (const right of missing) {
    log(`No right to ${describeRight(right)}: ${right.optional}`, 'warn');
  }
}

async function mayI(
  client: KubernetesClient,
  namespace: string,
  rights: Right[],
  options: CallOptions,
): Promise<boolean[]> {
  try {
    return await client.mayI(
      namespace,
      rights.map(({ optional: _, ...right }) => right),
      options,
    );
  } catch (error) {
    if (KubernetesForbiddenError.is(error) || NotFoundError.is(error)) {
      // Where the review itself is refused, only the write can show it.
      return rights.map(() => true);
    }
    throw error;
  }
}

function ruleOf(kind: keyof typeof RESOURCE_TYPES) {
  const { group, plural } = RESOURCE_TYPES[kind];
  return { group, resource: plural };
}

function resourceOf({ resource, subresource }: Right): string {
  return subresource ? `${resource}/${subresource}` : resource;
}

function describeRight(right: Right): string {
  const object = right.name === undefined ? '' : ` "${right.name}"`;
  return `${right.verb} ${resourceOf(right)}${object}`;
}

/** In the form of a line under `rules` of a Role. */
function describeRule(right: Right): string {
  return `- {apiGroups: ['${right.group}'], resources: [${resourceOf(
    right,
  )}], ${
    right.name === undefined ? '' : `resourceNames: [${right.name}], `
  }verbs: [${right.verb}]}`;
}
