import type { Json, JsonObject } from '../../json';
import { isJsonObject, pythonType } from '../../json';

/** @internal */
export type FieldResult = { value: unknown } | { errors: Json };

/**
 * One member of a request body: how it is checked and what it becomes.
 *
 * @internal
 */
export interface Field {
  name: string;
  required?: boolean;
  /** Used when the member is absent from a create request. */
  fallback?: () => unknown;
  check: (value: Json) => FieldResult;
}

/** @internal */
export const REQUIRED = 'This field is required.';
/** @internal */
export const NOT_NULL = 'This field may not be null.';
/** @internal */
export const NOT_BLANK = 'This field may not be blank.';

const fail = (...messages: string[]): FieldResult => ({ errors: messages });

/** @internal */
export const UUID =
  /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** @internal */
export function noSuchPk(value: unknown): string {
  return `Invalid pk "${String(value)}" - object does not exist.`;
}

/** @internal */
export function notAUuid(value: unknown): string {
  return `“${String(value)}” is not a valid UUID.`;
}

/** @internal */
export function text(
  options: {
    blank?: boolean;
    max?: number;
    nullable?: boolean;
    verify?: (value: string) => string | undefined;
  } = {},
): Field['check'] {
  return value => {
    if (value === null) {
      return options.nullable ? { value: null } : fail(NOT_NULL);
    }
    if (typeof value !== 'string' && typeof value !== 'number') {
      return fail('Not a valid string.');
    }
    const trimmed = String(value).trim();
    if (trimmed === '') {
      return options.blank ? { value: '' } : fail(NOT_BLANK);
    }
    if (trimmed.includes('\0')) {
      return fail('Null characters are not allowed.');
    }
    const problems: string[] = [];
    const problem = options.verify?.(trimmed);
    if (problem) problems.push(problem);
    if (options.max && trimmed.length > options.max) {
      problems.push(
        `Ensure this field has no more than ${options.max} characters.`,
      );
    }
    return problems.length ? { errors: problems } : { value: trimmed };
  };
}

/** @internal */
export function choice(options: readonly string[]): Field['check'] {
  return value => {
    if (value === null) return fail(NOT_NULL);
    return typeof value === 'string' && options.includes(value)
      ? { value }
      : fail(`"${String(value)}" is not a valid choice.`);
  };
}

const TRUE = new Set<Json>([true, 1, 'true', 'True', 'TRUE', 't', '1', 'yes']);
const FALSE = new Set<Json>([
  false,
  0,
  'false',
  'False',
  'FALSE',
  'f',
  '0',
  'no',
]);

/** @internal */
export const flag: Field['check'] = value => {
  if (value === null) return fail(NOT_NULL);
  if (TRUE.has(value)) return { value: true };
  if (FALSE.has(value)) return { value: false };
  return fail('Must be a valid boolean.');
};

/** @internal */
export function integer(options: { min?: number } = {}): Field['check'] {
  return value => {
    if (value === null) return fail(NOT_NULL);
    const number = typeof value === 'string' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number)) {
      return fail('A valid integer is required.');
    }
    if (options.min !== undefined && number < options.min) {
      return fail(
        `Ensure this value is greater than or equal to ${options.min}.`,
      );
    }
    return { value: number };
  };
}

/** @internal */
export function uuidKey(
  exists: (pk: string) => boolean,
  options: { nullable?: boolean } = {},
): Field['check'] {
  return value => {
    if (value === null || value === '') {
      return options.nullable ? { value: null } : fail(NOT_NULL);
    }
    if (typeof value === 'number') return fail(noSuchPk(value));
    if (typeof value !== 'string') {
      return fail(
        `Incorrect type. Expected pk value, received ${pythonType(value)}.`,
      );
    }
    if (!UUID.test(value)) return fail(notAUuid(value));
    return exists(value) ? { value } : fail(noSuchPk(value));
  };
}

/** @internal */
export function numericKey(
  exists: (pk: number) => boolean,
  options: { nullable?: boolean } = {},
): Field['check'] {
  return value => {
    if (value === null || value === '') {
      return options.nullable ? { value: null } : fail(NOT_NULL);
    }
    const number =
      typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number') {
      return fail(
        `Incorrect type. Expected pk value, received ${pythonType(value)}.`,
      );
    }
    return exists(number) ? { value: number } : fail(noSuchPk(value));
  };
}

/** @internal */
export function listOf(check: Field['check']): Field['check'] {
  return value => {
    if (value === null) return fail(NOT_NULL);
    if (!Array.isArray(value)) {
      return fail(
        `Expected a list of items but got type "${pythonType(value)}".`,
      );
    }
    const values: unknown[] = [];
    for (const item of value) {
      const result = check(item);
      if ('errors' in result) return result;
      if (!values.includes(result.value)) values.push(result.value);
    }
    return { value: values };
  };
}

/** @internal */
export function checkBody(
  fields: readonly Field[],
  body: Json | undefined,
  options: { partial?: boolean; create?: boolean } = {},
): { values: Record<string, unknown>; errors?: JsonObject } {
  if (body === null) {
    return { values: {}, errors: { non_field_errors: ['No data provided'] } };
  }
  if (!isJsonObject(body)) {
    return {
      values: {},
      errors: {
        non_field_errors: [
          `Invalid data. Expected a dictionary, but got ${pythonType(body)}.`,
        ],
      },
    };
  }
  const values: Record<string, unknown> = {};
  const errors: JsonObject = {};
  for (const field of fields) {
    const given = body[field.name];
    if (given === undefined) {
      if (field.required && !options.partial) errors[field.name] = [REQUIRED];
      else if (options.create && field.fallback) {
        values[field.name] = field.fallback();
      }
      continue;
    }
    const result = field.check(given);
    if ('errors' in result) errors[field.name] = result.errors;
    else values[field.name] = result.value;
  }
  return Object.keys(errors).length ? { values, errors } : { values };
}
