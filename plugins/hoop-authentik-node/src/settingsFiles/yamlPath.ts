import { InputError } from '@backstage/errors';
import { describeInput } from '../core';

/** The keys of maps and the positions in lists that lead to a value. @internal */
export type YamlPath = Array<string | number>;

/** A step as it is given: a key, a position in a list, or an entry of a list by one of its fields. */
type Step = string | number | { field: string; value: string };

const STEP = /\[(\d{1,6})\]|\[([\w.-]+)=([^\]]+)\]|((?:[^.[\]\\]|\\.)+)/y;

/**
 * Reads a path such as `hoop-chart.config`, `releases[name=hoop].values[0].config` or `a\.b.config`.
 *
 * @throws InputError where it is none
 * @internal
 */
export function parsePath(text: string): Step[] {
  const steps: Step[] = [];
  let position = 0;
  while (position < text.length || steps.length === 0) {
    STEP.lastIndex = position;
    const match = STEP.exec(text);
    const [found, index, field, value, key] = match ?? [];
    const isKey = key !== undefined;
    const separated = steps.length === 0 || text[position - 1] === '.';
    if (found === undefined || (isKey && (!separated || key.trim() === ''))) {
      throw notAPath(text);
    }
    if (isKey) {
      steps.push(key.replace(/\\(.)/g, '$1'));
    } else {
      steps.push(index === undefined ? { field, value } : Number(index));
    }
    position += found.length;
    if (text[position] === '.') {
      position++;
      if (position === text.length) {
        throw notAPath(text);
      }
    }
  }
  return steps;
}

function notAPath(text: string): InputError {
  return new InputError(
    `Expected a path of keys joined by dots, such as hoop-chart.config or releases[name=hoop].values[0].config; found ${describeInput(
      text,
    )}. Write a dot in a key as "\\.".`,
  );
}

/** A path as it can be given. @internal */
export function formatPath(path: YamlPath): string {
  return path
    .map((step, index) =>
      typeof step === 'number'
        ? `[${step}]`
        : `${index > 0 ? '.' : ''}${step.replace(/[.[\]\\]/g, '\\$&')}`,
    )
    .join('');
}

/**
 * Finds the entries of lists that a path selects by a field; the rest of the path does not have to exist.
 *
 * @throws InputError where a list has no such entry, or several
 * @internal
 */
export function resolvePath(
  file: string,
  data: unknown,
  steps: Step[],
): YamlPath {
  return steps.reduce<YamlPath>((path, step) => {
    const found = valueAt(data, path);
    if (typeof step === 'string') {
      return [...path, step];
    }
    const place = path.length === 0 ? 'the top' : `"${formatPath(path)}"`;
    if (!Array.isArray(found)) {
      throw new InputError(
        `${file}: ${place} is not a list. Correct the path.`,
      );
    }
    const matching =
      typeof step === 'number'
        ? [step].filter(index => index < found.length)
        : found.flatMap((entry, index) =>
            valueAt(entry, [step.field]) === step.value ? [index] : [],
          );
    if (matching.length !== 1) {
      const wanted =
        typeof step === 'number'
          ? `[${step}]`
          : `with ${step.field}=${describeInput(step.value)}`;
      throw new InputError(
        `${file}: ${place} has ${matching.length} entries ${wanted}; expected one of its ${found.length}. Correct the path.`,
      );
    }
    return [...path, matching[0]];
  }, []);
}

/** The value at a path; `undefined` where there is none. @internal */
export function valueAt(data: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    data,
  );
}

/** A copy of the data with one text in it; maps that are missing are made. @internal */
export function withValue(
  data: unknown,
  path: YamlPath,
  value: string,
): unknown {
  const [key, ...rest] = path;
  if (key === undefined) {
    return value;
  }
  const inner = withValue(valueAt(data, [key]), rest, value);
  if (Array.isArray(data)) {
    return data.with(Number(key), inner);
  }
  const entries =
    typeof data === 'object' && data !== null ? Object.entries(data) : [];
  return { ...Object.fromEntries(entries), [key]: inner };
}
