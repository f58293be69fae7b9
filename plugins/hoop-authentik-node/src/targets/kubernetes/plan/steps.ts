import {
  SECRET_SETTING_KEY,
  SETTING_KEYS,
} from 'backstage-plugin-hoop-authentik-common';
import {
  decodeSecretData,
  type ConfigMap,
  type Container,
  type EnvFromSource,
  type Secret,
} from '../../../systems/kubernetes';
import { SecretValue } from '../../../core';
import {
  composeEnvironment,
  dataOf,
  readsSame,
  refersTo,
  sourceOf,
  type ObjectData,
  type ObjectRef,
  type Snapshot,
} from '../read/objects';

type Values = Record<string, SecretValue | string | null>;

/**
 * A change of one object that carries settings, with all its keys in one request, so that no reader sees half of it.
 *
 * @internal
 */
export interface ObjectChange extends ObjectRef {
  /** As read; `undefined` where the object has to be created. */
  found: ConfigMap | Secret | undefined;
  /** Plain text to set, `null` to remove a key. */
  data: Values;
  /** The values of these keys as read; `null` where a key was absent. */
  before: Values;
  /** An object that this one replaces, since it is immutable or keeps the previous settings: its other keys are copied. */
  replaces?: ConfigMap | Secret;
  /** The values of these keys in an object of ours that this one replaces, for the plan that people see. */
  shownBefore?: Values;
  /** One of ours that the container does not read: whatever it holds, there is no way back to it. */
  unread?: boolean;
  /** Whether it exists is found out before the first write. */
  lookUp?: boolean;
}

/** Whether a change edits an object that holds something to go back to. @internal */
export function editsInPlace({ found, unread }: ObjectChange): boolean {
  return found !== undefined && !unread;
}

/** The change of an object that was found only later; settings that it still holds are removed. @internal */
export function madeTo(
  change: ObjectChange,
  found: ObjectChange['found'],
): ObjectChange {
  const present =
    change.kind === 'Secret' ? decodeSecretData(found?.data) : found?.data;
  const stale = SETTING_KEYS.filter(
    key => !(key in change.data) && present && key in present,
  );
  const data = {
    ...change.data,
    ...Object.fromEntries(stale.map(key => [key, null])),
  };
  return {
    ...change,
    found,
    data,
    before: valuesOf(present, Object.keys(data)),
    unread: found && true,
    lookUp: undefined,
  };
}

/**
 * One request that changes something.
 *
 * @internal
 */
export type WriteStep =
  | { type: 'object'; change: ObjectChange }
  /** The container's whole `envFrom`; a new pod template restarts the gateway as well. */
  | { type: 'references'; from: EnvFromSource[]; to: EnvFromSource[] };

/** What a container starts with. @internal */
export interface Surroundings {
  container: Pick<Container, 'env' | 'envFrom'>;
  data: ObjectData;
}

/** @internal */
export function surroundingsOf(snapshot: Snapshot): Surroundings {
  return { container: snapshot.container, data: dataOf(snapshot) };
}

/** The surroundings after a step; pure. @internal */
export function afterStep(
  { container, data }: Surroundings,
  step: WriteStep,
): Surroundings {
  return step.type === 'references'
    ? { container: { ...container, envFrom: step.to }, data }
    : { container, data: withChange(data, step.change) };
}

/**
 * Orders the writes so that the gateway could start after each of them: a pod may restart, and this process may stop, at
 * any moment. Tries the given order first, then others, and where none is safe, one in which the ConfigMap says
 * `AUTH_METHOD: local` until everything else is in place. For a gateway that could not start anyway any order is safe;
 * pure.
 *
 * @param park - says `AUTH_METHOD: local` in an object that is not changed otherwise; made only where it helps
 * @param allowed - rejects orders that another condition rules out
 * @returns `undefined` where there is no such order
 * @internal
 */
export function bootSafeOrder(
  start: Surroundings,
  steps: WriteStep[],
  park?: WriteStep,
  allowed: (order: WriteStep[]) => boolean = () => true,
): WriteStep[] | undefined {
  if (!canStart(start)) {
    return steps;
  }
  const candidates = [
    ...permutations(steps),
    ...parkedOrders(steps),
    ...(park ? permutations([park, ...steps]) : []),
  ];
  return candidates.find(
    order => allowed(order) && staysBootable(start, order),
  );
}

