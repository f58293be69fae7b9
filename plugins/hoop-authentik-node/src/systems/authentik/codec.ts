import { z } from 'zod';
import { SecretValue } from '../../core';

/**
 * The members of an object, by their names in camel case. The API spells the same names in snake case:
 * `metaLaunchUrl` is `meta_launch_url`.
 *
 * @internal
 */
export type Shape = Record<string, z.ZodType>;

/** An object of a shape as it is read. */
type Members<S extends Shape> = z.output<z.ZodObject<S>>;

/** A text that is empty if the server omits it or answers null. @internal */
export const text = z
  .string()
  .nullish()
  .transform(value => value ?? '');

/** A text that the server may omit or answer as null. @internal */
export const optionalText = optional(z.string());

/** A text that is wrapped when it is read; {@link encode} unwraps it. @internal */
export const secretText = z.string().transform(value => new SecretValue(value));

/** A member that the server may omit or answer as null: both become `undefined`. @internal */
export function optional<S extends z.ZodType>(schema: S) {
  return schema.nullish().transform(value => value ?? undefined);
}

/**
 * Reads an object of the API. Members outside the shape are ignored, because every release adds some. Issues name
 * members as the API spells them.
 *
 * @internal
 */
export function apiObject<S extends Shape>(shape: S): z.ZodType<Members<S>> {
  const spelled = Object.keys(shape).map(name => [name, snakeCase(name)]);
  return z
    .object(
      Object.fromEntries(spelled.map(([name, key]) => [key, shape[name]])),
    )
    .transform(
      raw =>
        Object.fromEntries(
          spelled.map(([name, key]) => [name, raw[key]]),
        ) as Members<S>,
    );
}

/**
 * Writes those members of a shape that are given: null, false and an empty text are, `undefined` is not. The result
 * contains secrets in clear and must not be shown.
 *
 * @internal
 */
export function encode<S extends Shape>(
  shape: S,
  fields: { [Name in keyof S]?: unknown },
): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(shape)
      .filter(name => fields[name] !== undefined)
      .map(name => [snakeCase(name), encodeValue(fields[name])]),
  );
}

function encodeValue(value: unknown): unknown {
  if (value instanceof SecretValue) {
    return value.reveal();
  }
  if (Array.isArray(value)) {
    return value.map(encodeValue);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).map(([name, member]) => [
          snakeCase(name),
          encodeValue(member),
        ]),
      )
    : value;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}
