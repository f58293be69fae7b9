import type { Answer, RawRequest } from '../support/http';
import { errorView, jsonAnswer } from '../support/http';
import type { Json } from '../../json';
import type { Store } from '../store/store';
import type { User } from '../store/model';
import type { ApiRequest, Route } from './api';
import { ApiError, Crash } from './api';

const DETAIL = {
  missing: 'Authentication credentials were not provided.',
  scheme: 'Unsupported authentication type',
  token: 'Token invalid/expired',
};

/** undefined: no credentials; every failure is a 403, never a 401. */
function authenticate(store: Store, header: string | undefined) {
  if (header === undefined || header === '') return undefined;
  const space = header.indexOf(' ');
  const scheme = (space < 0 ? header : header.slice(0, space)).toLowerCase();
  const key = space < 0 ? '' : header.slice(space + 1);
  if (scheme !== 'bearer') {
    // A value without a blank is not even looked at by older servers.
    if (store.modern || space < 0) return undefined;
    throw new ApiError(403, { detail: DETAIL.scheme });
  }
  if (key === '') return undefined;
  const token = store.tokens.find(one => one.key === key);
  const user = store.user(token?.user);
  if (!token || !user || token.intent !== 'api' || !user.isActive) {
    throw new ApiError(403, { detail: DETAIL.token });
  }
  if (token.expires !== undefined && token.expires < Date.now()) {
    // Newer servers leave the object to a background job.
    if (!store.modern) {
      store.tokens = store.tokens.filter(one => one !== token);
    }
    throw new ApiError(403, { detail: DETAIL.token });
  }
  return user;
}

function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept === '') return true;
  return accept
    .split(',')
    .map(part => part.split(';')[0].trim())
    .some(
      type =>
        type === '*/*' ||
        type === 'application/*' ||
        type === 'application/json',
    );
}

function parseBody(raw: RawRequest): Json | undefined {
  if (raw.body.length === 0) return {};
  const type = String(raw.headers['content-type'] ?? '').split(';')[0];
  if (type.trim() !== 'application/json') {
    throw new ApiError(415, {
      detail: `Unsupported media type "${type.trim()}" in request.`,
    });
  }
  try {
    return JSON.parse(raw.body.toString('utf8')) as Json;
  } catch {
    throw new ApiError(400, {
      detail:
        'JSON parse error - unexpected character, expected a string key: line 1 column 2 (char 1)',
    });
  }
}

function allowOf(route: Route): string {
  const known = new Set([
    ...Object.keys(route.methods),
    ...(route.alsoAllows ?? []),
  ]);
  const order = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  const methods = order.filter(method => known.has(method));
  if (known.has('GET')) methods.push('HEAD');
  return [...methods, 'OPTIONS'].join(', ');
}

/**
 * Dispatches requests below `/api/v3/`.
 *
 * @internal
 */
export class Router {
  readonly #routes: { route: Route; pattern: RegExp; allow: string }[];

  constructor(private readonly store: Store, routes: readonly Route[]) {
    this.#routes = routes.map(route => ({
      route,
      pattern: new RegExp(`^${route.path}$`),
      allow: allowOf(route),
    }));
  }

  async handle(raw: RawRequest): Promise<Answer> {
    const path = raw.path.slice('/api/v3/'.length);
    for (const { route, pattern, allow } of this.#routes) {
      const match = pattern.exec(path);
      if (!match) continue;
      const answer = await this.#answer(raw, route, match.slice(1));
      return { ...answer, headers: { Allow: allow, ...answer.headers } };
    }
    return errorView(raw.method, 404);
  }

  async #answer(
    raw: RawRequest,
    route: Route,
    params: string[],
  ): Promise<Answer> {
    try {
      if (!acceptsJson(raw.headers.accept)) {
        throw new ApiError(406, {
          detail: 'Could not satisfy the request Accept header.',
        });
      }
      const user = authenticate(this.store, raw.headers.authorization);
      if (!user && !route.open) {
        throw new ApiError(403, { detail: DETAIL.missing });
      }
      if (raw.method === 'OPTIONS') {
        const json = ['application/json'];
        return jsonAnswer(200, { renders: json, parses: json });
      }
      const method = raw.method === 'HEAD' ? 'GET' : raw.method;
      const handler = route.methods[method as keyof Route['methods']];
      if (!handler) {
        throw new ApiError(405, {
          detail: `Method "${raw.method}" not allowed.`,
        });
      }
      const request: ApiRequest = {
        raw,
        store: this.store,
        params,
        query: raw.query,
        user: user as User,
        body: () => parseBody(raw),
      };
      return await handler(request);
    } catch (error) {
      if (error instanceof ApiError) {
        return jsonAnswer(error.status, error.body);
      }
      if (error instanceof Crash) return errorView(raw.method, 500);
      throw error;
    }
  }
}
