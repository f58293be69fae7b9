import { isDeepStrictEqual } from 'node:util';
import type { Deployment, EnvFromSource } from '../../../systems/kubernetes';
import { readsSame } from './composition';

/** What a container reads whole. @internal */
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

/** The references without what was changed between two lists; those that others added since stay. @internal */
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
