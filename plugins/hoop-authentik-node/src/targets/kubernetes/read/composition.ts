import {
  decodeSecretData,
  describeMissing,
  effectiveEnvironment,
  type Container,
  type EffectiveEnvironment,
  type EnvFromSource,
} from '../../../systems/kubernetes';
import {
  GATEWAY_VARIABLES,
  gatewayOutcome,
  type GatewayOutcome,
} from '../../../systems/hoop';
import type { Snapshot } from './snapshot';

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
 * The environment a container would start with, and what the gateway would make of it; pure.
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

/** Whether an `envFrom` entry reads an object whole and as it is. @internal */
export function readsSame(a: EnvFromSource, b: EnvFromSource): boolean {
  return (
    !a.prefix &&
    !b.prefix &&
    a.configMapRef?.name === b.configMapRef?.name &&
    a.secretRef?.name === b.secretRef?.name
  );
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
