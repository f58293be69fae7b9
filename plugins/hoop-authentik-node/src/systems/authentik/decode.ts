import { ServiceUnavailableError } from '@backstage/errors';
import type { z } from 'zod';
import type { HttpResponse } from '../../http';
import { isJson } from './errors';

/**
 * Reads a JSON answer by a schema.
 *
 * @param asked - names the system and the endpoint in messages
 * @throws ServiceUnavailableError naming the fields that do not fit, never their values
 * @internal
 */
export function decode<Schema extends z.ZodType>(
  asked: string,
  answer: HttpResponse,
  schema: Schema,
): z.output<Schema> {
  const result = schema.safeParse(parse(asked, answer));
  if (result.success) {
    return result.data;
  }
  const misfits = result.error.issues
    .slice(0, 3)
    .map(issue => `${issue.path.join('.') || 'the body'} (${issue.message})`);
  throw new ServiceUnavailableError(
    `${asked}: the answer does not fit: ${misfits.join(', ')}`,
  );
}

function parse(asked: string, answer: HttpResponse): unknown {
  if (!isJson(answer)) {
    throw new ServiceUnavailableError(
      `${asked}: the answer is not JSON but ${mediaTypeOf(answer)}; ` +
        'something that is not authentik answers, such as the login page of a proxy',
    );
  }
  try {
    return JSON.parse(answer.body);
  } catch {
    // The parser's own error quotes the body, which can hold a client secret: it is not passed on.
    throw new ServiceUnavailableError(
      `${asked}: the answer is malformed JSON of ${answer.body.length} characters`,
    );
  }
}

function mediaTypeOf(answer: HttpResponse): string {
  const type = answer.headers['content-type']?.split(';')[0].trim() ?? '';
  return /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'of no known type';
}
