import { InputError } from '@backstage/errors';
import {
  SECRET_SETTING_KEY,
  SETTING_KEYS,
  type SettingKey,
} from 'backstage-plugin-hoop-authentik-common';
import type { KubernetesTargetConfig } from '../../../config/types';
import type { Container, EnvVar } from '../../../systems/kubernetes';
import { withRemedy } from '../../../core';
import {
  foundIn,
  readsSame,
  refersTo,
  sourceOf,
  type ObjectRef,
  type Snapshot,
} from './objects';
import { isManaged } from './owners';
import { isMadeFor, replacedBy } from './ownership';

/** Name of the objects where app-config gives none and the Deployment refers to no suitable one. @internal */
export const DEFAULT_OBJECT_NAME = 'hoopgateway-idp';

/**
 * The names that our objects alternate between where app-config gives none: a change writes the one that the container
 * does not read, so that the other keeps the previous settings. Fixed, so that a Role can name both.
 */
const ALTERNATING_NAMES = [DEFAULT_OBJECT_NAME, `${DEFAULT_OBJECT_NAME}-2`];

/**
 * Which object carries which setting.
 *
 * @internal
 */
export interface Layout {
  /** One or two: the one with the client secret comes last. */
  objects: Array<
    ObjectRef & {
      keys: SettingKey[];
      /** Under which key of the object a setting is kept, where it is not its own name. */
      keyNames?: KubernetesTargetConfig['keyNames'];
    }
  >;
}

/** The key under which an object keeps a setting. @internal */
export function keyNameOf(
  setting: SettingKey,
  { keyNames }: Pick<KubernetesTargetConfig, 'keyNames'>,
): string {
  const names: Partial<Record<SettingKey, string>> = keyNames ?? {};
  return names[setting] ?? setting;
}

/**
 * Which kinds of objects a configuration asks for.
 *
 * @internal
 */
export function kindsOf({
  settingsIn,
  clientSecretIn,
}: Pick<
  KubernetesTargetConfig,
  'settingsIn' | 'clientSecretIn'
>): ObjectRef['kind'][] {
  if (settingsIn === 'secret') {
    return ['Secret'];
  }
  return clientSecretIn === 'configMap'
    ? ['ConfigMap']
    : ['ConfigMap', 'Secret'];
}

/**
 * Decides which objects carry the settings: those named in app-config, else those that carry settings and that the
 * container already reads, else ones of ours; pure.
 *
 * @throws InputError where several objects carry settings and app-config does not name one of them
 * @internal
 */
export function layoutOf(
  snapshot: Omit<Snapshot, 'pods'>,
  config: KubernetesTargetConfig,
): Layout {
  const kinds = kindsOf(config);
  return {
    objects: kinds.map(kind => {
      const keys = SETTING_KEYS.filter(
        key =>
          kinds.length === 1 ||
          (key === SECRET_SETTING_KEY) === (kind === 'Secret'),
      );
      const name = nameOf(kind, keys, snapshot, config);
      return {
        kind,
        name: newest(kind, name, snapshot),
        keys,
        ...(config.keyNames ? { keyNames: config.keyNames } : {}),
      };
    }),
  };
}

/** Whether a container reads all keys of a layout's object, the object as a whole or key by key. @internal */
export function readsAll(
  { env = [], envFrom = [] }: Pick<Container, 'env' | 'envFrom'>,
  { kind, name, keys, keyNames }: Layout['objects'][number],
): boolean {
  const whole = envFrom.some(source =>
    readsSame(source, sourceOf({ kind, name })),
  );
  return keys.every(
    key =>
      (whole && keyNameOf(key, { keyNames }) === key) ||
      env.some(
        variable =>
          variable.name === key &&
          keyOf(variable)?.key === keyNameOf(key, { keyNames }) &&
          refersTo(variable, { kind, name }),
      ),
  );
}

function keyOf({ valueFrom }: EnvVar) {
  return valueFrom?.configMapKeyRef ?? valueFrom?.secretKeyRef;
}

