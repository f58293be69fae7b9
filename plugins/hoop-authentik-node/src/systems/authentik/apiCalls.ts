import { z } from 'zod';
import type { CallOptions, SecretValue } from '../../core';
import type { HttpResponse } from '../../http';

/**
 * One call of the API.
 *
 * @internal
 */
export interface ApiCall {
  /** Below `api/v3/`, with the trailing slash the server requires. */
  path: string;
  /** What the token needs for this call. */
  permission?: string;
  options: CallOptions | undefined;
}

/** @internal */
export interface ApiWrite extends ApiCall {
  method: 'POST' | 'PUT' | 'PATCH';
  body: unknown;
  /** Secrets in the body. */
  secrets?: Array<SecretValue | undefined>;
}

/** Answers every accepted token, whatever its rights. @internal */
export const OWN_USER = 'core/users/me/';

/** A refusal of authentik, of which a proxy's differs in not being JSON. @internal */
export function isRefusal(answer: HttpResponse): boolean {
  return [401, 403].includes(answer.status) && answer.json() !== undefined;
}

/** An unknown URL is a 404 too, but an HTML page. @internal */
export function isNoSuchObject(answer: HttpResponse): boolean {
  return answer.status === 404 && answer.json() !== undefined;
}

/**
 * One page of a list; `next` is the number of the following page, 0 on the last one.
 *
 * @internal
 */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    pagination: z.object({
      next: z.number().nullish(),
      total_pages: z.number().nullish(),
    }),
    results: z.array(item),
  });
}

/** The numbers of all pages after the first one. @internal */
export function pageNumbers(totalPages: number): string[] {
  return Array.from(
    { length: Math.max(0, totalPages - 1) },
    (_, index) => `${index + 2}`,
  );
}
