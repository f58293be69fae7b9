import { InputError } from '@backstage/errors';
import {
  SECRET_SETTING_KEY,
  SETTING_KEYS,
  type SettingKey,
} from 'backstage-plugin-hoop-authentik-common';
import type { KubernetesTargetConfig } from '../../config/types';
import type { EnvFromSource, KubernetesObject } from '../../kubernetes';
import { ownersOf } from './owners';
import type { Snapshot } from './snapshot';

/** Name of the objects where app-config gives none and the Deployment refers to none that would do. @internal */
export const DEFAULT_OBJECT_NAME = 'hoopgateway-idp';

/** @internal */
export interface ObjectRef {
  kind: 'ConfigMap' | 'Secret';
  name: string;
}

/**
 * Which object carries which setting.
 *
 * @internal
 */
export interface Layout {
  /** One or two: the one with the client secret comes last. */
  objects: Array<ObjectRef & { keys: SettingKey[] }>;
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
 * Decides which objects carry the settings: those named in app-config, else those that the container reads already and
 * that carry settings, else ones of ours; pure.
 *
 * @throws InputError where several objects carry settings and app-config does not say which one counts
 * @internal
 */
export function layoutOf(
  snapshot: Snapshot,
  config: KubernetesTargetConfig,
): Layout {
  const kinds = kindsOf(config);
  return {
    objects: kinds.map(kind => ({
      kind,
      name: newest(kind, nameOf(kind, snapshot, config), snapshot),
      keys: SETTING_KEYS.filter(
        key =>
          kinds.length === 1 ||
          (key === SECRET_SETTING_KEY) === (kind === 'Secret'),
      ),
    })),
  };
}

/** The `envFrom` entry that makes a container read an object. @internal */
export function sourceOf({ kind, name }: ObjectRef): EnvFromSource {
  return kind === 'ConfigMap'
    ? { configMapRef: { name } }
    : { secretRef: { name } };
}

/** @internal */
export function foundIn(
  snapshot: Snapshot,
  { kind, name }: ObjectRef,
): Snapshot['configMaps'][string] | Snapshot['secrets'][string] {
  return kind === 'ConfigMap'
    ? snapshot.configMaps[name]
    : snapshot.secrets[name];
}

/**
 * The name of the object that takes the place of an immutable one. Always the same, so that a run that was interrupted
 * finds what it made.
 *
 * @internal
 */
export function nextName(name: string): string {
  const [, base, number] = /^(.*?)(?:-(\d+))?$/.exec(name)!;
  return `${base}-${Number(number ?? 1) + 1}`;
}

function nameOf(
  kind: ObjectRef['kind'],
  snapshot: Snapshot,
  config: KubernetesTargetConfig,
): string {
  const field = kind === 'ConfigMap' ? 'configMap' : 'secret';
  const named = config[field];
  if (named !== undefined) {
    return named;
  }
  const candidates = referenced(kind, snapshot).filter(name =>
    carriesSettings(foundIn(snapshot, { kind, name })),
  );
  if (candidates.length > 1 && !candidates.includes(DEFAULT_OBJECT_NAME)) {
    throw new InputError(
      `Several ${kind}s of Deployment "${config.deployment}" in namespace "${
        config.namespace
      }" carry settings of the gateway: ${candidates
        .map(name => `"${name}"`)
        .join(
          ', ',
        )}; expected one. Name the one that counts as "${field}" of the gateway's target in app-config.`,
    );
  }
  return candidates.length === 1 ? candidates[0] : DEFAULT_OBJECT_NAME;
}

/** The object that has taken the place of an immutable one. */
function newest(kind: ObjectRef['kind'], name: string, snapshot: Snapshot) {
  const names = referenced(kind, snapshot);
  let current = name;
  while (
    foundIn(snapshot, { kind, name: current })?.immutable &&
    names.includes(nextName(current))
  ) {
    current = nextName(current);
  }
  return current;
}

/** Names in the order of the container's `envFrom`; one that is read with a prefix sets other variables. */
function referenced(kind: ObjectRef['kind'], { container }: Snapshot) {
  return (container.envFrom ?? []).flatMap(
    ({ prefix, configMapRef, secretRef }) => {
      const ref = kind === 'ConfigMap' ? configMapRef : secretRef;
      return ref && !prefix ? [ref.name] : [];
    },
  );
}

/**
 * An object that another tool manages is not ours to take: ours is read after it and wins. So it is with one that only
 * says how people sign in, which most installations have for `local`: left as it is, it is what the gateway goes back to.
 */
function carriesSettings(
  object: (KubernetesObject & { data?: Record<string, string> }) | undefined,
): boolean {
  return (
    object !== undefined &&
    ownersOf(object).length === 0 &&
    SETTING_KEYS.some(
      key => key.startsWith('IDP_') && object.data?.[key] !== undefined,
    )
  );
}
