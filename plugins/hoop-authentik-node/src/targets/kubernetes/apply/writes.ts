import { isDeepStrictEqual } from 'node:util';
import type { CallOptions } from '../../../core';
import type { KubernetesTargetConfig } from '../../../config/types';
import type {
  ConfigMap,
  Deployment,
  EnvFromSource,
  KubernetesClient,
  KubernetesObject,
  Secret,
} from '../../../systems/kubernetes';
import { MOST_CONFLICTS, pause, persistently } from './attempts';
import { encoded, typeOf, withoutNulls } from './encoding';
import { RESTARTED_AT } from '../read/freshness';
import { isOursAlone, ownMarks } from '../read/ownLabels';
import { envFromOf, withoutChange } from '../read/references';
import { explainConflict, isConflict } from './writeErrors';
import type { ObjectChange } from '../plan/steps';
import { previousUnder, writtenBy } from './writtenData';

/**
 * Writes of one gateway's objects; each carries a precondition, so that no concurrent edit is lost.
 *
 * @internal
 */
export class KubernetesWrites {
  readonly #client: KubernetesClient;
  readonly #config: KubernetesTargetConfig;

  constructor(client: KubernetesClient, config: KubernetesTargetConfig) {
    this.#client = client;
    this.#config = config;
  }

  /**
   * Creates or patches one object with all its keys in one request. Where somebody else changed other keys of it since
   * it was read, theirs stay and ours are written all the same.
   *
   * @returns the object as written
   * @throws ConflictError when somebody else changed one of our keys, or made the object
   */
  async writeObject(
    change: ObjectChange,
    options: CallOptions,
  ): Promise<ConfigMap | Secret> {
    const { kind, name, found } = change;
    try {
      return found
        ? await this.#patchObject(change, found, options)
        : await this.#createObject(change, options);
    } catch (error) {
      throw explainConflict(error, `${kind} "${name}"`);
    }
  }

  async #createObject(
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

  async #patchObject(
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
   * Takes settings that nothing reads any more away: an object that we made is deleted where nothing else is in it.
   *
   * @throws ConflictError when somebody else changed the object since it was read
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
   * Puts the previous values of our keys back, or removes an object that we made. What somebody else has written since
   * stays: keys of theirs, and keys of ours that they have set to something new.
   */
  async restoreObject(change: ObjectChange): Promise<void> {
    await persistently(() => this.#restoreObjectOnce(change));
  }

  async #restoreObjectOnce(change: ObjectChange): Promise<void> {
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

  /**
   * Changes what the container reads, and restarts it by the same patch.
   *
   * @throws ConflictError when somebody changed the Deployment since it was read
   */
  async setReferences(
    deployment: Deployment,
    containerName: string,
    references: EnvFromSource[],
    options: CallOptions,
  ): Promise<Deployment> {
    for (let current = deployment, attempt = 1; ; attempt++) {
      try {
        return await this.#patchTemplate(
          containerName,
          references,
          current.metadata.resourceVersion,
          options,
        );
      } catch (error) {
        const newer =
          isConflict(error) && attempt < MOST_CONFLICTS
            ? await this.#readDeployment(options)
            : undefined;
        // Only the status moved on: a gateway that keeps crashing is one that somebody wants to mend.
        if (!newer || !isDeepStrictEqual(newer.spec, deployment.spec)) {
          throw error;
        }
        current = newer;
        await pause(attempt);
      }
    }
  }

  /** Undoes a change of references, whatever else was changed since, and restarts by the same patch. */
  async restoreReferences(
    containerName: string,
    { from, to }: { from: EnvFromSource[]; to: EnvFromSource[] },
  ): Promise<void> {
    await persistently(async () => {
      const deployment = await this.#readDeployment({});
      if (deployment) {
        await this.#patchTemplate(
          containerName,
          withoutChange(envFromOf(deployment, containerName), from, to),
          deployment.metadata.resourceVersion,
          {},
        );
      }
    });
  }

  /** Gives the Deployment as it is after the write, as {@link KubernetesWrites.setReferences} does. */
  async restart(options: CallOptions): Promise<Deployment> {
    return this.#client.patch(
      'Deployment',
      this.#config.namespace,
      this.#config.deployment,
      {
        type: 'strategic',
        body: { spec: { template: { metadata: restartMark() } } },
      },
      options,
    );
  }

  #readDeployment(options: CallOptions): Promise<Deployment | undefined> {
    return this.#client.get(
      'Deployment',
      this.#config.namespace,
      this.#config.deployment,
      options,
    );
  }

  async #patchTemplate(
    containerName: string,
    envFrom: EnvFromSource[],
    resourceVersion: string | undefined,
    options: CallOptions,
  ): Promise<Deployment> {
    try {
      return await this.#client.patch(
        'Deployment',
        this.#config.namespace,
        this.#config.deployment,
        {
          // A strategic merge finds the container by name, but replaces envFrom whole: hence the precondition.
          type: 'strategic',
          body: {
            metadata: { resourceVersion },
            spec: {
              template: {
                metadata: restartMark(),
                spec: { containers: [{ name: containerName, envFrom }] },
              },
            },
          },
        },
        options,
      );
    } catch (error) {
      throw explainConflict(error, `Deployment "${this.#config.deployment}"`);
    }
  }
}

function restartMark() {
  return { annotations: { [RESTARTED_AT]: new Date().toISOString() } };
}
