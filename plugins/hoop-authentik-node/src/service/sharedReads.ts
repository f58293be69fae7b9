import { unlessAborted, type CallOptions } from '../core';
import { isWrite } from './runs/guardWrites';

/** What a task has read counts for so long, unless it writes. */
const REMEMBERED_MS = 15_000;

/** What we never write is shared between the tasks of one authentik, for about as long as they start together. */
const LOOKUPS_REMEMBERED_MS = 5_000;

const LOOKUPS = [
  'listFlows',
  'listKeyPairs',
  'listScopeMappings',
  'findGroup',
  'findGroupMembers',
  'findUser',
  'findPolicy',
];

/** Reads that depend on nothing but their parameters; of other methods each call is made. */
const READ = /^(get|find|list|has|probe|preview)(?=[A-Z])/;

/** What was read, until it is forgotten. @internal */
export class ReadMemory {
  readonly #kept = new Map<
    string,
    { until: number; value: Promise<unknown> }
  >();
  /** Numbers of parameters that are objects, such as secrets: the same one is the same parameter. */
  readonly #objects = new WeakMap<object, number>();
  #lastObject = 0;

  forget(): void {
    this.#kept.clear();
  }

  /** What was found counts, and neither a failure nor that nothing was found. */
  recall<T>(
    name: string,
    parameters: unknown[],
    forMs: number,
    read: () => Promise<T>,
  ): Promise<T> {
    const key = JSON.stringify([
      name,
      ...parameters.map(one => this.#keyOf(one)),
    ]);
    const now = Date.now();
    const known = this.#kept.get(key);
    if (known && known.until > now) {
      return known.value as Promise<T>;
    }
    const kept = { until: now + forMs, value: read() };
    this.#kept.set(key, kept);
    const drop = () => {
      if (this.#kept.get(key) === kept) {
        this.#kept.delete(key);
      }
    };
    kept.value.then(found => {
      if (found === undefined || found === false) {
        drop();
      }
    }, drop);
    return kept.value;
  }

  /** An instance of a class, such as a secret, counts for itself: its JSON does not show what it is. */
  #keyOf(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    if (Array.isArray(value)) {
      return value.map(one => this.#keyOf(one));
    }
    return Object.getPrototypeOf(value) === Object.prototype
      ? Object.entries(value).map(([name, one]) => [name, this.#keyOf(one)])
      : { object: this.#numberOf(value) };
  }

  #numberOf(value: object): number {
    const known = this.#objects.get(value) ?? ++this.#lastObject;
    this.#objects.set(value, known);
    return known;
  }
}

/**
 * A client whose reads are shared with all that have the same memory, until one of them writes.
 *
 * @param memory - what the task has read
 * @param options - `lookups`: what the tasks of one authentik share; `onWrite` is called with the method before and after each write
 * @internal
 */
export function shareReads<Client extends object>(
  client: Client,
  memory: ReadMemory,
  {
    lookups = memory,
    onWrite,
  }: { lookups?: ReadMemory; onWrite(method: string): void },
): Client {
  return new Proxy(client, {
    get(_, name) {
      const member: unknown = Reflect.get(client, name);
      if (typeof member !== 'function' || typeof name !== 'string') {
        return member;
      }
      const method = member.bind(client);
      if (isWrite(name)) {
        return async (...args: unknown[]) => {
          onWrite(name);
          try {
            return await method(...args);
          } finally {
            onWrite(name);
          }
        };
      }
      if (!READ.test(name)) {
        return method;
      }
      const isLookup = LOOKUPS.includes(name);
      return async (...args: unknown[]) => {
        const parameters = args.filter(arg => !isCallOptions(arg));
        const { signal, lane, fresh }: CallOptions =
          args.find(isCallOptions) ?? {};
        const from = isLookup ? lookups : memory;
        const forMs = isLookup ? LOOKUPS_REMEMBERED_MS : REMEMBERED_MS;
        const read = () => method(...parameters, ...(lane ? [{ lane }] : []));
        // A shared read goes on for the others when one of them is cancelled.
        return unlessAborted(
          () => (fresh ? read() : from.recall(name, parameters, forMs, read)),
          signal,
        );
      };
    },
  });
}

function isCallOptions(value: unknown): value is CallOptions {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['signal', 'lane', 'fresh'].some(option => option in value)
  );
}
