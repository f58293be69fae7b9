import type { Json, JsonObject } from '../../json';
import { isJsonObject } from '../../json';
import type { Exchange } from '../../replay/exchange';
import type { Seeds } from './recordings';

/**
 * What the stand-in holds at a moment.
 *
 * @internal
 */
export interface Snapshot {
  seeds: Seeds;
  /** By user name. */
  passwords: Record<string, string>;
  providers: {
    pk: number;
    name: string;
    clientId: string;
    clientSecret: string;
  }[];
  applications: { pk: string; slug: string; provider: number | null }[];
  bindings: { pk: string; target: string; order: number }[];
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const bare = (uuid: string) => uuid.replace(/-/g, '');

/** Calls back for every object in a JSON value. */
function walk(value: Json | undefined, visit: (one: JsonObject) => void): void {
  if (Array.isArray(value)) value.forEach(item => walk(item, visit));
  else if (isJsonObject(value)) {
    visit(value);
    Object.values(value).forEach(item => walk(item, visit));
  }
}

/**
 * Turns keys and identifiers of the recorded server into those of the stand-in: by name where an
 * object has one, and by position in an earlier answer otherwise.
 *
 * @internal
 */
export class Translation {
  /** Recorded identifier to the identifier in the stand-in. */
  readonly #known = new Map<string, string>();
  readonly #providerNames = new Map<string, Set<string>>();
  readonly #clientNames = new Map<string, Set<string>>();
  readonly #slugs = new Map<string, Set<string>>();
  readonly #bindings = new Map<string, { target: string; order: number }>();
  #snapshot: Snapshot;

  constructor(exchanges: readonly Exchange[], seeds: Seeds, now: Snapshot) {
    this.#snapshot = now;
    for (const [kind, names] of Object.entries(seeds)) {
      for (const [name, key] of Object.entries(names)) {
        const mine = now.seeds[kind]?.[name];
        if (typeof key === 'string' && mine !== undefined) {
          this.learn(key, String(mine));
        }
      }
    }
    const add = (
      map: Map<string, Set<string>>,
      key: Json | undefined,
      name: Json | undefined,
    ) => {
      const names = map.get(String(key)) ?? new Set();
      names.add(String(name));
      map.set(String(key), names);
    };
    for (const exchange of exchanges) {
      walk(exchange.response?.body, one => {
        if (typeof one.pk === 'number' && 'authorization_flow' in one) {
          add(this.#providerNames, one.pk, one.name);
          if ('client_id' in one) {
            add(this.#clientNames, one.client_id, one.name);
          }
        }
        if ('meta_launch_url' in one && 'slug' in one) {
          add(this.#slugs, one.pk, one.slug);
        }
        if ('failure_result' in one && typeof one.pk === 'string') {
          this.#bindings.set(one.pk, {
            target: String(one.target),
            order: Number(one.order),
          });
        }
      });
    }
  }

  learn(recorded: string, actual: string): void {
    this.#known.set(recorded, actual);
  }

  /** Says which application or provider an identifier nobody ever shows belongs to. */
  name(kind: 'application' | 'client' | 'provider', key: string, name: string) {
    const map = {
      application: this.#slugs,
      client: this.#clientNames,
      provider: this.#providerNames,
    }[kind];
    map.set(key, new Set([name]));
  }

  refresh(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
  }

  providerOfClient(clientId: string) {
    return this.#snapshot.providers.find(one => one.clientId === clientId);
  }

  #resolve(
    recorded: string,
    names: Map<string, Set<string>>,
    current: { key: string; name: string }[],
  ): string | undefined {
    const before = this.#known.get(recorded);
    if (before !== undefined && current.some(one => one.key === before)) {
      return before;
    }
    const wanted = names.get(recorded);
    const found = wanted && current.find(one => wanted.has(one.name));
    if (found) this.learn(recorded, found.key);
    return found?.key ?? before;
  }

  provider(pk: string): string {
    const current = this.#snapshot.providers.map(one => ({
      key: String(one.pk),
      name: one.name,
    }));
    return this.#resolve(`provider ${pk}`, this.#asProvider(), current) ?? pk;
  }

  #asProvider(): Map<string, Set<string>> {
    return new Map(
      [...this.#providerNames].map(([pk, names]) => [`provider ${pk}`, names]),
    );
  }

  #client(id: string): string {
    const current = this.#snapshot.providers.map(one => ({
      key: one.clientId,
      name: one.name,
    }));
    return this.#resolve(id, this.#clientNames, current) ?? id;
  }

  #uuid(uuid: string): string {
    if (this.#slugs.has(uuid)) {
      const current = this.#snapshot.applications.map(one => ({
        key: one.pk,
        name: one.slug,
      }));
      return this.#resolve(uuid, this.#slugs, current) ?? uuid;
    }
    const binding = this.#bindings.get(uuid);
    const known = this.#known.get(uuid);
    if (binding && known === undefined) {
      const target = this.#uuid(binding.target);
      const mine = this.#snapshot.bindings.filter(one => one.target === target);
      const found = mine.find(one => one.order === binding.order) ?? mine[0];
      if (found) this.learn(uuid, found.pk);
      return found?.pk ?? uuid;
    }
    return known ?? uuid;
  }

  /** Replaces every identifier in a text. */
  text(text: string): string {
    let result = text.replace(new RegExp(UUID, 'g'), uuid => this.#uuid(uuid));
    const undashed = [...this.#slugs.keys(), ...this.#known.keys()].filter(
      key => new RegExp(`^${UUID}$`).test(key),
    );
    for (const uuid of undashed) {
      if (result.includes(bare(uuid))) {
        result = result.split(bare(uuid)).join(bare(this.#uuid(uuid)));
      }
      const upper = bare(uuid).toUpperCase();
      if (result.includes(upper)) {
        result = result.split(upper).join(bare(this.#uuid(uuid)).toUpperCase());
      }
    }
    for (const id of this.#clientNames.keys()) {
      if (id.length >= 40 && result.includes(id)) {
        result = result.split(id).join(this.#client(id));
      }
    }
    return result.replace(
      /(\/providers\/(?:oauth2|all)\/)(\d+)(\/)/g,
      (_all, before, pk, after) => `${before}${this.provider(pk)}${after}`,
    );
  }

  json(value: Json | undefined): Json | undefined {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map(one => this.json(one) as Json);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        key === 'provider' && typeof item === 'number'
          ? Number(this.provider(String(item)))
          : this.json(item),
      ]),
    );
  }

  /** Identifiers of objects in an answer stand for those at the same place in the recorded one. */
  learnFrom(recorded: Json | undefined, actual: Json | undefined): void {
    if (Array.isArray(recorded) && Array.isArray(actual)) {
      if (recorded.length === actual.length) {
        recorded.forEach((one, index) => this.learnFrom(one, actual[index]));
      }
    } else if (isJsonObject(recorded) && isJsonObject(actual)) {
      const same =
        typeof recorded.pk === 'string' &&
        typeof actual.pk === 'string' &&
        ['name', 'slug', 'action', 'order', 'group_obj'].every(
          key =>
            typeof recorded[key] === 'object' || recorded[key] === actual[key],
        );
      if (same) this.learn(String(recorded.pk), String(actual.pk));
      for (const key of Object.keys(recorded)) {
        this.learnFrom(recorded[key], actual[key]);
      }
    }
  }
}
