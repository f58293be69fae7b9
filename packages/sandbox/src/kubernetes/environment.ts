import { ConfigMap, Container, EnvVar, Pod, Secret } from './types';

/** Objects the kubelet may read while it composes an environment. @internal */
export interface EnvironmentSources {
  configMap(name: string): ConfigMap | undefined;
  secret(name: string): Secret | undefined;
  pod: Pod;
}

/** @internal */
export type ComputedEnvironment =
  | {
      ok: true;
      env: Record<string, string>;
      /** Keys that are no valid variable names: the pod starts without them. */
      invalidNames: { source: string; names: string[] }[];
    }
  | { ok: false; message: string };

class MissingReference extends Error {}

/** Kubernetes 1.32 accepts any printable ASCII name without `=`; older kubelets wanted C identifiers. */
function isVariableName(name: string, strict: boolean): boolean {
  return strict
    ? /^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)
    : /^[ -<>-~]+$/.test(name);
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

function secretValues(secret: Secret): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secret.data ?? {}).map(([key, value]) => [
      key,
      decode(value),
    ]),
  );
}

/** `$(NAME)` of an earlier variable; `$$` escapes; an unknown name stays as written. @internal */
export function expandVariables(
  value: string,
  known: Record<string, string>,
): string {
  return value.replace(
    /\$(\$|\(([^)]*)\))/g,
    (match: string, escape: string, name: string | undefined) => {
      if (escape === '$') {
        return '$';
      }
      return name !== undefined && Object.hasOwn(known, name)
        ? known[name]
        : match;
    },
  );
}

function fieldReference(pod: Pod, path: string): string {
  const subscript = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  if (subscript) {
    const [, map, key] = subscript;
    return pod.metadata[map as 'labels' | 'annotations']?.[key] ?? '';
  }
  const values: Record<string, string | undefined> = {
    'metadata.name': pod.metadata.name,
    'metadata.namespace': pod.metadata.namespace,
    'metadata.uid': pod.metadata.uid,
    'spec.nodeName': pod.spec.nodeName,
    'spec.serviceAccountName':
      typeof pod.spec.serviceAccountName === 'string'
        ? pod.spec.serviceAccountName
        : 'default',
    'status.podIP': pod.status?.podIP,
    'status.hostIP': pod.status?.hostIP,
  };
  if (!(path in values)) {
    throw new MissingReference(`unsupported fieldPath: ${path}`);
  }
  return values[path] ?? '';
}

function referencedValue(
  variable: EnvVar,
  sources: EnvironmentSources,
): string | undefined {
  const { configMapKeyRef, secretKeyRef, fieldRef } = variable.valueFrom ?? {};
  const namespace = sources.pod.metadata.namespace ?? '';
  if (fieldRef) {
    return fieldReference(sources.pod, fieldRef.fieldPath);
  }
  const reference = configMapKeyRef ?? secretKeyRef;
  if (!reference) {
    throw new MissingReference(
      `the sandbox does not simulate this valueFrom of ${variable.name}`,
    );
  }
  const kind = configMapKeyRef ? 'configmap' : 'secret';
  const source = configMapKeyRef
    ? sources.configMap(reference.name)
    : sources.secret(reference.name);
  if (!source) {
    if (reference.optional) {
      return undefined;
    }
    throw new MissingReference(`${kind} "${reference.name}" not found`);
  }
  const values = configMapKeyRef
    ? (source as ConfigMap).data ?? {}
    : secretValues(source as Secret);
  if (!Object.hasOwn(values, reference.key)) {
    if (reference.optional) {
      return undefined;
    }
    throw new MissingReference(
      `couldn't find key ${reference.key} in ${
        configMapKeyRef ? 'ConfigMap' : 'Secret'
      } ${namespace}/${reference.name}`,
    );
  }
  return values[reference.key];
}

function composeEnvFrom(
  container: Container,
  sources: EnvironmentSources,
  strictNames: boolean,
  env: Record<string, string>,
): { source: string; names: string[] }[] {
  const invalidNames: { source: string; names: string[] }[] = [];
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ??
    []) {
    const reference = configMapRef ?? secretRef;
    if (!reference) {
      continue;
    }
    const configMap = configMapRef && sources.configMap(configMapRef.name);
    const secret = secretRef && sources.secret(secretRef.name);
    if (!configMap && !secret) {
      if (reference.optional) {
        continue;
      }
      const kind = configMapRef ? 'configmap' : 'secret';
      throw new MissingReference(`${kind} "${reference.name}" not found`);
    }
    const values = secret ? secretValues(secret) : configMap?.data ?? {};
    const skipped: string[] = [];
    for (const [key, value] of Object.entries(values)) {
      const name = `${prefix}${key}`;
      if (isVariableName(name, strictNames)) {
        env[name] = value;
      } else {
        skipped.push(name);
      }
    }
    if (skipped.length > 0) {
      invalidNames.push({ source: reference.name, names: skipped.sort() });
    }
  }
  return invalidNames;
}

/**
 * The environment a container starts with: envFrom in order, a later source over an earlier one, then env over all.
 * @internal
 */
export function computeEnvironment(
  container: Container,
  sources: EnvironmentSources,
  options: { strictNames?: boolean } = {},
): ComputedEnvironment {
  const env: Record<string, string> = {};
  try {
    const invalidNames = composeEnvFrom(
      container,
      sources,
      options.strictNames ?? false,
      env,
    );
    for (const variable of container.env ?? []) {
      const value = variable.valueFrom
        ? referencedValue(variable, sources)
        : expandVariables(variable.value ?? '', env);
      if (value !== undefined) {
        env[variable.name] = value;
      }
    }
    return { ok: true, env, invalidNames };
  } catch (error) {
    if (error instanceof MissingReference) {
      return { ok: false, message: error.message };
    }
    throw error;
  }
}
