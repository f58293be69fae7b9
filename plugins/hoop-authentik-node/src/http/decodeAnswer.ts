import { ServiceUnavailableError } from '@backstage/errors';
import type { z } from 'zod';
import { withFailure } from '../core';
import type { HttpResponse } from './HttpResponse';

const MOST_FIELDS = 3;

/**
 * Reads an answer by a schema.
 *
 * @param asked - names the system and the endpoint in messages
 * @throws ServiceUnavailableError naming the fields that do not match, never their values
 * @internal
 */
export function decodeAnswer<Schema extends z.ZodType>(
  asked: string,
  answer: HttpResponse,
  schema: Schema,
): z.output<Schema> {
  const body = answer.json();
  if (body !== undefined) {
    return decodeValue(`${asked} (HTTP ${answer.status})`, body, schema);
  }
  throw unexpected(
    /\bjson$/.test(answer.mediaType ?? '')
      ? `${asked}: answered ${answer.status} with JSON of ${answer.body.length} characters that is malformed or nests too deep`
      : `${asked}: expected JSON, found ${answer.describe()}; ` +
          "another service answers at this URL, such as a proxy's login page",
  );
}

/**
 * Reads a value of an answer by a schema, such as one event of a watch.
 *
 * @throws ServiceUnavailableError as {@link decodeAnswer}
 * @internal
 */
export function decodeValue<Schema extends z.ZodType>(
  asked: string,
  value: unknown,
  schema: Schema,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const mismatches = result.error.issues
    .slice(0, MOST_FIELDS)
    .map(issue => `${fieldOf(issue.path)} (${issue.message})`);
  throw unexpected(
    `${asked}: unexpected response format: ${mismatches.join(', ')}`,
  );
}

/** The keys of a map are the system's own words, so only those that look like a field are shown. */
function fieldOf(path: PropertyKey[]): string {
  const shown = path.map(key =>
    /^[\w-]{1,40}$/.test(String(key)) ? String(key) : '…',
  );
  return shown.join('.') || 'the body';
}

function unexpected(message: string): Error {
  return withFailure(new ServiceUnavailableError(message), {
    kind: 'unexpected-answer',
  });
}
