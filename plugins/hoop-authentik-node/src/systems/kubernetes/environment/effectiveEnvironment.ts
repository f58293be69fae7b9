import { SecretValue } from '../../../core';
import type { Container, EnvFromSource, EnvVar } from '../types';

/**
 * A value of the environment: plain, secret, or `undefined` where only the running pod knows it.
 *
 * @public
 */
export type EnvironmentValue = string | SecretValue | undefined;

/**
 * What sets a variable.
 *
 * @public
 */
export interface Provenance {
  kind: 'env' | 'envFrom';
  /** Position in the container's `env` or `envFrom` list. */
  index: number;
  /** The object the value is stored in; absent for a value written in the container itself. */
  object?: { kind: 'ConfigMap' | 'Secret'; name: string };
  /** Key in the object, or the name of the variable where there is no object. */
  key: string;
  /** Prefix of the `envFrom` entry. */
  prefix?: string;
  /** The field of the pod that gives the value, such as `status.podIP` or `limits.memory`. */
  field?: string;
}

/** @public */
export interface EnvironmentEntry {
  /** `undefined` where only the running pod knows it (`fieldRef`, `resourceFieldRef`). */
  value: EnvironmentValue;
  source: Provenance;
  /** Overridden sources of the same variable, in the kubelet's order. */
  shadows: Provenance[];
}

/**
 * A required reference to an object or key that does not exist; the container stays in `CreateContainerConfigError`.
 *
 * @public
 */
export interface MissingReference {
  source: Provenance;
  missing: 'object' | 'key';
}

/** @public */
export interface EffectiveEnvironment {
  entries: Map<string, EnvironmentEntry>;
  missing: MissingReference[];
}

/** @public */
export interface EffectiveEnvironmentInput {
  container: Pick<Container, 'env' | 'envFrom'>;
  /** `data` of the ConfigMaps of the namespace; `undefined` or absent where there is no such object. */
  configMaps: Record<string, Record<string, string> | undefined>;
  /** Decoded `data` of the Secrets ({@link decodeSecretData}). */
  secrets: Record<string, Record<string, string> | undefined>;
}

class Composition {
  readonly result: EffectiveEnvironment = {
    entries: new Map(),
    missing: [],
  };
  readonly #input: EffectiveEnvironmentInput;

  constructor(input: EffectiveEnvironmentInput) {
    this.#input = input;
  }

  addEnvFrom(envFrom: EnvFromSource, index: number): void {
    const reference = envFrom.configMapRef ?? envFrom.secretRef;
    if (!reference) {
      return;
    }
    const object = {
      kind: envFrom.configMapRef ? ('ConfigMap' as const) : ('Secret' as const),
      name: reference.name,
    };
    const prefix = envFrom.prefix || undefined;
    const base = { kind: 'envFrom' as const, index, object, prefix };
    const data = this.#dataOf(object);
    if (!data) {
      if (!reference.optional) {
        this.#miss({ ...base, key: '' }, 'object');
      }
      return;
    }
    for (const [key, value] of Object.entries(data)) {
      const name = `${prefix ?? ''}${key}`;
      // The kubelet skips keys that are not valid names of variables.
      if (isVariableName(name)) {
        this.#set(name, carried(value, object), { ...base, key });
      }
    }
  }

  addEnv(variable: EnvVar, index: number): void {
    const { name, value, valueFrom } = variable;
    const base = { kind: 'env' as const, index };
    if (value || !valueFrom) {
      this.#set(name, expandReferences(value ?? '', this.result.entries), {
        ...base,
        key: name,
      });
      return;
    }
    const reference = valueFrom.configMapKeyRef ?? valueFrom.secretKeyRef;
    if (!reference) {
      const field =
        valueFrom.fieldRef?.fieldPath ?? valueFrom.resourceFieldRef?.resource;
      this.#set(name, undefined, { ...base, key: name, field });
      return;
    }
    const object = {
      kind: valueFrom.configMapKeyRef
        ? ('ConfigMap' as const)
        : ('Secret' as const),
      name: reference.name,
    };
    const source: Provenance = { ...base, object, key: reference.key };
    const data = this.#dataOf(object);
    if (data && Object.hasOwn(data, reference.key)) {
      this.#set(name, carried(data[reference.key], object), source);
    } else if (!reference.optional) {
      this.#miss(source, data ? 'key' : 'object');
    }
  }

  #dataOf(object: { kind: 'ConfigMap' | 'Secret'; name: string }) {
    const objects =
      object.kind === 'ConfigMap'
        ? this.#input.configMaps
        : this.#input.secrets;
    return Object.hasOwn(objects, object.name)
      ? objects[object.name]
      : undefined;
  }

  #set(name: string, value: EnvironmentValue, source: Provenance): void {
    const before = this.result.entries.get(name);
    this.result.entries.set(name, {
      value,
      source,
      shadows: before ? [...before.shadows, before.source] : [],
    });
  }

  #miss(source: Provenance, missing: MissingReference['missing']): void {
    this.result.missing.push({ source, missing });
  }
}

