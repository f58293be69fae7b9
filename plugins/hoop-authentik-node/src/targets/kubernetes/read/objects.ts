import { isDeepStrictEqual } from 'node:util';
import {
  decodeSecretData,
  describeMissing,
  effectiveEnvironment,
  type ConfigMap,
  type Container,
  type Deployment,
  type EffectiveEnvironment,
  type EnvFromSource,
  type EnvVar,
  type Pod,
  type Secret,
} from '../../../systems/kubernetes';
import {
  GATEWAY_VARIABLES,
  gatewayOutcome,
  type GatewayOutcome,
} from '../../../systems/hoop';

/**
 * The objects of a gateway as read at one moment. Holds Secret data: never to be logged or returned.
 *
 * @internal
 */
export interface Snapshot {
  deployment: Deployment;
  container: Container;
  /** Empty where the Deployment alone shows that they run with the stored settings. */
  pods: Pod[];
  /** By name; `undefined` where a referenced or managed object does not exist. */
  configMaps: Record<string, ConfigMap | undefined>;
  secrets: Record<string, Secret | undefined>;
  /** Where a switch keeps the previous values of what it edits in place; read only where something is. */
  previousValues?: Secret;
}

/** @internal */
export interface ObjectRef {
  kind: 'ConfigMap' | 'Secret';
  name: string;
}

/** @internal */
export function foundIn(
  snapshot: Omit<Snapshot, 'pods'>,
  { kind, name }: ObjectRef,
): Snapshot['configMaps'][string] | Snapshot['secrets'][string] {
  return kind === 'ConfigMap'
    ? snapshot.configMaps[name]
    : snapshot.secrets[name];
}

/** Whether an object was looked for, found or not. @internal */
export function isRead(
  snapshot: Omit<Snapshot, 'pods'>,
  { kind, name }: ObjectRef,
): boolean {
  return (
    name in (kind === 'ConfigMap' ? snapshot.configMaps : snapshot.secrets)
  );
}

/** Data of the objects by name, Secrets decoded. @internal */
export interface ObjectData {
  configMaps: Record<string, Record<string, string> | undefined>;
  secrets: Record<string, Record<string, string> | undefined>;
}

/** @internal */
export function dataOf(
  snapshot: Pick<Snapshot, 'configMaps' | 'secrets'>,
): ObjectData {
  return {
    configMaps: mapValues(snapshot.configMaps, object => object.data ?? {}),
    secrets: mapValues(snapshot.secrets, object =>
      decodeSecretData(object.data),
    ),
  };
}

/**
 * The environment a container would start with, and the auth method that the gateway would derive from it; pure.
 *
 * @internal
 */
export function composeEnvironment(
  container: Pick<Container, 'env' | 'envFrom'>,
  data: ObjectData,
): { environment: EffectiveEnvironment; outcome: GatewayOutcome } {
  const environment = effectiveEnvironment({ container, ...data });
  if (environment.missing.length > 0) {
    return {
      environment,
      outcome: {
        fails: environment.missing.map(describeMissing).join('; '),
      },
    };
  }
  const variables = Object.fromEntries(
    GATEWAY_VARIABLES.map(name => [name, environment.entries.get(name)?.value]),
  );
  return { environment, outcome: gatewayOutcome(variables) };
}

/** The `envFrom` entry that makes a container read an object. @internal */
export function sourceOf({ kind, name }: ObjectRef): EnvFromSource {
  return kind === 'ConfigMap'
    ? { configMapRef: { name } }
    : { secretRef: { name } };
}

/** Whether an `envFrom` entry reads an object whole and as it is. @internal */
export function readsSame(a: EnvFromSource, b: EnvFromSource): boolean {
  return (
    !a.prefix &&
    !b.prefix &&
    a.configMapRef?.name === b.configMapRef?.name &&
    a.secretRef?.name === b.secretRef?.name
  );
}

/** Whether a variable takes its value from an object. @internal */
export function refersTo(variable: EnvVar, { kind, name }: ObjectRef): boolean {
  const ref =
    kind === 'ConfigMap'
      ? variable.valueFrom?.configMapKeyRef
      : variable.valueFrom?.secretKeyRef;
  return ref?.name === name;
}

/** The objects whose every key a container reads. @internal */
export function envFromOf(
  deployment: Deployment,
  containerName: string,
): EnvFromSource[] {
  return (
    deployment.spec.template.spec.containers.find(
      ({ name }) => name === containerName,
    )?.envFrom ?? []
  );
}

/** The references without the change between two lists; those that other processes added since stay. @internal */
export function withoutChange(
  now: EnvFromSource[],
  from: EnvFromSource[],
  to: EnvFromSource[],
): EnvFromSource[] {
  if (isDeepStrictEqual(now, to)) {
    return from;
  }
  const kept = now.filter(
    source => !missingFrom(from, to).some(own => readsSame(source, own)),
  );
  return [...kept, ...missingFrom([...to, ...kept], from)];
}

/** Those of the second list that the first does not have. @internal */
export function missingFrom(
  list: EnvFromSource[],
  of: EnvFromSource[],
): EnvFromSource[] {
  return of.filter(source => !list.some(one => isDeepStrictEqual(one, source)));
}

/** @internal */
export function describeReference(source: EnvFromSource): string {
  return source.configMapRef
    ? `ConfigMap "${source.configMapRef.name}"`
    : `Secret "${source.secretRef?.name}"`;
}

function mapValues<T, R>(
  record: Record<string, T | undefined>,
  map: (value: T) => R,
): Record<string, R | undefined> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      key,
      value === undefined ? undefined : map(value),
    ]),
  );
}
