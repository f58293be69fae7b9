import { SETTING_KEYS } from 'backstage-plugin-hoop-authentik-common';
import type { KubernetesTargetConfig } from '../../../config/types';
import { isNameGiven, keyNameOf, layoutOf, otherNameOf } from '../read/layout';
import {
  foundIn,
  isRead,
  readsSame,
  sourceOf,
  type ObjectRef,
  type Snapshot,
} from '../read/objects';
import { valuesOf, type ObjectChange, type Surroundings } from './steps';

/** An object with settings in it, and whether anything else is in it. @internal */
export type Carrier = ObjectRef & {
  change: ObjectChange | undefined;
  /**
   * Gives the settings values without effect. Only for an object that was found by its settings and the reference to it:
   * without the reference, a run after an interruption cannot find the object, so it must no longer hold the client secret
   * by then.
   */
  blank: ObjectChange | undefined;
  foreign: boolean;
  referenced: boolean;
};

/** The ConfigMap before the Secret: it holds the auth method, without which the client secret has no effect. @internal */
export function carriersOf(
  snapshot: Snapshot,
  { container, data }: Surroundings,
  config: KubernetesTargetConfig,
): Carrier[] {
  return layoutOf(snapshot, config).objects.map(({ kind, name }) => {
    const found = foundIn(snapshot, { kind, name });
    const present =
      kind === 'ConfigMap' ? data.configMaps[name] : data.secrets[name];
    const names = Object.keys(present ?? {});
    const held = [
      ...new Set([
        ...SETTING_KEYS,
        ...SETTING_KEYS.map(key => keyNameOf(key, config)),
      ]),
    ].filter(key => names.includes(key));
    const byKey = keysReadOneByOne(container, { kind, name });
    const wanted: ObjectChange['data'] = Object.fromEntries(
      held
        .map(
          key => [key, byKey.includes(key) ? localValue(key) : null] as const,
        )
        .filter(([key, value]) => present?.[key] !== value),
    );
    const blanked: ObjectChange['data'] = Object.fromEntries(
      held
        .map(key => [key, localValue(key)] as const)
        .filter(([key, value]) => present?.[key] !== value),
    );
    const changeTo = (values: ObjectChange['data']): ObjectChange | undefined =>
      found && Object.keys(values).length > 0
        ? {
            kind,
            name,
            found,
            data: values,
            before: valuesOf(present, Object.keys(values)),
          }
        : undefined;
    return {
      kind,
      name,
      foreign: names.length > held.length || byKey.length > 0,
      referenced:
        byKey.length > 0 ||
        (container.envFrom ?? []).some(source =>
          readsSame(source, sourceOf({ kind, name })),
        ),
      change: changeTo(wanted),
      blank:
        isNameGiven(kind, name, config) || found?.immutable
          ? undefined
          : changeTo(blanked),
    };
  });
}

/** A container does not start without a key that it reads one by one, so such a key stays with a value without effect. */
function keysReadOneByOne(
  { env = [] }: Surroundings['container'],
  { kind, name }: ObjectRef,
): string[] {
  return env.flatMap(({ valueFrom }) => {
    const ref =
      kind === 'ConfigMap'
        ? valueFrom?.configMapKeyRef
        : valueFrom?.secretKeyRef;
    return ref?.name === name ? [ref.key] : [];
  });
}

/** The gateway treats an empty setting as unset. */
function localValue(key: string): string {
  return key === 'AUTH_METHOD' ? 'local' : '';
}

/**
 * The objects that ours alternate with. They go first: while the others are there, a run after an interruption finds
 * something to clean up.
 *
 * @internal
 */
export function otherObjects(
  snapshot: Snapshot,
  carriers: Carrier[],
  config: KubernetesTargetConfig,
): ObjectChange[] {
  return carriers.flatMap(({ kind, name, change }) => {
    const other = otherNameOf({ kind, name }, snapshot, config);
    if (!change || other === undefined) {
      return [];
    }
    const data = Object.fromEntries(SETTING_KEYS.map(key => [key, null]));
    const found = foundIn(snapshot, { kind, name: other });
    return [
      {
        kind,
        name: other,
        found,
        data,
        before: data,
        lookUp: !isRead(snapshot, { kind, name: other }),
      },
    ];
  });
}
