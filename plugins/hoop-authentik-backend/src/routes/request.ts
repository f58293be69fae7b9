import type {
  AuditorService,
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { InputError, isError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';

/** What a handler knows of its caller. @internal */
export interface Caller {
  credentials: BackstageCredentials;
  /** Fires when the caller has left. */
  signal: AbortSignal;
}

/**
 * A handler for users and services, whose answer is JSON. Errors of `@backstage/errors` become their statuses in the
 * middleware that Backstage mounts.
 *
 * @internal
 */
export function answering(
  httpAuth: HttpAuthService,
  handle: (req: Request, caller: Caller) => Promise<unknown>,
  status: 200 | 202 = 200,
): RequestHandler {
  return async (req, res) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    const signal = goneOf(res);
    try {
      const body = await handle(req, { credentials, signal });
      // What one user may see is for no shared cache; the browser asks whether its copy still holds.
      res.set('cache-control', 'private, no-cache');
      res.status(status).json(body);
    } catch (error) {
      // The caller has left, so what was abandoned is no failure to log.
      if (signal.aborted) {
        return;
      }
      // An error may say when it is worth to ask again, in seconds.
      if (isError(error) && typeof error.retryAfter === 'number') {
        res.set('retry-after', `${error.retryAfter}`);
      }
      throw error;
    }
  };
}

function goneOf(res: Response): AbortSignal {
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  return gone.signal;
}

/** The entity that a path names. @internal */
export function entityOf({ params }: Request) {
  const { kind, namespace, name } = params;
  return { kind, namespace, name };
}

/** @throws InputError naming the first field that does not fit, without its value @internal */
export function parsed<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) {
    const [{ path, message }] = result.error.issues;
    throw new InputError(
      `The field "${path.join('.')}" of the request is invalid: ${message}`,
    );
  }
  return result.data;
}

/**
 * Does something that the audit log records, whether it succeeds or not.
 *
 * @param resultOf - what it records of a success
 * @internal
 */
export async function audited<T>(
  auditor: AuditorService,
  event: Parameters<AuditorService['createEvent']>[0],
  act: () => Promise<T>,
  resultOf?: (result: T) => JsonObject,
): Promise<T> {
  const recorded = await auditor.createEvent(event);
  try {
    const result = await act();
    await recorded.success(resultOf && { meta: resultOf(result) });
    return result;
  } catch (error) {
    await recorded.fail({
      error: error instanceof Error ? error : new Error(String(error)),
    });
    throw error;
  }
}
