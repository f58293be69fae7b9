import { ServerResponse } from 'node:http';
import { StatusError } from '../status';
import { ChangeType, ObjectStore, StoreChange } from '../store';
import { KubeObject } from '../types';
import { filterOf } from './listing';
import { isTrue, ResourceRequest } from './requestInfo';

const defaultTimeoutSeconds = 1800;

/** What an object of the kind has even where it is a mark and no object. */
const emptyParts: Record<string, object> = {
  Deployment: {
    spec: {
      replicas: 0,
      selector: null,
      template: { metadata: {}, spec: { containers: null } },
      strategy: {},
    },
    status: {},
  },
  Pod: { spec: { containers: null }, status: {} },
};

/** Every open watch; they end with the server. @internal */
export class Watches {
  private readonly open = new Set<() => void>();

  constructor(
    private readonly store: ObjectStore,
    private readonly bookmarkIntervalMs: number,
  ) {}

  closeAll(): void {
    for (const end of [...this.open]) {
      end();
    }
  }

  watch(request: ResourceRequest, res: ServerResponse): void {
    const filter = filterOf(request);
    const start = request.query.get('resourceVersion') ?? '';
    if (!/^\d*$/.test(start)) {
      throw new StatusError(
        500,
        undefined,
        `resourceVersion: Invalid value: "${start}": strconv.ParseUint: parsing "${start}": invalid syntax`,
      );
    }
    const wantsBookmarks = isTrue(request.query.get('allowWatchBookmarks'));
    const timeoutSeconds = Number(
      request.query.get('timeoutSeconds') ?? defaultTimeoutSeconds,
    );
    res.writeHead(200, {
      'content-type': 'application/json',
      'transfer-encoding': 'chunked',
    });
    res.flushHeaders();
    const send = (type: ChangeType | 'BOOKMARK', object: unknown) =>
      res.write(`${JSON.stringify({ type, object })}\n`);
    const deliver = (change: StoreChange) => {
      const event = visibleChange(request, filter, change);
      if (event) {
        send(event.type, event.object);
      }
    };
    try {
      this.sendPast(request, filter, start, deliver, send);
    } catch (error) {
      if (error instanceof StatusError) {
        res.end(
          `${JSON.stringify({ type: 'ERROR', object: error.toStatus() })}\n`,
        );
        return;
      }
      throw error;
    }
    const bookmark = (annotations?: Record<string, string>) =>
      send('BOOKMARK', {
        kind: request.type.kind,
        apiVersion: request.type.apiVersion,
        metadata: {
          resourceVersion: String(this.store.currentVersion),
          ...(annotations ? { annotations } : {}),
        },
        ...emptyParts[request.type.kind],
      });
    if (wantsBookmarks && (start === '' || start === '0')) {
      bookmark({ 'k8s.io/initial-events-end': 'true' });
    }
    const unsubscribe = this.store.subscribe(deliver);
    const interval = wantsBookmarks
      ? setInterval(() => bookmark(), this.bookmarkIntervalMs)
      : undefined;
    const timers: NodeJS.Timeout[] = [];
    const end = () => {
      clearInterval(interval);
      timers.forEach(timer => clearTimeout(timer));
      unsubscribe();
      this.open.delete(end);
      res.end();
    };
    timers.push(
      setTimeout(() => {
        // Shortly before the end, where there was time for one.
        if (wantsBookmarks && timeoutSeconds * 1000 > this.bookmarkIntervalMs) {
          bookmark();
        }
        end();
      }, timeoutSeconds * 1000),
    );
    this.open.add(end);
    res.once('close', end);
  }

  private sendPast(
    request: ResourceRequest,
    filter: (object: KubeObject) => boolean,
    start: string,
    deliver: (change: StoreChange) => void,
    send: (type: ChangeType, object: unknown) => void,
  ): void {
    if (start === '' || start === '0') {
      this.store
        .list(request.type, request.namespace)
        .filter(filter)
        .forEach(object => send('ADDED', object));
    } else {
      this.store.changesSince(Number(start)).forEach(deliver);
    }
  }
}

/** An object that starts or stops matching the selector is added or deleted for this watcher. */
function visibleChange(
  request: ResourceRequest,
  filter: (object: KubeObject) => boolean,
  change: StoreChange,
): { type: ChangeType; object: KubeObject } | undefined {
  const { object, previous } = change;
  if (
    change.resource !== request.type ||
    (request.namespace !== undefined &&
      object.metadata.namespace !== request.namespace)
  ) {
    return undefined;
  }
  const matched = previous !== undefined && filter(previous);
  const matches = change.type !== 'DELETED' && filter(object);
  if (matches) {
    return { type: matched ? 'MODIFIED' : 'ADDED', object };
  }
  return matched ? { type: 'DELETED', object } : undefined;
}
