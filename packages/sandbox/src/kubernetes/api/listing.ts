import { badRequest, expired, StatusError } from '../status';
import { parseFieldSelector, parseLabelSelector } from '../selectors';
import { ObjectStore } from '../store';
import { KubeObject } from '../types';
import { isRecord } from '../values';
import { ResourceRequest } from './requestInfo';

/** @internal */
export function filterOf(
  request: ResourceRequest,
): (object: KubeObject) => boolean {
  const matchesFields = parseFieldSelector(
    request.query.get('fieldSelector') ?? undefined,
    request.type.kind,
  );
  const matchesLabels = parseLabelSelector(
    request.query.get('labelSelector') ?? undefined,
  );
  return object =>
    (request.name === undefined || object.metadata.name === request.name) &&
    matchesFields(object) &&
    matchesLabels(object);
}

/** Where a list goes on: at the state of a version, or at the newest one, after a name. */
interface Continuation {
  version: number;
  start: string;
}

const newest = -1;

function tokenOf({ version, start }: Continuation): string {
  return Buffer.from(
    JSON.stringify({ v: 'meta.k8s.io/v1', rv: version, start }),
  ).toString('base64url');
}

function parseToken(token: string): Continuation {
  try {
    const text = Buffer.from(token, 'base64url').toString('utf8');
    const value: unknown = JSON.parse(text);
    if (isRecord(value) && typeof value.start === 'string') {
      return { version: Number(value.rv), start: value.start };
    }
  } catch {
    // Answered below, like every other text that is no token.
  }
  throw badRequest('invalid continue token: continue key is not valid');
}

/** Items of a list name no kind of their own. */
function asItem({ kind: _kind, apiVersion: _version, ...item }: KubeObject) {
  return item;
}

/** Lists, in pages that all show the state at the first one. @internal */
export class Lister {
  /** What was left of a list, by the token that continues it. */
  private readonly rests = new Map<string, KubeObject[]>();

  constructor(private readonly store: ObjectStore) {}

  list(request: ResourceRequest): unknown {
    const { query, type } = request;
    const token = query.get('continue');
    const limit = Number(query.get('limit') ?? 0);
    if (!Number.isInteger(limit) || limit < 0) {
      throw badRequest(`limit: invalid value: ${query.get('limit')}`);
    }
    this.requireVersion(query);
    const { version, rest } = token
      ? this.resume(token, request)
      : {
          version: this.store.currentVersion,
          rest: this.matching(request),
        };
    const items = limit > 0 ? rest.slice(0, limit) : rest;
    const remaining = rest.slice(items.length);
    const metadata: Record<string, unknown> = {
      resourceVersion: String(version),
    };
    if (remaining.length > 0) {
      const start = items[items.length - 1].metadata.name;
      const next = tokenOf({ version, start });
      this.rests.set(next, remaining);
      this.forgetOldest();
      metadata.continue = next;
      // The rest is only counted where no selector has to be looked at.
      if (!query.get('labelSelector') && !query.get('fieldSelector')) {
        metadata.remainingItemCount = remaining.length;
      }
    }
    return {
      kind: `${type.kind}List`,
      apiVersion: type.apiVersion,
      metadata,
      items: items.map(asItem),
    };
  }

  private matching(request: ResourceRequest): KubeObject[] {
    return this.store.list(request.type, request.namespace, filterOf(request));
  }

  private requireVersion(query: URLSearchParams): void {
    const text = query.get('resourceVersion') ?? '';
    if (!/^\d*$/.test(text)) {
      throw badRequest(
        `invalid resource version: resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
      );
    }
    const version = Number(text);
    const current = this.store.currentVersion;
    if (version > current) {
      throw new StatusError(
        504,
        'Timeout',
        `Timeout: Too large resource version: ${version}, current: ${current}`,
        {
          causes: [
            {
              reason: 'ResourceVersionTooLarge',
              message: 'Too large resource version',
            },
          ],
          retryAfterSeconds: 1,
        },
      );
    }
    if (
      query.get('resourceVersionMatch') === 'Exact' &&
      this.store.isCompacted(version)
    ) {
      throw expired('The resourceVersion for the provided list is too old.');
    }
  }

  /** Clients often stop half-way; their remaining pages must not pile up. */
  private forgetOldest(): void {
    if (this.rests.size > 200) {
      const [oldest] = this.rests.keys();
      this.rests.delete(oldest);
    }
  }

  private resume(
    token: string,
    request: ResourceRequest,
  ): { version: number; rest: KubeObject[] } {
    const { version, start } = parseToken(token);
    if (version === newest) {
      return {
        version: this.store.currentVersion,
        rest: this.matching(request).filter(
          ({ metadata }) => metadata.name > start,
        ),
      };
    }
    const rest = this.rests.get(token);
    if (!rest || this.store.isCompacted(version)) {
      throw expired(
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
        tokenOf({ version: newest, start }),
      );
    }
    return { version, rest };
  }
}