/**
 * The environment of a container that starts now, with the provenance of every variable, by the kubelet's rules:
 *
 * - the `envFrom` entries count in their order, a later one overriding an earlier one, with an empty value too;
 * - `prefix` precedes every key of its entry; keys that are not valid names are skipped;
 * - `env` overrides `envFrom`; of two entries with the same name the later one counts;
 * - `env[].value` expands `$(NAME)` of variables set before it; values from objects are not expanded;
 * - a missing object or key is skipped where it is `optional`, so an earlier value stays; otherwise the container does not
 *   start.
 *
 * Variables that Kubernetes adds for Services of the namespace are not included: they override nothing.
 *
 * Source: `makeEnvironmentVariables` in k8s.io/kubernetes/pkg/kubelet/kubelet_pods.go.
 *
 * @public
 */
export function effectiveEnvironment(
  input: EffectiveEnvironmentInput,
): EffectiveEnvironment {
  const composition = new Composition(input);
  (input.container.envFrom ?? []).forEach((source, index) =>
    composition.addEnvFrom(source, index),
  );
  (input.container.env ?? []).forEach((variable, index) =>
    composition.addEnv(variable, index),
  );
  return composition.result;
}

/**
 * Decodes the `data` of a Secret. Bytes that are not UTF-8 become replacement characters: the gateway's settings are
 * text.
 *
 * @public
 */
export function decodeSecretData(
  data: Record<string, string> | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString('utf8'),
    ]),
  );
}

/**
 * A provenance in words, such as `key "IDP_ISSUER" of Secret "hoop-config" (envFrom[0])`.
 *
 * @public
 */
export function describeProvenance(source: Provenance): string {
  const place = `${source.kind}[${source.index}]`;
  if (source.object) {
    const { kind, name } = source.object;
    const key = source.key ? `key "${source.key}" of ` : '';
    const prefix = source.prefix ? `, prefix "${source.prefix}"` : '';
    return `${key}${kind} "${name}" (${place}${prefix})`;
  }
  return source.field
    ? `field ${source.field} of the pod (${place})`
    : `a value in the container itself (${place})`;
}

/** A missing reference in words. @public */
export function describeMissing({ source, missing }: MissingReference): string {
  const place = `${source.kind}[${source.index}]`;
  const object = `${source.object?.kind} "${source.object?.name}"`;
  return missing === 'object'
    ? `${object} does not exist (${place})`
    : `${object} has no key "${source.key}" (${place})`;
}

function carried(
  value: string,
  object: { kind: 'ConfigMap' | 'Secret' },
): EnvironmentValue {
  return object.kind === 'Secret' ? new SecretValue(value) : value;
}

/** `IsRelaxedEnvVarName` of k8s.io/apimachinery, the default from 1.32: printable ASCII without `=`. */
function isVariableName(name: string): boolean {
  return /^[ -<>-~]+$/.test(name);
}

/** `$$`, or `$(NAME)` with any text between the brackets. */
const REFERENCE = /\$\$|\$\(([^)]*)\)/g;

/**
 * Replaces `$(NAME)` by the value of a known variable and `$$` by `$`; a reference to an unknown variable stays. A value
 * that contains a secret is secret, and one that contains a value that only the pod knows is `undefined`.
 *
 * Source: `Expand` in k8s.io/kubernetes/third_party/forked/golang/expansion.
 */
function expandReferences(
  input: string,
  known: ReadonlyMap<string, { value: EnvironmentValue }>,
): EnvironmentValue {
  let secret = false;
  let unknowable = false;
  const expanded = input.replace(
    REFERENCE,
    (match: string, name: string | undefined) => {
      if (match === '$$') {
        return '$';
      }
      const variable = known.get(name ?? '');
      if (!variable) {
        return match;
      }
      if (variable.value instanceof SecretValue) {
        secret = true;
        return variable.value.reveal();
      }
      unknowable ||= variable.value === undefined;
      return variable.value ?? '';
    },
  );
  if (unknowable) {
    return undefined;
  }
  return secret ? new SecretValue(expanded) : expanded;
}
