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

function storageKey(
  resource: ResourceType,
  namespace: string | undefined,
  name: string,
): string {
  return `${resource.plural}/${
    resource.namespaced ? namespace ?? '' : ''
  }/${name}`;
}

/**
 * Every object, one counter of versions and the recent past that watches resume from. Objects handed out are copies.
 * @internal
 */
export class ObjectStore {
  private readonly objects = new Map<string, KubeObject>();
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
    const object = this.objects.get(storageKey(resource, namespace, name));
    return object && (clone(object) as T);
  }

  /** Objects of one type in name order, as the API server lists them. */
  list<T extends KubeObject>(resource: ResourceType, namespace?: string): T[] {
    const prefix = storageKey(resource, namespace ?? '', '');
    const search =
      namespace && resource.namespaced ? prefix : `${resource.plural}/`;
    return [...this.objects.entries()]
      .filter(([key]) => key.startsWith(search))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, object]) => clone(object) as T);
  }

  put(resource: ResourceType, object: KubeObject): KubeObject {
    const { namespace, name } = object.metadata;
    const key = storageKey(resource, namespace, name);
    const previous = this.objects.get(key);
    this.version += 1;
    const stored = clone(object);
    stored.metadata.resourceVersion = String(this.version);
    this.objects.set(key, stored);
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
    const key = storageKey(resource, namespace, name);
    const previous = this.objects.get(key);
    if (!previous) {
      return undefined;
    }
    this.objects.delete(key);
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
