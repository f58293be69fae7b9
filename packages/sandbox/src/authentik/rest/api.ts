import type { Answer, RawRequest } from '../support/http';
import { jsonAnswer } from '../support/http';
import type { Json, JsonObject } from '../../json';
import { UUID } from './fields';
import type { Store } from '../store/store';
import type { User } from '../store/model';

/**
 * Ends a request early with an answer.
 *
 * @internal
 */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: JsonObject | Json[],
    message = 'answered early',
  ) {
    super(message);
  }
}

/**
 * Ends a request the way an unhandled exception of the server does.
 *
 * @internal
 */
export class Crash extends Error {}

/**
 * A request to the REST API after authentication.
 *
 * @internal
 */
export interface ApiRequest {
  raw: RawRequest;
  store: Store;
  /** Parameters of the path. */
  params: string[];
  query: URLSearchParams;
  /** The caller; only routes marked `open` see requests without one. */
  user: User;
  /** Parsed on first use, since the real server also parses late. */
  body: () => Json | undefined;
}

/** @internal */
export type Handler = (request: ApiRequest) => Answer | Promise<Answer>;

/** @internal */
export interface Route {
  /** Regular expression source of the path below `/api/v3/`. */
  path: string;
  methods: Partial<
    Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Handler>
  >;
  /** Answers callers without a token as well. */
  open?: boolean;
  /** Methods that exist but are not simulated, for the `Allow` header. */
  alsoAllows?: string[];
}

/** @internal */
export const ok = (body: Json | JsonObject) => jsonAnswer(200, body);
/** @internal */
export const created = (body: Json | JsonObject) => jsonAnswer(201, body);
/** @internal */
export const noContent = (): Answer => ({ status: 204, headers: {}, body: '' });

/** @internal */
export function forbidden(): ApiError {
  return new ApiError(403, {
    detail: 'You do not have permission to perform this action.',
  });
}

/** @internal */
export function notFound(model: string): ApiError {
  return new ApiError(404, {
    detail: `No ${model} matches the given query.`,
  });
}

/** @internal */
export function invalid(errors: JsonObject | Json[]): ApiError {
  return new ApiError(400, errors);
}

/** @internal */
export function demand(request: ApiRequest, permission: string): void {
  if (!request.store.may(request.user, permission)) throw forbidden();
}

/** @internal */
export const LIST_WRITES = ['POST'];
/** @internal */
export const DETAIL_WRITES = ['PUT', 'PATCH', 'DELETE'];

/**
 * Looks an object up by a UUID in the path.
 *
 * @internal
 */
export function byPk<T extends { pk: string }>(
  request: ApiRequest,
  items: readonly T[],
  model: string,
): T {
  const [pk] = request.params;
  if (!UUID.test(pk)) throw new ApiError(404, { detail: 'Not found.' });
  const item = items.find(one => one.pk === pk);
  if (!item) throw notFound(model);
  return item;
}

/**
 * Parameters that add something to an answer are on unless said otherwise.
 *
 * @internal
 */
export function wants(request: ApiRequest, name: string): boolean {
  return request.query.get(name) !== 'false';
}

/**
 * Takes the time of a write. Requests that overlap in it race each other.
 *
 * @internal
 */
export function writing(store: Store): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, store.writeMs);
  });
}
