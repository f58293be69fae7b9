import type { AuthentikClient } from '../systems/authentik/types';
import { ReadMemory } from './sharedReads';

/** So many are read one by one; then the tasks of many gateways run at the same time, and one list answers all others. */
const SINGLE_READS = 4;
const SPAN_MS = 5_000;

/** What all tasks of one authentik have listed, and how often they have asked for single objects. @internal */
export class BulkLists {
  readonly #lists = new ReadMemory();
  readonly #asked = new Map<string, number[]>();

  /** To be called with each write. */
  forget(): void {
    this.#lists.forget();
  }

  /** Notes that a single object is asked for; whether it is one of many in these seconds. */
  isOneOfMany(kind: string): boolean {
    const now = Date.now();
    const recent = (this.#asked.get(kind) ?? []).filter(
      at => at > now - SPAN_MS,
    );
    this.#asked.set(kind, [...recent, now]);
    return recent.length >= SINGLE_READS;
  }

  list<T>(kind: string, read: () => Promise<T>): Promise<T> {
    return this.#lists.recall(kind, [], SPAN_MS, read);
  }
}

/**
 * Answers reads of single objects from one list where many gateways of one authentik are looked at together.
 *
 * @param lists - shared by all tasks; to be forgotten with each write
 * @internal
 */
export function answerInBulk(
  client: AuthentikClient,
  lists: BulkLists,
): AuthentikClient {
  const overrides: Pick<
    AuthentikClient,
    'findProviderByName' | 'listBindings'
  > = {
    async findProviderByName(name, options = {}) {
      return !options.fresh && lists.isOneOfMany('provider')
        ? (await lists.list('providers', () => client.listProviders())).find(
            one => one.name === name,
          )
        : client.findProviderByName(name, options);
    },
    async listBindings(target, options = {}) {
      return !options.fresh && lists.isOneOfMany('binding')
        ? (await lists.list('bindings', () => client.listAllBindings())).filter(
            one => one.target === target,
          )
        : client.listBindings(target, options);
    },
  };
  return new Proxy(client, {
    get: (_, name) => Reflect.get(name in overrides ? overrides : client, name),
  });
}
