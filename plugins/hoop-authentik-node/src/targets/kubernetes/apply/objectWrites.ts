import { setTimeout } from 'node:timers/promises';
import { type CallOptions, SecretValue } from '../../../core';
import type { KubernetesTargetConfig } from '../../../config/types';
import type {
  ConfigMap,
  KubernetesClient,
  KubernetesObject,
  Secret,
} from '../../../systems/kubernetes';
import {
  DEFAULT_PATIENCE,
  isConflict,
  MOST_CONFLICTS,
  persistently,
  type Patience,
  WAY_BACK,
} from '../../wayBack';
import type { ObjectChange } from '../plan/steps';
import { isOursAlone, ownMarks } from '../read/ownership';
import type { ObjectRef } from '../read/objects';
import type { WireData } from '../read/switchRecord';
import { explainConflict } from './writeAttempts';

type WriteOptions = CallOptions & { dryRun?: boolean };

/**
 * Writes the ConfigMap and the Secret of one gateway; each write carries a precondition, so that no concurrent edit is lost.
 *
 * @internal
 */
export class ObjectWrites {
  readonly #client: KubernetesClient;
  readonly #config: KubernetesTargetConfig;
  readonly #patience: Patience;

  constructor(
    client: KubernetesClient,
    config: KubernetesTargetConfig,
    patience = DEFAULT_PATIENCE,
  ) {
    this.#client = client;
    this.#config = config;
    this.#patience = patience;
  }

  /**
   * Creates or patches one object with all its keys in one request. Keys of it that another process changed since it was
   * read stay, and ours are written.
   *
   * @returns the object as written
   * @throws ConflictError when another process changed one of our keys, or created the object
   */
  async write(
    change: ObjectChange,
    options: WriteOptions,
  ): Promise<ConfigMap | Secret> {
    const { kind, name, found } = change;
    try {
      return found
        ? await this.#patch(change, found, options)
        : await this.#create(change, options);
    } catch (error) {
      throw explainConflict(error, `${kind} "${name}"`);
    }
  }

