import {
  SECRET_SETTING_KEY,
  SETTING_KEYS,
  type SettingKey,
} from 'backstage-plugin-hoop-authentik-common';
import type { KubernetesTargetConfig } from '../../config/types';
import type { EnvFromSource, KubernetesObject } from '../../kubernetes';
import { describeProvenance } from '../../kubernetes';
import { describeValue, SecretValue } from '../../support';
import type { PlanLine, Settings } from '../types';
import {
  composeEnvironment,
  dataOf,
  ownSources,
  readsSame,
  type ObjectData,
} from './composition';
import { describeState, overridesIn } from './describeState';
import type { Snapshot } from './snapshot';

/**
 * A change of one object that carries settings: `data` to set (plain text), `null` to remove a key.
 *
 * @internal
 */
export interface ObjectChange {
  kind: 'ConfigMap' | 'Secret';
  name: string;
  /** As read; `undefined` where the object has to be created. */
  found: KubernetesObject | undefined;
  data: Record<string, SecretValue | string | null>;
  /** The values of these keys as read; `null` where a key was not there. */
  before: Record<string, SecretValue | string | null>;
}

/**
 * Everything that is left to do to switch a gateway; plain data.
 *
 * @internal
 */
export interface SwitchPlan {
  /** In the order in which they are to be written: the Secret first. */
  objects: ObjectChange[];
  /** References to add to the container; empty where it reads the objects already. */
  references: EnvFromSource[];
  restart: boolean;
  changes: PlanLine[];
  refusals: string[];
}

/**
 * Compares a snapshot with the settings wanted; pure.
 *
 * @internal
 */
export function planSwitch(
  snapshot: Snapshot,
  config: KubernetesTargetConfig,
  settings: Settings,
): SwitchPlan {
  const data = dataOf(snapshot);
  const objects = objectChanges(snapshot, data, config, settings);
  const present = snapshot.container.envFrom ?? [];
  const references = ownSources(config).filter(
    own => !present.some(source => readsSame(source, own)),
  );
  const state = describeState(snapshot, config);
  const stale = state.settingsInUse === false;
  return {
    objects,
    references,
    restart: objects.length > 0 || references.length > 0 || stale,
    changes: [
      ...objects.flatMap(change => planLines(change, config, settings)),
      ...references.map(reference => ({
        object: `Deployment ${config.namespace}/${config.deployment}`,
        field: 'envFrom',
        from: '(no reference)',
        to: describeReference(reference),
      })),
    ],
    refusals: refusalsOf(snapshot, data, config, settings, objects, references),
  };
}

function objectChanges(
  snapshot: Snapshot,
  data: ObjectData,
  config: KubernetesTargetConfig,
  settings: Settings,
): ObjectChange[] {
  const secretInConfigMap = config.clientSecretIn === 'configMap';
  const inConfigMap = SETTING_KEYS.filter(
    key => secretInConfigMap || key !== SECRET_SETTING_KEY,
  );
  const present = data.configMaps[config.configMap];
  const configMap = changeOf(
    'ConfigMap',
    config.configMap,
    snapshot.configMaps[config.configMap],
    present,
    {
      ...pick(settings, inConfigMap),
      // A secret that an earlier layout left in the ConfigMap is taken out of it.
      ...(!secretInConfigMap && present && SECRET_SETTING_KEY in present
        ? { [SECRET_SETTING_KEY]: null }
        : {}),
    },
  );
  const secret = secretInConfigMap
    ? undefined
    : changeOf(
        'Secret',
        config.secret,
        snapshot.secrets[config.secret],
        data.secrets[config.secret],
        pick(settings, [SECRET_SETTING_KEY]),
      );
  return [secret, configMap].filter(one => one !== undefined);
}

/** One change carries all keys of ours in the object, so that no reader ever sees half of them. */
function changeOf(
  kind: ObjectChange['kind'],
  name: string,
  found: KubernetesObject | undefined,
  present: Record<string, string> | undefined,
  wanted: ObjectChange['data'],
): ObjectChange | undefined {
  const before: ObjectChange['before'] = Object.fromEntries(
    Object.keys(wanted).map(key => {
      const value = present?.[key];
      if (value === undefined) {
        return [key, null];
      }
      return [key, key === SECRET_SETTING_KEY ? new SecretValue(value) : value];
    }),
  );
  const same = Object.entries(wanted).every(([key, value]) =>
    sameValue(value, before[key]),
  );
  return found && same
    ? undefined
    : { kind, name, found, data: wanted, before };
}

