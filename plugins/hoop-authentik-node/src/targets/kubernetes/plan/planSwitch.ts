import { SETTING_KEYS } from 'backstage-plugin-hoop-authentik-common';
import type { KubernetesTargetConfig } from '../../../config/types';
import {
  describeProvenance,
  type EnvFromSource,
  type Provenance,
} from '../../../systems/kubernetes';
import { asFound, SecretValue, type Settings } from '../../../core';
import {
  isUnreadOfOurs,
  keyNameOf,
  layoutOf,
  otherNameOf,
  readsAll,
  type Layout,
} from '../read/layout';
import {
  composeEnvironment,
  foundIn,
  isRead,
  readsSame,
  sourceOf,
  type ObjectRef,
  type Snapshot,
} from '../read/objects';
import { replacementFor } from '../read/ownership';
import { describeState, overridesIn } from '../read/state';
import { withoutDelivered } from './delivered';
import { referenceOwners } from './references';
import {
  afterStep,
  bootSafeOrder,
  madeTo,
  NO_SAFE_ORDER,
  needsRestart,
  sameValue,
  surroundingsOf,
  valuesOf,
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

const IDP_URI = 'IDP_URI';

/**
 * Compares a snapshot with the settings wanted; pure.
 *
 * @internal
 */
export function planSwitch(
  snapshot: Snapshot,
  config: KubernetesTargetConfig,
  desired: Settings,
): SwitchPlan {
  const state = describeState(snapshot, config);
  const settings = asFound(desired, key => state.settings[key].value);
  const start = surroundingsOf(snapshot);
  const { layout, owners } = withoutDelivered(
    layoutOf(snapshot, config),
    snapshot,
    config,
    start,
    settings,
  );
  const objects = objectChanges(snapshot, config, start, layout, settings);
  const from = snapshot.container.envFrom ?? [];
  const to = referencesTo(layout, objects, snapshot.container, from);
  const wanted: WriteStep[] = [
    ...objects.map(change => ({ type: 'object' as const, change })),
    ...(to === from ? [] : [{ type: 'references' as const, from, to }]),
  ];
  const order = bootSafeOrder(start, wanted, undefined, steps =>
    keepsIdpUriToTheEnd(start, steps),
  );
  const steps = order ?? wanted;
  const stale = state.settingsInUse === false;
  return {
    steps,
    restart: needsRestart(start, steps) || (steps.length === 0 && stale),
    leftovers: [],
    changes: [
      ...objects.flatMap(change =>
        objectLines(change, config.namespace, settings.IDP_CLIENT_SECRET),
      ),
      ...referenceLines(config, from, to),
    ],
    owners: [
      ...ownersOfWrites(snapshot.deployment, steps, []),
      ...owners,
      ...referenceOwners(start, settings),
    ],
    refusals: [
      ...deploymentRefusals(snapshot, config),
      ...deletionRefusals(snapshot.deployment, steps),
      ...firstOf(
        projectedRefusals(wanted.reduce(afterStep, start), settings),
        order ? [] : [NO_SAFE_ORDER],
      ),
    ],
  };
}

/** The Secret first: the order for a container that reads neither yet. */
function objectChanges(
  snapshot: Snapshot,
  config: KubernetesTargetConfig,
  start: Surroundings,
  layout: Layout,
  settings: Settings,
): ObjectChange[] {
  const emptied = placeToEmptyIdpUri(start, layout);
  return [...layout.objects].reverse().flatMap(({ keys, kind, name }) => {
    const ref = { kind, name };
    const present = presentIn(start, ref);
    const wanted: ObjectChange['data'] = {
      ...Object.fromEntries(
        keys.map(key => [keyNameOf(key, config), settings[key]]),
      ),
      ...(emptied && isSame(emptied, ref) ? { [IDP_URI]: '' } : {}),
      // Removes what an earlier layout left in an object of ours.
      ...Object.fromEntries(
        SETTING_KEYS.filter(
          key => !keys.includes(key) && present && key in present,
        ).map(key => [key, null]),
      ),
    };
    const before = valuesOf(present, Object.keys(wanted));
    const found = foundIn(snapshot, ref);
    const same = Object.entries(wanted).every(([key, value]) =>
      sameValue(value, before[key]),
    );
    // What an interrupted run has left is written again, so that undoing this switch removes it.
    if (found && same && !isUnreadOfOurs(ref, snapshot)) {
      return [];
    }
    return [changeOf(snapshot, config, ref, { data: wanted, before })];
  });
}

/**
 * The object in which an `IDP_URI` is overridden by an empty one, which the gateway takes for unset: the one that sets it, if
 * it is one of ours, else the first of ours, which is read after it. It is emptied in the same request as the settings there,
 * and the order of the requests puts that after the others: until then the gateway ignores the settings.
 *
 * @returns `undefined` where there is none to override, or the container itself sets it
 */
function placeToEmptyIdpUri(
  { container, data }: Surroundings,
  { objects }: Layout,
): ObjectRef | undefined {
  const { environment } = composeEnvironment(container, data);
  const source = environment.entries.get(IDP_URI)?.source;
  if (
    source === undefined ||
    source.kind === 'env' ||
    overridesIn(environment).length === 0
  ) {
    return undefined;
  }
  return (
    objects.find(own => source.object && isSame(own, source.object)) ??
    objects[0]
  );
}

/** Whether an `IDP_URI` that steps override stays in force until the last one: with it, half of the settings do no harm. */
function keepsIdpUriToTheEnd(start: Surroundings, steps: WriteStep[]): boolean {
  const isOverridden = ({ container, data }: Surroundings) =>
    overridesIn(composeEnvironment(container, data).environment).length > 0;
  if (!isOverridden(start) || isOverridden(steps.reduce(afterStep, start))) {
    return true;
  }
  return isOverridden(steps.slice(0, -1).reduce(afterStep, start));
}

function isSame(a: ObjectRef, b: Pick<ObjectRef, 'kind' | 'name'>): boolean {
  return a.kind === b.kind && a.name === b.name;
}

/** What has to stay as it is, is replaced by an object of the next name that is free or ours. */
function changeOf(
  snapshot: Snapshot,
  config: KubernetesTargetConfig,
  ref: ObjectRef,
  values: Pick<ObjectChange, 'data' | 'before'>,
): ObjectChange {
  const { kind } = ref;
  const found = foundIn(snapshot, ref);
  const other = otherNameOf(ref, snapshot, config);
  if (!found || !(found.immutable || other)) {
    return {
      ...ref,
      found,
      ...values,
      ...(isUnreadOfOurs(ref, snapshot) ? { unread: true } : {}),
    };
  }
  const { name, found: next } = replacementFor(
    ref.name,
    snapshot.deployment.metadata.name,
    one => foundIn(snapshot, { kind, name: one }),
    other,
  );
  return {
    ...madeTo({ kind, name, found: next, ...values }, next),
    replaces: found,
    ...(other ? { shownBefore: values.before } : {}),
    ...(other && !isRead(snapshot, { kind, name }) ? { lookUp: true } : {}),
  };
}

function presentIn({ data }: Surroundings, { kind, name }: ObjectRef) {
  return kind === 'ConfigMap' ? data.configMaps[name] : data.secrets[name];
}

/** The container's references with ours among them; the same list where nothing has to change. */
function referencesTo(
  { objects }: Layout,
  changes: ObjectChange[],
  container: Surroundings['container'],
  from: EnvFromSource[],
): EnvFromSource[] {
  return objects.reduce((references, object) => {
    const { kind, name } = object;
    const own = sourceOf({ kind, name });
    const replaced = changes.find(
      change => change.kind === kind && change.replaces?.metadata.name === name,
    );
    const wanted = replaced ? sourceOf(replaced) : own;
    if (
      references.some(source => readsSame(source, wanted)) ||
      (!replaced && readsAll(container, object))
    ) {
      return references;
    }
    return references.some(source => readsSame(source, own))
      ? references.map(source => (readsSame(source, own) ? wanted : source))
      : [...references, wanted];
  }, from);
}

/** What would still be wrong after the switch, by the environment that the container would then start with. */
function projectedRefusals(
  { container, data }: Surroundings,
  settings: Settings,
): string[] {
  const { environment, outcome } = composeEnvironment(container, data);
  const overrides = overridesIn(environment).map(
    ({ key, source, remedy }) => `${key} is set by ${source}. ${remedy}`,
  );
  const shadowed = SETTING_KEYS.flatMap(key => {
    const entry = environment.entries.get(key);
    const wanted = settings[key];
    const same =
      wanted instanceof SecretValue
        ? wanted.equals(entry?.value)
        : wanted ===
          (entry?.value instanceof SecretValue
            ? entry.value.reveal()
            : entry?.value);
    return same || !entry
      ? []
      : [
          `${key} would still be set by ${describeProvenance(
            entry.source,
          )}. ${remedyFor(key, entry.source)}`,
        ];
  });
  const others = [...overrides, ...shadowed];
  return others.length === 0 && 'fails' in outcome
    ? [`The gateway would not start with its environment: ${outcome.fails}`]
    : others;
}

/** A key that `valueFrom` reads may serve other containers, so the entry of this container has to be removed. */
function remedyFor(key: string, { kind, object }: Provenance): string {
  return kind === 'env' && object
    ? `An env entry with valueFrom overrides everything in envFrom: remove the entry ${key} from env of the container.`
    : 'Remove it there.';
}
