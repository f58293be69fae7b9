import { isError } from '@backstage/errors';
import { unlessAborted, type CallOptions } from '../core';
import type {
  AuthentikClient,
  AuthentikGroupMembers,
  AuthentikProvider,
} from '../systems/authentik/types';
import { isWrite } from './runs/guardWrites';

/** What a task has read counts for so long, unless it writes. */
const REMEMBERED_MS = 15_000;

/** What we never write is shared between the tasks of one authentik, for about as long as they start together. */
const LOOKUPS_REMEMBERED_MS = 5_000;

/** More than the tasks of a portal ask for within seconds. */
const MOST_REMEMBERED = 1_000;

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

/** That these find nothing only changes with a write; of others, such as whether a gateway has started, each call is made. */
const NOTHING_COUNTS = ['getApplication'];

interface Kept {
  name: string;
  until: number;
  value: Promise<unknown>;
  found?: unknown;
}

/** What was read, until it is forgotten or its time is over, and no more than the latest. @internal */
export class ReadMemory {
  readonly #kept = new Map<string, Kept>();
  /** Numbers of parameters that are objects, such as secrets: the same one is the same parameter. */
  readonly #objects = new WeakMap<object, number>();
  #lastObject = 0;

  /** @param name - the method whose finds are forgotten; absent for all */
  forget(name?: string): void {
    for (const [key, kept] of this.#kept) {
      if (name === undefined || kept.name === name) {
        this.#kept.delete(key);
      }
    }
  }

  /** What a method has found that is still remembered. */
  found(name: string): unknown[] {
    const now = Date.now();
    return [...this.#kept.values()]
      .filter(kept => kept.name === name && kept.until > now)
      .flatMap(({ found }) => found ?? []);
  }

  /**
   * What was found counts, and that a request is invalid; neither another failure nor, of most methods, that nothing was
   * found.
   */
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
    this.#makeRoom(now);
    const value = read();
    const kept: Kept = { name, until: now + forMs, value };
    this.#kept.set(key, kept);
    const drop = () => {
      if (this.#kept.get(key) === kept) {
        this.#kept.delete(key);
      }
    };
    value.then(
      found => {
        kept.found = found;
        if (
          (found === undefined || found === false) &&
          !NOTHING_COUNTS.includes(name)
        ) {
          drop();
        }
      },
      error => {
        if (!isError(error) || error.name !== 'InputError') {
          drop();
        }
      },
    );
    return value;
  }

  get size(): number {
    return this.#kept.size;
  }

  #makeRoom(now: number): void {
    for (const [key, { until }] of this.#kept) {
      if (until <= now || this.#kept.size >= MOST_REMEMBERED) {
        this.#kept.delete(key);
      }
    }
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
        const last = args.at(-1);
        const { signal, lane, fresh }: CallOptions = isCallOptions(last)
          ? last
          : {};
        const parameters = isCallOptions(last) ? args.slice(0, -1) : args;
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

/** The last parameter of a read; without any of them it is empty. */
function isCallOptions(value: unknown): value is CallOptions {
  return (
    typeof value === 'object' &&
    value !== null &&
    (['signal', 'lane', 'fresh'].some(option => option in value) ||
      (Object.keys(value).length === 0 &&
        Object.getPrototypeOf(value) === Object.prototype))
  );
}

/**
 * Finds by its name what the task has read already in another way: names of providers and groups are unique.
 *
 * @param lookups - what the tasks of one authentik share
 * @internal
 */
export function findInMemory(
  client: AuthentikClient,
  memory: ReadMemory,
  lookups: ReadMemory,
): AuthentikClient {
  const ofName = <T extends { name: string }>(found: unknown[], name: string) =>
    (found as T[]).find(one => one.name === name);
  const overrides: Pick<AuthentikClient, 'findProviderByName' | 'findGroup'> = {
    findProviderByName: async (name, options) =>
      (!options?.fresh &&
        ofName<AuthentikProvider>(memory.found('getProvider'), name)) ||
      client.findProviderByName(name, options),
    async findGroup(name, options) {
      const group = options?.fresh
        ? undefined
        : ofName<AuthentikGroupMembers>(
            lookups.found('findGroupMembers'),
            name,
          );
      return group
        ? {
            pk: group.pk,
            name,
            users: group.members.map(({ pk }) => pk),
          }
        : client.findGroup(name, options);
    },
  };
  return new Proxy(client, {
    get: (_, name) => Reflect.get(name in overrides ? overrides : client, name),
  });
}