function sameValue(
  a: SecretValue | string | null,
  b: SecretValue | string | null,
): boolean {
  if (a instanceof SecretValue) {
    return b !== null && a.equals(b);
  }
  return a === b;
}

function refusalsOf(
  snapshot: Snapshot,
  data: ObjectData,
  config: KubernetesTargetConfig,
  settings: Settings,
  objects: ObjectChange[],
  references: EnvFromSource[],
): string[] {
  const { spec } = snapshot.deployment;
  const deployment = `Deployment "${config.deployment}" in namespace "${config.namespace}"`;
  const immutable = objects.flatMap(({ found, kind, name }) =>
    found && 'immutable' in found && found.immutable === true
      ? [
          `The ${kind} "${name}" is immutable and cannot be changed. Name another one in the gateway's target in app-config.`,
        ]
      : [],
  );
  return [
    ...(spec.paused
      ? [
          `The ${deployment} is paused: the gateway would not restart. Resume it first (kubectl rollout resume).`,
        ]
      : []),
    ...(spec.replicas === 0
      ? [
          `The ${deployment} is scaled to 0 replicas: there is no gateway to sign in to. Scale it up first.`,
        ]
      : []),
    ...immutable,
    ...projectedRefusals(snapshot, data, settings, objects, references),
  ];
}

/** What would still be wrong after the switch, told from the environment that the container would then start with. */
function projectedRefusals(
  snapshot: Snapshot,
  data: ObjectData,
  settings: Settings,
  objects: ObjectChange[],
  references: EnvFromSource[],
): string[] {
  const { environment, outcome } = composeEnvironment(
    {
      ...snapshot.container,
      envFrom: [...(snapshot.container.envFrom ?? []), ...references],
    },
    objects.reduce(withChange, data),
  );
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
          )}. Remove it there.`,
        ];
  });
  const others = [...overrides, ...shadowed];
  return others.length === 0 && 'fails' in outcome
    ? [`The gateway would not start with its environment: ${outcome.fails}`]
    : others;
}

function withChange(data: ObjectData, change: ObjectChange): ObjectData {
  const members = change.kind === 'ConfigMap' ? 'configMaps' : 'secrets';
  const merged: Record<string, string> = {
    ...data[members][change.name],
  };
  for (const [key, value] of Object.entries(change.data)) {
    if (value === null) {
      delete merged[key];
    } else {
      merged[key] = value instanceof SecretValue ? value.reveal() : value;
    }
  }
  return {
    ...data,
    [members]: { ...data[members], [change.name]: merged },
  };
}

function pick(
  settings: Settings,
  keys: readonly SettingKey[],
): Record<string, string | SecretValue> {
  return Object.fromEntries(keys.map(key => [key, settings[key]]));
}

function planLines(
  { kind, name, found, data, before }: ObjectChange,
  config: KubernetesTargetConfig,
  { IDP_CLIENT_SECRET: secret }: Settings,
): PlanLine[] {
  const shown = (value: SecretValue | string | null) =>
    // The secret may have ended up under the key of another setting.
    value instanceof SecretValue || secret.equals(value ?? undefined)
      ? '<changed>'
      : describeValue(value);
  return Object.entries(data)
    .filter(([key, value]) => !sameValue(value, before[key]))
    .map(([key, value]) => ({
      object: `${kind} ${config.namespace}/${name}${found ? '' : ' (new)'}`,
      field: key,
      from: before[key] === null ? '(unset)' : shown(before[key]),
      to: value === null ? '(removed)' : shown(value),
    }));
}

/** @internal */
export function describeReference(source: EnvFromSource): string {
  return source.configMapRef
    ? `ConfigMap "${source.configMapRef.name}"`
    : `Secret "${source.secretRef?.name}"`;
}
