import { type CallOptions, SecretValue } from '../../../core';
import type { KubernetesTargetConfig } from '../../../config/types';
import type {
  ConfigMap,
  KubernetesClient,
  KubernetesObject,
  Secret,
} from '../../../systems/kubernetes';
import type { ObjectChange } from '../plan/steps';
import { isOursAlone, ownMarks } from '../read/ownership';
import {
  explainConflict,
  isConflict,
  MOST_CONFLICTS,
  pause,
  persistently,
} from './writeAttempts';

/** Data as on the wire: base64 in a Secret, `null` for a key to remove. */
type WireData = Record<string, string | null>;

/**
 * Writes the ConfigMap and the Secret of one gateway; each write carries a precondition, so that no concurrent edit is lost.
 *
 * @internal
 */
export class ObjectWrites {
  readonly #client: KubernetesClient;
  readonly #config: KubernetesTargetConfig;

  constructor(client: KubernetesClient, config: KubernetesTargetConfig) {
    this.#client = client;
    this.#config = config;
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
    options: CallOptions,
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
    options: CallOptions,
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
    options: CallOptions,
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
            ? await this.#client.get(kind, namespace, name, options)
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
        await pause(attempt);
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
   * stays: its own keys, and keys of ours that it has set to something new.
   */
  async restore(change: ObjectChange): Promise<void> {
    await persistently(() => this.#restoreOnce(change));
  }

  async #restoreOnce(change: ObjectChange): Promise<void> {
    const { kind, name, found } = change;
    const { namespace } = this.#config;
    const now = await this.#client.get(kind, namespace, name);
    if (!now) {
      return;
    }
    const { resourceVersion } = now.metadata;
    const written = writtenBy(change);
    const ours = Object.keys(written).filter(
      key => (now.data?.[key] ?? null) === written[key],
    );
    const foreign = Object.keys(now.data ?? {}).some(
      key => !ours.includes(key),
    );
    if (!found && !foreign) {
      await this.#client.delete(kind, namespace, name, { resourceVersion });
      return;
    }
    const before = previousUnder(change);
    await this.#client.patch(kind, namespace, name, {
      type: 'merge',
      body: {
        metadata: { resourceVersion },
        data: Object.fromEntries(ours.map(key => [key, before[key]])),
      },
    });
  }
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
