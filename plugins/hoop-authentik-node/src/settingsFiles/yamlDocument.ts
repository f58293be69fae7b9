import { InputError } from '@backstage/errors';
import { describeInput } from '../core';
import type { ParsedYaml, YamlDocument } from './parseYaml';

/**
 * A Kubernetes object in a YAML file, which may hold several.
 *
 * @public
 */
export interface ManifestReference {
  /** Such as `HelmRelease`. */
  kind: string;
  /** `metadata.name` of the object. */
  name: string;
}

/** A file of more objects is not described in full. */
const MOST_NAMED = 10;

/**
 * The document of a file that is to be edited; an empty one for a file without data.
 *
 * @param wanted - the object to edit; may be left out where the file has one document
 * @throws InputError naming the objects that the file has
 * @internal
 */
export function chooseDocument(
  file: string,
  { documents }: ParsedYaml,
  wanted: ManifestReference | undefined,
): YamlDocument {
  if (wanted) {
    const found = documents.filter(
      ({ kind, name }) => kind === wanted.kind && name === wanted.name,
    );
    if (found.length !== 1) {
      throw new InputError(
        `${file} has ${found.length} objects ${wanted.kind}/${
          wanted.name
        }; expected one. It has ${listed(documents)}.`,
      );
    }
    return mapOf(file, found[0]);
  }
  if (documents.length > 1) {
    throw new InputError(
      `${file} contains ${
        documents.length
      } YAML documents, separated by "---"; a values file has one. Name the object to edit with document: it has ${listed(
        documents,
      )}.`,
    );
  }
  const [document] = documents;
  return document
    ? mapOf(file, document)
    : {
        token: undefined,
        data: null,
        referredAnchors: new Set(),
        kind: undefined,
        name: undefined,
      };
}

function mapOf(file: string, document: YamlDocument): YamlDocument {
  const { data } = document;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new InputError(
      `${file} contains no map of values; expected "key: value" at the top level.`,
    );
  }
  return document;
}

function listed(documents: YamlDocument[]): string {
  const objects = documents.flatMap(({ kind, name }) =>
    kind !== undefined && name !== undefined
      ? [`${shown(kind)}/${shown(name)}`]
      : [],
  );
  const more = objects.length - MOST_NAMED;
  return objects.length === 0
    ? 'no object with a kind and a name'
    : `${objects.slice(0, MOST_NAMED).join(', ')}${
        more > 0 ? ` and ${more} more` : ''
      }`;
}

/** What is no word is quoted, since the file may have anything in its place. */
function shown(word: string): string {
  return /^[\w.-]{1,63}$/.test(word) ? word : describeInput(word.slice(0, 63));
}
