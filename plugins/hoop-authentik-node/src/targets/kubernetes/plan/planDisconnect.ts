import { SETTING_KEYS } from 'backstage-plugin-hoop-authentik-common';
import type { KubernetesTargetConfig } from '../../../config/types';
import {
  describeProvenance,
  type EnvFromSource,
} from '../../../systems/kubernetes';
import { SecretValue } from '../../../core';
import {
  composeEnvironment,
  readsSame,
  sourceOf,
  type Snapshot,
} from '../read/objects';
import { isManaged } from '../read/owners';
import { describeState } from '../read/state';
import { carriersOf, otherObjects, type Carrier } from './carriers';
import {
  afterStep,
  bootSafeOrder,
  canStart,
  NO_SAFE_ORDER,
  needsRestart,
  surroundingsOf,
  type ObjectChange,
  type Surroundings,
  type WriteStep,
} from './steps';
import {
  deletionRefusals,
  deploymentRefusals,
  firstOf,
  objectLines,
  ownersOfWrites,
  referenceLines,
  type SwitchPlan,
} from './switchPlan';

/** Some steps, in a safe order where there is one, and the objects that nothing reads after them. */
interface Way {
  wanted: WriteStep[];
  order: WriteStep[] | undefined;
  to: EnvFromSource[];
  leftovers: ObjectChange[];
}

/**
 * What is left to do to return a gateway to local sign-in: references to objects that carry nothing but settings are
 * removed first, in one request; objects that nothing reads any more are cleaned up once the gateway runs. Objects that
 * carry other variables as well stay referenced and only lose the settings, and so do all objects of a Deployment that a
 * tool manages, since the tool would restore the references; pure.
 *
 * @internal
 */
export function planDisconnect(
  snapshot: Snapshot,
  config: KubernetesTargetConfig,
): SwitchPlan {
  const start = surroundingsOf(snapshot);
  const carriers = carriersOf(snapshot, start, config);
  const from = snapshot.container.envFrom ?? [];
  const { wanted, order, to, leftovers } =
    (isManaged(snapshot.deployment)
      ? wayWithReferences(start, carriers, from)
      : undefined) ?? wayWithoutReferences(start, carriers, from);
  const steps = order ?? wanted;
  const stale = describeState(snapshot, config).settingsInUse === false;
  return {
    steps,
    restart: needsRestart(start, steps) || (steps.length === 0 && stale),
    leftovers: [...otherObjects(snapshot, carriers, config), ...leftovers],
    changes: [
      ...referenceLines(config, from, to),
      ...carriers.flatMap(({ change }) =>
        change ? objectLines(change, config.namespace, secretIn(start)) : [],
      ),
    ],
    owners: ownersOfWrites(snapshot.deployment, steps, leftovers),
    refusals: [
      ...(wanted.length > 0 ? deploymentRefusals(snapshot, config) : []),
      ...deletionRefusals(snapshot.deployment, steps),
      ...immutableRefusals(wanted),
      ...firstOf(
        remainingRefusals(wanted.reduce(afterStep, start)),
        order ? [] : [NO_SAFE_ORDER],
      ),
    ],
  };
}

/** References to objects with nothing but settings are removed; other objects lose the settings. */
function wayWithoutReferences(
  start: Surroundings,
  carriers: Carrier[],
  from: EnvFromSource[],
): Way {
  const dropped = carriers.filter(
    ({ referenced, foreign }) => referenced && !foreign,
  );
  const kept = carriers.filter(
    ({ referenced, foreign }) => referenced && foreign,
  );
  const to = from.filter(
    source => !dropped.some(ref => readsSame(source, sourceOf(ref))),
  );
  const wanted: WriteStep[] = [
    ...(dropped.length > 0 ? [{ type: 'references' as const, from, to }] : []),
    ...stepsOf(kept),
  ];
  const blanks = dropped.flatMap(({ blank }) =>
    blank ? [{ type: 'object' as const, change: blank }] : [],
  );
  const isBlanked = (step: WriteStep) =>
    step.type === 'object' &&
    blanks.some(
      ({ change: { kind, name } }) =>
        kind === step.change.kind && name === step.change.name,
    );
  const blanksFirst = (order: WriteStep[]) =>
    !order
      .slice(order.findIndex(({ type }) => type === 'references'))
      .some(isBlanked);
  const order =
    blanks.length > 0
      ? bootSafeOrder(
          start,
          [...blanks, ...wanted],
          parkIn(dropped.filter(({ blank }) => !blank)),
          blanksFirst,
        )
      : undefined;
  return {
    wanted,
    order: order ?? bootSafeOrder(start, wanted, parkIn(dropped)),
    to,
    leftovers: changesOf(carriers.filter(one => !kept.includes(one))),
  };
}

/** All objects stay referenced and lose the settings; `undefined` where the gateway could not start on the way or after. */
function wayWithReferences(
  start: Surroundings,
  carriers: Carrier[],
  from: EnvFromSource[],
): Way | undefined {
  const wanted = stepsOf(carriers.filter(({ referenced }) => referenced));
  const order = bootSafeOrder(start, wanted);
  return order &&
    immutableRefusals(wanted).length === 0 &&
    canStart(wanted.reduce(afterStep, start))
    ? {
        wanted,
        order,
        to: from,
        leftovers: changesOf(carriers.filter(({ referenced }) => !referenced)),
      }
    : undefined;
}

function changesOf(carriers: Carrier[]): ObjectChange[] {
  return carriers.flatMap(({ change }) => change ?? []);
}

function stepsOf(carriers: Carrier[]): WriteStep[] {
  return changesOf(carriers).map(change => ({ type: 'object', change }));
}

/** Local sign-in for the time between the change of one object and the removal of the other. */
function parkIn(dropped: Carrier[]): WriteStep | undefined {
  const change = dropped.find(
    one => one.change && 'AUTH_METHOD' in one.change.data,
  )?.change;
  return change && !change.found?.immutable
    ? {
        type: 'object',
        change: {
          ...change,
          data: { AUTH_METHOD: 'local' },
          before: { AUTH_METHOD: change.before.AUTH_METHOD },
        },
      }
    : undefined;
}

function secretIn({ container, data }: Surroundings): SecretValue | undefined {
  const value = composeEnvironment(container, data).environment.entries.get(
    'IDP_CLIENT_SECRET',
  )?.value;
  return typeof value === 'string' ? new SecretValue(value) : value;
}

function immutableRefusals(steps: WriteStep[]): string[] {
  return steps.flatMap(step =>
    step.type === 'object' && step.change.found?.immutable
      ? [
          `The ${step.change.kind} "${step.change.name}" is immutable and holds other variables of the gateway beside its settings. ` +
            'Replace it with one without AUTH_METHOD and the IDP_ settings.',
        ]
      : [],
  );
}

/** Other variables that would keep the gateway from local sign-in, with where they are set. */
function remainingRefusals({ container, data }: Surroundings): string[] {
  const { environment, outcome } = composeEnvironment(container, data);
  if ('method' in outcome && outcome.method === 'local') {
    return [];
  }
  const remaining = ['AUTH_METHOD', 'IDP_URI', ...SETTING_KEYS].filter(
    (key, index, keys) =>
      keys.indexOf(key) === index && environment.entries.has(key),
  );
  return remaining.length > 0
    ? remaining.map(
        key =>
          `${key} would still be set by ${describeProvenance(
            environment.entries.get(key)!.source,
          )}. Remove it there.`,
      )
    : [
        `The gateway would not start with its environment: ${
          'fails' in outcome ? outcome.fails : outcome.method
        }`,
      ];
}
