import { InputError } from '@backstage/errors';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';

/** A named entry of a kubeconfig. Fields that are null or empty are absent, as for client-go. @internal */
export interface KubeconfigEntry {
  name: string;
  fields: Record<string, unknown>;
}

/** The entries that a context chooses. @internal */
export interface ChosenEntries {
  context: KubeconfigEntry;
  cluster: KubeconfigEntry;
  /** A context may have none. */
  user: KubeconfigEntry | undefined;
}

const DUPLICATE = 'DUPLICATE_KEY';

type ListName = 'contexts' | 'clusters' | 'users';

/** Where client-go keeps the fields of an entry, beside its name. */
const FIELDS_AT = {
  contexts: 'context',
  clusters: 'cluster',
  users: 'user',
} as const;

interface ListedEntry {
  /** Absent in an entry that is not one, or cannot be read. */
  name: string | undefined;
  fields: unknown;
  /** Where it is in the text. */
  range: readonly [number, number];
}

/**
 * Chooses the entries of a context in the text of a kubeconfig. Only these are validated: what is odd in any other entry is
 * no reason to refuse the file. Messages name only lines and fields, since an excerpt of the file could contain a token.
 *
 * @param path - of the file, for messages
 * @param wanted - name of the context; by default the current one
 * @throws InputError naming the file, what was expected and what was found
 * @internal
 */
export function chooseEntries(
  text: string,
  path: string,
  wanted?: string,
): ChosenEntries {
  const file = `the kubeconfig ${path}`;
  const lines = new LineCounter();
  const document = parseDocument(text, {
    merge: true,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  });
  const refuse = ({ code, pos }: Document['errors'][number]): never => {
    const { line, col } = lines.linePos(pos[0]);
    throw new InputError(
      `${file} is not valid YAML: ${code} at line ${line}, column ${col}`,
    );
  };
  document.errors.filter(({ code }) => code !== DUPLICATE).forEach(refuse);
  if (!isMap(document.contents)) {
    throw new InputError(
      `${file} is not a kubeconfig: the document: expected a map with "contexts", "clusters" and "users", found something else`,
    );
  }
  keepNumbersAsWritten(document);
  const lists = {
    contexts: entriesOf(document, 'contexts', file),
    clusters: entriesOf(document, 'clusters', file),
    users: entriesOf(document, 'users', file),
  };
  const others = new Set(Object.values(lists).flat());
  const refuseDuplicatesBeside = (spared: ReadonlySet<ListedEntry>) =>
    document.errors
      .filter(
        ({ pos: [at] }) =>
          ![...spared].some(({ range: [from, to] }) => from <= at && at < to),
      )
      .forEach(refuse);
  refuseDuplicatesBeside(others);
  const choose = (list: ListName, name: string, where: string) => {
    const entry = find(lists[list], name, `${file}, ${where}`);
    others.delete(entry);
    return {
      name,
      fields: fieldsOf(entry.fields, `${file}, ${FIELDS_AT[list]} "${name}"`),
    };
  };
  const name = wanted ?? textOf(present(document.get('current-context')));
  if (name === undefined) {
    throw new InputError(
      `${file} has no current-context: expected one, or a "context" in app-config; found ${namesOf(
        lists.contexts,
      )}`,
    );
  }
  const context = choose('contexts', name, 'context');
  const referred = (field: 'cluster' | 'user') => {
    const value = context.fields[field];
    if (value !== undefined && typeof value !== 'string') {
      throw new InputError(
        `${file}, context "${name}": ${field}: expected a name, found ${kindOf(
          value,
        )}`,
      );
    }
    return value;
  };
  const cluster = referred('cluster');
  if (cluster === undefined) {
    throw new InputError(
      `${file}, context "${name}": cluster: expected the name of a cluster, found nothing`,
    );
  }
  const user = referred('user');
  const chosen = {
    context,
    cluster: choose('clusters', cluster, `cluster of context "${name}"`),
    user:
      user === undefined
        ? undefined
        : choose('users', user, `user of context "${name}"`),
  };
  refuseDuplicatesBeside(others);
  return chosen;
}

/** A name or a token of digits is a text: `0123` is not `123`. */
function keepNumbersAsWritten(document: Document): void {
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'number' || typeof node.value === 'bigint') {
        node.value = node.source ?? String(node.value);
      }
    },
  });
}

/** `kubectl config` writes `null` for an empty list. */
function entriesOf(
  document: Document,
  list: ListName,
  file: string,
): ListedEntry[] {
  const found = isMap(document.contents)
    ? document.contents.get(list, true)
    : undefined;
  const node: unknown = isAlias(found) ? found.resolve(document) : found;
  if (node === undefined || (isScalar(node) && !node.value)) {
    return [];
  }
  if (!isSeq(node)) {
    throw new InputError(
      `${file} is not a kubeconfig: ${list}: expected a list, found something else`,
    );
  }
  return node.items.map(item => {
    const [from = 0, , to = 0] = (isNode(item) && item.range) || [];
    const entry = valueOf(item, document);
    const { name, [FIELDS_AT[list]]: fields } = isRecord(entry)
      ? entry
      : ({} as Record<string, unknown>);
    return { name: textOf(name), fields, range: [from, to] };
  });
}

/** Each entry for itself: an alias or a merge in another entry that leads nowhere must not spoil this one. */
function valueOf(item: unknown, document: Document): unknown {
  try {
    return isNode(item) ? item.toJS(document) : item;
  } catch {
    return undefined;
  }
}

function find(
  entries: ListedEntry[],
  name: string,
  where: string,
): ListedEntry {
  const found = entries.filter(entry => entry.name === name);
  if (found.length === 0) {
    throw new InputError(
      `${where}: expected "${name}", found ${namesOf(entries)}`,
    );
  }
  if (found.length > 1) {
    throw new InputError(
      `${where}: expected one entry "${name}", found ${found.length}`,
    );
  }
  return found[0];
}

function namesOf(entries: ListedEntry[]): string {
  const names = entries.flatMap(({ name }) => (name ? [`"${name}"`] : []));
  const unnamed = entries.length - names.length;
  return (
    [...names, ...(unnamed > 0 ? [`${unnamed} that cannot be read`] : [])].join(
      ', ',
    ) || 'none'
  );
}

function fieldsOf(fields: unknown, where: string): KubeconfigEntry['fields'] {
  if (present(fields) === undefined) {
    return {};
  }
  if (!isRecord(fields)) {
    throw new InputError(
      `${where}: expected a map of fields, found ${kindOf(fields)}`,
    );
  }
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => present(value) !== undefined),
  );
}

/** Tools and people leave null and empty fields behind, which mean nothing to client-go either. @internal */
export function present<T>(value: T): T | undefined {
  const isEmpty =
    value === undefined ||
    value === null ||
    (typeof value === 'string' && value.trim() === '') ||
    (typeof value === 'object' && Object.keys(value).length === 0);
  return isEmpty ? undefined : value;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @internal */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) {
    return 'a list';
  }
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}
