import { InputError } from '@backstage/errors';
import type { YamlDocument } from './parseYaml';
import {
  formatPath,
  parsePath,
  resolvePath,
  valueAt,
  type YamlPath,
} from './yamlPath';

/** Where the values of the chart are in objects that carry them. */
const VALUES_IN = new Map([
  ['HelmRelease', 'spec.values.config'],
  ['Application', 'spec.source.helm.valuesObject.config'],
]);

/** Variables of the gateway that nothing else in a values file is called. */
const MARKS = ['API_URL', 'POSTGRES_DB_URI', 'IDP_ISSUER', 'IDP_CLIENT_ID'];

/** The charts whose values have the gateway's chart under a key. */
const WRAPPED = 'hoop-chart';

/** Keys without which the map with the gateway's variables is not found. @internal */
export function keysOnTheWay(given: string | undefined): string[] {
  const paths = [given ?? 'config', ...VALUES_IN.values()];
  const steps = paths.flatMap(parsePath);
  return [
    ...[...MARKS, WRAPPED, 'values', 'apiVersion', 'kind', 'metadata', 'sops'],
    ...steps.flatMap(step => {
      if (typeof step === 'object') {
        return [step.field];
      }
      return typeof step === 'string' ? [step] : [];
    }),
  ];
}

const MOST_CANDIDATES = 5;
const DEEPEST = 32;

/**
 * Finds the map with the gateway's variables in a document.
 *
 * @param given - the path as an operator gives it; the default is where charts and the objects that carry their values
 *   have it
 * @returns the path, which may have to be created where nothing else in the file can be meant
 * @throws InputError where the path leads to something else, or where another map seems to be meant, naming it
 * @internal
 */
export function findConfig(
  file: string,
  document: YamlDocument,
  given: string | undefined,
): YamlPath {
  const { data, kind } = document;
  const usual = kind === undefined ? 'config' : VALUES_IN.get(kind);
  const text = given ?? usual;
  if (text === undefined) {
    throw new InputError(
      `${file} is no values file but a Kubernetes object, and charts read nothing from it. Give the path of a values file, or configPath with the path of the chart's config in this object. For a ConfigMap or Secret use hoop:manifest:patch.`,
    );
  }
  const path = resolvePath(file, data, parsePath(text));
  const last = path.at(-1);
  if (typeof last === 'number') {
    throw new InputError(
      `The path of the chart's config must end with a key; found ${JSON.stringify(
        text,
      )}. Add the key, such as config.`,
    );
  }
  refuseTextOnTheWay(file, data, path);
  if (!isFilled(valueAt(data, path))) {
    refuseCandidates(file, data, path);
  }
  return path;
}

function isFilled(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && Object.keys(value).length > 0
  );
}

/** Values may be kept as a text that holds YAML. */
function refuseTextOnTheWay(file: string, data: unknown, path: YamlPath): void {
  const siblings = path.map((_, depth) => {
    const parent = path.slice(0, depth);
    const own = valueAt(data, [...parent, path[depth]]);
    return path[depth] === 'valuesObject' && own === undefined
      ? [...parent, 'values']
      : [...parent, path[depth]];
  });
  const block = siblings.find(one => {
    const value = valueAt(data, one);
    return typeof value === 'string' && value.includes('\n');
  });
  if (block) {
    throw new InputError(
      `${file}: "${formatPath(
        block,
      )}" holds YAML as a text, which is not edited. Make it a map: in an Application of Argo CD move it from values to valuesObject.`,
    );
  }
}

/** A map at a mistyped path would be one that no chart reads. */
function refuseCandidates(file: string, data: unknown, path: YamlPath): void {
  const candidates = candidatesIn(data).filter(
    candidate => formatPath(candidate) !== formatPath(path),
  );
  if (candidates.length > 0) {
    throw new InputError(
      `${file}: there is nothing at "${formatPath(
        path,
      )}", while the gateway's settings seem to be at ${candidates
        .map(candidate => `"${formatPath(candidate)}"`)
        .join(' or ')}. Set configPath to the one that the chart reads.`,
    );
  }
}

/** Maps that hold variables of the gateway, and the usual wrapper's. */
function candidatesIn(data: unknown): YamlPath[] {
  const found: YamlPath[] = [];
  const seen = new Set<object>();
  const search = (value: unknown, path: YamlPath) => {
    if (
      typeof value !== 'object' ||
      value === null ||
      seen.has(value) ||
      path.length > DEEPEST ||
      found.length >= MOST_CANDIDATES
    ) {
      return;
    }
    seen.add(value);
    if (!Array.isArray(value) && MARKS.some(key => Object.hasOwn(value, key))) {
      found.push(path);
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      search(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  };
  search(data, []);
  return found.length === 0 && isFilled(valueAt(data, [WRAPPED]))
    ? [[WRAPPED, 'config']]
    : found.filter(path => path.length > 0);
}