  async #create(
    change: ObjectChange,
    options: WriteOptions,
  ): Promise<ConfigMap | Secret> {
    const { kind, name, replaces } = change;
    const secret = kind === 'Secret';
    const object = {
      apiVersion: 'v1',
      kind,
      metadata: {
        name,
        namespace: this.#config.namespace,
        ...ownMarks(this.#config.deployment),
      },
      ...(secret ? { type: typeOf(replaces) ?? 'Opaque' } : {}),
      ...(replaces && 'binaryData' in replaces
        ? { binaryData: replaces.binaryData }
        : {}),
      data: withoutNulls(writtenBy(change)),
    };
    return this.#client.create(kind, object, options);
  }

  async #patch(
    change: ObjectChange,
    found: KubernetesObject,
    options: WriteOptions,
  ): Promise<ConfigMap | Secret> {
    const { kind, name, before } = change;
    const { namespace } = this.#config;
    const expected = encoded(kind, before);
    let { resourceVersion } = found.metadata;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#client.patch(
          kind,
          namespace,
          name,
          {
            type: 'merge',
            body: {
              metadata: { resourceVersion },
              data: writtenBy(change),
            },
          },
          options,
        );
      } catch (error) {
        const now =
          isConflict(error) && attempt < MOST_CONFLICTS
            ? await this.#client.get(kind, namespace, name, {
                signal: options.signal,
              })
            : undefined;
        const untouched =
          now &&
          now.metadata.uid === found.metadata.uid &&
          Object.entries(expected).every(
            ([key, value]) => (now.data?.[key] ?? null) === value,
          );
        if (!untouched) {
          throw error;
        }
        resourceVersion = now.metadata.resourceVersion;
        await setTimeout(this.#patience.pauseMs(attempt));
      }
    }
  }

  /**
   * Removes settings that nothing reads any more; an object that we made is deleted where it holds nothing else.
   *
   * @throws ConflictError when another process changed the object since it was read
   */
  async cleanUp(change: ObjectChange): Promise<'deleted' | 'emptied' | 'gone'> {
    const { kind, name } = change;
    const { namespace } = this.#config;
    const now = await this.#client.get(kind, namespace, name);
    if (!now) {
      return 'gone';
    }
    const { resourceVersion } = now.metadata;
    try {
      if (isOursAlone(now, Object.keys(change.data))) {
        await this.#client.delete(kind, namespace, name, { resourceVersion });
        return 'deleted';
      }
      await this.#client.patch(kind, namespace, name, {
        type: 'merge',
        body: {
          metadata: { resourceVersion },
          data: encoded(kind, change.data),
        },
      });
      return 'emptied';
    } catch (error) {
      throw explainConflict(error, `${kind} "${name}"`);
    }
  }

  /**
   * Restores the previous values of our keys, or removes an object that we made. What another process has written since
   * stays: its own keys, and keys of ours that it has set to something new. Changes nothing where the write that is undone
   * was not carried out.
   */
  async restore(write: ObjectWrite): Promise<void> {
    await persistently(() => this.#restoreOnce(write), this.#patience);
  }

  async #restoreOnce({
    kind,
    name,
    isNew,
    disposable,
    before,
    written,
  }: ObjectWrite): Promise<void> {
    const { namespace } = this.#config;
    const now = await this.#client.get(kind, namespace, name, WAY_BACK);
    if (!now) {
      return;
    }
    const { resourceVersion } = now.metadata;
    const ours = Object.keys(written).filter(
      key => (now.data?.[key] ?? null) === written[key],
    );
    const foreign = Object.keys(now.data ?? {}).some(
      key => !ours.includes(key),
    );
    if (
      (isNew && !foreign) ||
      (disposable && isOursAlone(now, Object.keys({ ...written, ...before })))
    ) {
      await this.#client.delete(kind, namespace, name, {
        resourceVersion,
        ...WAY_BACK,
      });
      return;
    }
    const restored = Object.fromEntries(ours.map(key => [key, before[key]]));
    if (ours.every(key => restored[key] === written[key])) {
      return;
    }
    await this.#client.patch(
      kind,
      namespace,
      name,
      {
        type: 'merge',
        body: { metadata: { resourceVersion }, data: restored },
      },
      WAY_BACK,
    );
  }
}

/**
 * A write of one object as it goes over the wire. Holds secrets.
 *
 * @internal
 */
export interface ObjectWrite extends ObjectRef {
  /** The object was created by it. */
  isNew: boolean;
  /** What the object held before does not matter. */
  disposable?: boolean;
  before: WireData;
  written: WireData;
}

/** @internal */
export function objectWriteOf(change: ObjectChange): ObjectWrite {
  const { kind, name, found, unread } = change;
  return {
    kind,
    name,
    isNew: !found,
    disposable: unread,
    before: previousUnder(change),
    written: writtenBy(change),
  };
}

/** All that a change writes: a replacement of another object also gets that object's other keys. */
function writtenBy({ kind, data, replaces }: ObjectChange): WireData {
  return { ...replaces?.data, ...encoded(kind, data) };
}

/** The previous values of the keys of {@link writtenBy}. */
function previousUnder({
  kind,
  found,
  before,
  replaces,
}: ObjectChange): WireData {
  const others = Object.keys(replaces?.data ?? {}).map(
    key => [key, found?.data?.[key] ?? null] as const,
  );
  return { ...Object.fromEntries(others), ...encoded(kind, before) };
}

function encoded(
  kind: ObjectChange['kind'],
  data: ObjectChange['data'],
): WireData {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (value === null) {
        return [key, null];
      }
      const text = value instanceof SecretValue ? value.reveal() : value;
      return [
        key,
        kind === 'Secret' ? Buffer.from(text, 'utf8').toString('base64') : text,
      ];
    }),
  );
}

function withoutNulls(data: WireData): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    ),
  );
}

/** The type of a Secret cannot be changed later. */
function typeOf(object: ObjectChange['replaces']): string | undefined {
  return object && 'type' in object ? object.type : undefined;
}
