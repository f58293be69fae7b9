import { SecretValue } from '../../../core';
import { EnvironmentValue, expandReferences } from './environmentExpansion';
import type { Container, EnvFromSource, EnvVar } from '../types';

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
  /** Sources of the same variable that lost, in the order the kubelet sees them. */
  shadows: Provenance[];
}

/**
 * A reference that is not optional and leads nowhere: the container stays in `CreateContainerConfigError`.
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
  /** Keys of `envFrom` objects that are no names of variables; the kubelet leaves them out. */
  skippedKeys: Provenance[];
}

/** @public */
export interface EffectiveEnvironmentInput {
  container: Pick<Container, 'env' | 'envFrom'>;
  /** `data` of the ConfigMaps of the namespace; `undefined` or absent where there is no such object. */
  configMaps: Record<string, Record<string, string> | undefined>;
  /** Decoded `data` of the Secrets ({@link decodeSecretData}). */
  secrets: Record<string, Record<string, string> | undefined>;
  /** Which names the kubelet accepts. Default `relaxed`, that of Kubernetes from 1.32. */
  names?: 'strict' | 'relaxed';
}

class Composition {
  readonly result: EffectiveEnvironment = {
    entries: new Map(),
    missing: [],
    skippedKeys: [],
  };
  readonly #input: EffectiveEnvironmentInput;
  readonly #isName: (name: string) => boolean;

  constructor(input: EffectiveEnvironmentInput) {
    this.#input = input;
    this.#isName = input.names === 'strict' ? isStrictName : isRelaxedName;
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
      if (this.#isName(name)) {
        this.#set(name, carried(value, object), { ...base, key });
      } else {
        this.result.skippedKeys.push({ ...base, key });
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
 * The environment a container gets when it is started now, with the origin of every variable, by the kubelet's rules:
 *
 * - the `envFrom` entries count in their order, a later one overriding an earlier one, with an empty value too;
 * - `prefix` precedes every key of its entry; keys that are no names are left out;
 * - `env` overrides `envFrom`; of two entries with the same name the later one counts;
 * - `env[].value` expands `$(NAME)` of variables set before it; values from objects are taken as they are;
 * - a missing object or key is passed over where it is `optional`, leaving an earlier value in place; otherwise the
 *   container does not start.
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

/** `IsEnvVarName` of k8s.io/apimachinery: a C identifier with dots and dashes, that is no path. */
function isStrictName(name: string): boolean {
  return (
    /^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name) &&
    name !== '.' &&
    !name.startsWith('..')
  );
}

/** `IsRelaxedEnvVarName` of k8s.io/apimachinery, the default from 1.32: printable ASCII without `=`. */
function isRelaxedName(name: string): boolean {
  return /^[ -<>-~]+$/.test(name);
}
