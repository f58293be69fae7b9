import { randomUUID } from 'node:crypto';
import { badRequest, expired } from '../status';
import { parseFieldSelector, parseLabelSelector } from '../selectors';
import { ObjectStore } from '../store';
import { KubeObject } from '../types';
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

interface Continuation {
  version: number;
  rest: KubeObject[];
}

/** Lists, in pages that all show the state at the first one. @internal */
export class Lister {
  private readonly continuations = new Map<string, Continuation>();

  constructor(private readonly store: ObjectStore) {}

  list(request: ResourceRequest): unknown {
    const token = request.query.get('continue');
    const limit = Number(request.query.get('limit') ?? 0);
    if (!Number.isInteger(limit) || limit < 0) {
      throw badRequest(`limit: invalid value: ${request.query.get('limit')}`);
    }
    const { version, rest } = token
      ? this.resume(token)
      : {
          version: this.store.currentVersion,
          rest: this.store
            .list(request.type, request.namespace)
            .filter(filterOf(request)),
        };
    const items = limit > 0 ? rest.slice(0, limit) : rest;
    const remaining = rest.slice(items.length);
    const metadata: Record<string, unknown> = {
      resourceVersion: String(version),
    };
    if (remaining.length > 0) {
      const next = randomUUID();
      this.continuations.set(next, { version, rest: remaining });
      this.forgetOldest();
      metadata.continue = Buffer.from(next).toString('base64url');
      metadata.remainingItemCount = remaining.length;
    }
    return {
      kind: `${request.type.kind}List`,
      apiVersion: request.type.apiVersion,
      metadata,
      items,
    };
  }

  /** Clients often stop half-way; their remaining pages must not pile up. */
  private forgetOldest(): void {
    if (this.continuations.size > 200) {
      const [oldest] = this.continuations.keys();
      this.continuations.delete(oldest);
    }
  }

  private resume(token: string): Continuation {
    const id = Buffer.from(token, 'base64url').toString('utf8');
    const continuation = this.continuations.get(id);
    if (!continuation || this.store.isCompacted(continuation.version)) {
      throw expired(
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
      );
    }
    return continuation;
  }
}
