import { configMaps, ResourceType } from './resources';
import { expired } from './status';
import { KubeObject } from './types';
import { clone } from './values';

/** @internal */
export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** @internal */
export interface StoreChange {
  type: ChangeType;
  resource: ResourceType;
  object: KubeObject;
  previous: KubeObject | undefined;
  resourceVersion: number;
}

/** @internal */
export type StoreListener = (change: StoreChange) => void;

/** By name. */
type Objects = Map<string, KubeObject>;

/** Lists come in the order of these. */
function storageKey({ metadata: { namespace, name } }: KubeObject): string {
  return `${namespace ?? ''}/${name}`;
}

/**
 * Every object, one counter of versions and the recent past that watches resume from. Objects handed out are copies.
 * @internal
 */
export class ObjectStore {
  /** By type and namespace, so that the cost of a list is that of what it holds. */
  private readonly objects = new Map<ResourceType, Map<string, Objects>>();
  private readonly listeners = new Set<StoreListener>();
  private history: StoreChange[] = [];
  private version = 100;
  /** Changes up to and including this version are forgotten. */
  private compactedVersion = 100;

  constructor(private readonly historyLimit = 2000) {}

  get currentVersion(): number {
    return this.version;
  }

  get<T extends KubeObject>(
    resource: ResourceType,
    namespace: string | undefined,
    name: string,
  ): T | undefined {
    const object = this.objectsOf(resource, namespace).get(name);
    return object && (clone(object) as T);
  }

  /**
   * Objects of one type in name order, as the API server lists them. Only those that match are copied; `matches` sees
   * the stored objects and must not change them.
   */
  list<T extends KubeObject>(
    resource: ResourceType,
    namespace?: string,
    matches: (object: T) => boolean = () => true,
  ): T[] {
    const places =
      namespace && resource.namespaced
        ? [this.objectsOf(resource, namespace)]
        : [...(this.objects.get(resource)?.values() ?? [])];
    return places
      .flatMap(objects => [...objects.values()] as T[])
      .filter(matches)
      .sort((left, right) => (storageKey(left) < storageKey(right) ? -1 : 1))
      .map(clone);
  }

  private objectsOf(
    resource: ResourceType,
    namespace: string | undefined,
  ): Objects {
    const key = resource.namespaced ? namespace ?? '' : '';
    const places = this.objects.get(resource) ?? new Map<string, Objects>();
    const objects = places.get(key) ?? new Map<string, KubeObject>();
    this.objects.set(resource, places.set(key, objects));
    return objects;
  }

  put(resource: ResourceType, object: KubeObject): KubeObject {
    const { namespace, name } = object.metadata;
    const objects = this.objectsOf(resource, namespace);
    const previous = objects.get(name);
    this.version += 1;
    const stored = clone(object);
    stored.metadata.resourceVersion = String(this.version);
    objects.set(name, stored);
    this.emit({
      type: previous ? 'MODIFIED' : 'ADDED',
      resource,
      object: stored,
      previous,
      resourceVersion: this.version,
    });
    return clone(stored);
  }

  remove(
    resource: ResourceType,
    namespace: string | undefined,
    name: string,
  ): KubeObject | undefined {
    const objects = this.objectsOf(resource, namespace);
    const previous = objects.get(name);
    if (!previous) {
      return undefined;
    }
    objects.delete(name);
    this.version += 1;
    const object = clone(previous);
    object.metadata.resourceVersion = String(this.version);
    this.emit({
      type: 'DELETED',
      resource,
      object,
      previous,
      resourceVersion: this.version,
    });
    return object;
  }

  subscribe(listener: StoreListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Changes after `version`, or a 410 when the past was compacted. */
  changesSince(version: number): StoreChange[] {
    if (version < this.compactedVersion) {
      throw expired(
        `too old resource version: ${version} (${this.compactedVersion})`,
      );
    }
    return this.history.filter(change => change.resourceVersion > version);
  }

  isCompacted(version: number): boolean {
    return version < this.compactedVersion;
  }

  /** Forgets the past, as etcd does every few minutes. */
  compact(): void {
    this.history = [];
    this.compactedVersion = this.version;
  }

  private emit(change: StoreChange): void {
    this.history.push(change);
    if (this.history.length > this.historyLimit) {
      const dropped = this.history.splice(
        0,
        this.history.length - this.historyLimit,
      );
      this.compactedVersion = dropped[dropped.length - 1].resourceVersion;
    }
    for (const listener of [...this.listeners]) {
      listener(change);
    }
  }
}

/** The kinds whose status is written apart from the rest of the object. @internal */
export function hasStatusSubresource(resource: ResourceType): boolean {
  return (
    resource !== configMaps && !['Secret', 'Event'].includes(resource.kind)
  );
}