/** Why steps without a safe order are refused, and what to do. @internal */
export const NO_SAFE_ORDER =
  'The settings are spread over their objects so that no order of the writes keeps the gateway able to start. ' +
  'Move IDP_CLIENT_SECRET to the object that app-config names for it, move the other settings out of that object, and run the task again.';

/** Whether a restart has to follow, because the last request does not cause one. @internal */
export function needsRestart(start: Surroundings, steps: WriteStep[]): boolean {
  let state = start;
  let stale = false;
  for (const step of steps) {
    state = afterStep(state, step);
    stale =
      step.type === 'object' && (stale || reads(state.container, step.change));
  }
  return stale;
}

function reads(
  { env = [], envFrom = [] }: Surroundings['container'],
  ref: ObjectRef,
) {
  return (
    envFrom.some(source => readsSame(source, sourceOf(ref))) ||
    env.some(variable => refersTo(variable, ref))
  );
}

function staysBootable(start: Surroundings, order: WriteStep[]): boolean {
  let state = start;
  return order.every(step => {
    state = afterStep(state, step);
    return canStart(state);
  });
}

/** Whether the gateway could start; pure. @internal */
export function canStart({ container, data }: Surroundings): boolean {
  return !('fails' in composeEnvironment(container, data).outcome);
}

/** Every order of the steps with the change of the method split in two: `local` first, the wanted method last. */
function parkedOrders(steps: WriteStep[]): WriteStep[][] {
  const index = steps.findIndex(
    step => step.type === 'object' && 'AUTH_METHOD' in step.change.data,
  );
  const step = steps[index];
  if (step?.type !== 'object') {
    return [];
  }
  const { AUTH_METHOD, ...others } = step.change.data;
  const park: WriteStep = {
    type: 'object',
    change: { ...step.change, data: { ...others, AUTH_METHOD: 'local' } },
  };
  const release: WriteStep = {
    type: 'object',
    change: {
      ...step.change,
      // The first half has copied the other keys, except those that are removed.
      replaces: undefined,
      data: { AUTH_METHOD },
      before: { AUTH_METHOD: 'local' },
    },
  };
  return permutations([
    ...steps.slice(0, index),
    park,
    ...steps.slice(index + 1),
    release,
  ]).filter(order => order.indexOf(park) < order.indexOf(release));
}

function permutations<T>(items: T[]): T[][] {
  return items.length < 2
    ? [items]
    : items.flatMap((item, index) =>
        permutations(items.filter((_, other) => other !== index)).map(rest => [
          item,
          ...rest,
        ]),
      );
}

function withChange(
  data: ObjectData,
  { kind, name, data: values, replaces }: ObjectChange,
): ObjectData {
  const members = kind === 'ConfigMap' ? 'configMaps' : 'secrets';
  const merged: Record<string, string> = {
    ...(replaces ? data[members][replaces.metadata.name] : {}),
    ...data[members][name],
  };
  for (const [key, value] of Object.entries(values)) {
    if (value === null) {
      delete merged[key];
    } else {
      merged[key] = value instanceof SecretValue ? value.reveal() : value;
    }
  }
  return { ...data, [members]: { ...data[members], [name]: merged } };
}

/** A key of another name may hold the client secret, and `IDP_URI` that of another provider. */
function isPlain(key: string): boolean {
  return key !== SECRET_SETTING_KEY && SETTING_KEYS.some(one => one === key);
}

/** Values as the plan holds them: secrets never as a string. @internal */
export function valuesOf(
  present: Record<string, string> | undefined,
  keys: readonly string[],
): Values {
  return Object.fromEntries(
    keys.map(key => {
      const value = present?.[key];
      if (value === undefined) {
        return [key, null];
      }
      return [key, isPlain(key) ? value : new SecretValue(value)];
    }),
  );
}

/** @internal */
export function sameValue(a: Values[string], b: Values[string]): boolean {
  if (a instanceof SecretValue) {
    return b !== null && a.equals(b);
  }
  return b instanceof SecretValue ? a !== null && b.equals(a) : a === b;
}