function nameOf(
  kind: ObjectRef['kind'],
  keys: SettingKey[],
  snapshot: Omit<Snapshot, 'pods'>,
  config: KubernetesTargetConfig,
): string {
  const field = kind === 'ConfigMap' ? 'configMap' : 'secret';
  const named = config[field];
  if (named !== undefined) {
    return named;
  }
  const editable = [...new Set(referenced(kind, snapshot))].filter(name => {
    const object = foundIn(snapshot, { kind, name });
    // Another tool's object is left alone: ours is read after it and overrides it.
    return object && !isManaged(object);
  });
  const candidates = editable.filter(name =>
    carriesSettings(foundIn(snapshot, { kind, name }), keys),
  );
  if (candidates.length > 1 && !candidates.includes(DEFAULT_OBJECT_NAME)) {
    const names = candidates.map(name => `"${name}"`).join(', ');
    const remedy = `Name the right one as "${field}" of the gateway's target in app-config.`;
    throw withRemedy(
      new InputError(
        `Several ${kind}s of Deployment "${config.deployment}" in namespace "${config.namespace}" carry settings of the gateway: ${names}; expected one. ${remedy}`,
      ),
      remedy,
    );
  }
  if (candidates.length === 1) {
    return candidates[0];
  }
  // A tool reverts new references of a Deployment that it manages, so an object that is already referenced is better than
  // one of ours. This is the Secret that `existingSecret` of the Helm chart names.
  return candidates.length === 0 &&
    editable.length === 1 &&
    isManaged(snapshot.deployment)
    ? editable[0]
    : DEFAULT_OBJECT_NAME;
}

/** Whether a name follows from app-config alone, without the references of the container. @internal */
export function isNameGiven(
  kind: ObjectRef['kind'],
  name: string,
  { configMap, secret }: Pick<KubernetesTargetConfig, 'configMap' | 'secret'>,
): boolean {
  const given = kind === 'ConfigMap' ? configMap : secret;
  return given === undefined
    ? ALTERNATING_NAMES.includes(name)
    : name === given;
}

/**
 * The name that a change of one of our objects writes to, so that the object stays as it is until the switch is verified;
 * `undefined` for an object that is edited in place: one that app-config names or that we did not create, one with other
 * variables in it, and one whose reference a tool would restore.
 *
 * @internal
 */
export function otherNameOf(
  ref: ObjectRef,
  snapshot: Omit<Snapshot, 'pods'>,
  config: KubernetesTargetConfig,
): string | undefined {
  const { kind, name } = ref;
  const found = foundIn(snapshot, ref);
  const { container, deployment } = snapshot;
  const alternates =
    (kind === 'ConfigMap' ? config.configMap : config.secret) === undefined &&
    ALTERNATING_NAMES.includes(name) &&
    isMadeFor(found, deployment.metadata.name) &&
    Object.keys(found?.data ?? {}).every(isManagedKey) &&
    (container.envFrom ?? []).some(source =>
      readsSame(source, sourceOf(ref)),
    ) &&
    !(container.env ?? []).some(variable => refersTo(variable, ref)) &&
    !isManaged(found) &&
    !isManaged(deployment);
  return alternates
    ? ALTERNATING_NAMES.find(other => other !== name)
    : undefined;
}

/** Whether we created an object for the gateway, and its container does not read it. @internal */
export function isUnreadOfOurs(
  ref: ObjectRef,
  snapshot: Omit<Snapshot, 'pods'>,
): boolean {
  const { env = [], envFrom = [] } = snapshot.container;
  return (
    isMadeFor(foundIn(snapshot, ref), snapshot.deployment.metadata.name) &&
    !envFrom.some(source => readsSame(source, sourceOf(ref))) &&
    !env.some(variable => refersTo(variable, ref))
  );
}

/** A key that a switch writes: one of the settings, or an empty `IDP_URI` where another source has one. @internal */
export function isManagedKey(key: string): boolean {
  return key === 'IDP_URI' || SETTING_KEYS.some(one => one === key);
}

/** The object that has replaced an immutable one. */
function newest(
  kind: ObjectRef['kind'],
  name: string,
  snapshot: Omit<Snapshot, 'pods'>,
) {
  const names = referenced(kind, snapshot);
  const find = (one: string) => foundIn(snapshot, { kind, name: one });
  let current = name;
  for (let next: string | undefined = name; next !== undefined; ) {
    current = next;
    next = find(current)?.immutable
      ? replacedBy(current, names, snapshot.deployment.metadata.name, find)
      : undefined;
  }
  return current;
}

/** Names in the order of the container's `envFrom`; one that is read with a prefix sets other variables. */
function referenced(
  kind: ObjectRef['kind'],
  { container }: Pick<Snapshot, 'container'>,
) {
  return (container.envFrom ?? []).flatMap(
    ({ prefix, configMapRef, secretRef }) => {
      const ref = kind === 'ConfigMap' ? configMapRef : secretRef;
      return ref && !prefix ? [ref.name] : [];
    },
  );
}

/**
 * `AUTH_METHOD` alone is not enough: nearly every gateway with local sign-in sets it, and one patch of the Deployment
 * switches to objects of ours, which nothing reads yet.
 */
function carriesSettings(
  object: { data?: Record<string, string> } | undefined,
  keys: SettingKey[],
): boolean {
  return keys.some(
    key => key !== 'AUTH_METHOD' && object?.data?.[key] !== undefined,
  );
}
