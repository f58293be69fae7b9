import type { Json } from '../json';
import { isJsonObject } from '../json';

/** What belongs to one server at one time, so that another value is no difference. @internal */
export interface ValueRules {
  /** Members whose values are not compared. */
  own: ReadonlySet<string>;
  /** Lists have an order that counts. */
  ordered?: boolean;
  /** Sorts of identifiers; two texts of one sort are the same. */
  kinds: [string, RegExp][];
  /** Random texts, which are the same where they are as long. */
  random?: RegExp;
  /** Takes out of a text what is an identifier inside it. */
  plain?: (text: string) => string;
}

function typeOf(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

/**
 * Differences in keys and types, values aside. Lists match when every element of one has a
 * counterpart of the same shape in the other.
 *
 * @internal
 */
export function shapeProblems(
  recorded: Json | undefined,
  actual: Json | undefined,
  at = '',
): string[] {
  if (typeOf(recorded) !== typeOf(actual)) {
    return [`${at || 'body'}: ${typeOf(recorded)} became ${typeOf(actual)}`];
  }
  if (Array.isArray(recorded) && Array.isArray(actual)) {
    if ((recorded.length === 0) !== (actual.length === 0)) {
      return [`${at}: ${recorded.length} items became ${actual.length}`];
    }
    const fits = (one: Json, others: Json[]) =>
      others.some(other => shapeProblems(one, other).length === 0);
    const strange = actual.findIndex(one => !fits(one, recorded));
    if (strange >= 0) {
      return shapeProblems(recorded[0], actual[strange], `${at}[${strange}]`);
    }
    const missing = recorded.findIndex(one => !fits(one, actual));
    return missing >= 0
      ? shapeProblems(recorded[missing], actual[0], `${at}[${missing}]`)
      : [];
  }
  if (isJsonObject(recorded) && isJsonObject(actual)) {
    const problems: string[] = [];
    for (const key of Object.keys(recorded)) {
      if (key in actual) {
        problems.push(
          ...shapeProblems(recorded[key], actual[key], `${at}.${key}`),
        );
      } else {
        problems.push(`${at}.${key} is missing`);
      }
    }
    for (const key of Object.keys(actual)) {
      if (!(key in recorded)) problems.push(`${at}.${key} is too much`);
    }
    return problems;
  }
  return [];
}

/** What sort of identifier a text is, or the text itself. */
function kindOf(text: string, { kinds, plain }: ValueRules): string {
  return (
    kinds.find(([, pattern]) => pattern.test(text))?.[0] ??
    plain?.(text) ??
    text
  );
}

function sameText(recorded: string, actual: string, rules: ValueRules) {
  if (kindOf(recorded, rules) === kindOf(actual, rules)) return true;
  // Only the recorded text has to look random: a new one may well have no digit, but it is as long.
  return (
    rules.random !== undefined &&
    rules.random.test(recorded) &&
    /^[\w-]+$/.test(actual) &&
    recorded.length === actual.length
  );
}

function sameValue(
  recorded: Json | undefined,
  actual: Json | undefined,
  rules: ValueRules,
) {
  if (recorded === actual) return true;
  return (
    typeof recorded === 'string' &&
    typeof actual === 'string' &&
    sameText(recorded, actual, rules)
  );
}

/**
 * Values that differ, apart from identifiers, times and secrets.
 *
 * @internal
 */
export function valueProblems(
  recorded: Json | undefined,
  actual: Json | undefined,
  rules: ValueRules,
  at = '',
): string[] {
  if (Array.isArray(recorded) && Array.isArray(actual)) {
    if (recorded.length !== actual.length) return [];
    // Few lists have an order of their own, so a counterpart anywhere will do.
    return recorded
      .map((one, index) => {
        const found =
          !rules.ordered &&
          actual.some(other => valueProblems(one, other, rules).length === 0);
        return found
          ? []
          : valueProblems(one, actual[index], rules, `${at}[${index}]`);
      })
      .flat();
  }
  if (isJsonObject(recorded) && isJsonObject(actual)) {
    return Object.entries(recorded).flatMap(([key, value]) =>
      rules.own.has(key)
        ? []
        : valueProblems(value, actual[key], rules, `${at}.${key}`),
    );
  }
  return sameValue(recorded, actual, rules)
    ? []
    : [`${at}: ${JSON.stringify(recorded)} became ${JSON.stringify(actual)}`];
}

/**
 * Keys in one order, so that two values can be compared as texts.
 *
 * @internal
 */
export function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map(item => sorted(item) as Json);
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map(key => [key, sorted(value[key])]),
    );
  }
  return value;
}
