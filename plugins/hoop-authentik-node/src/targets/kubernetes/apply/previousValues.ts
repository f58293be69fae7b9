import { ConflictError } from '@backstage/errors';
import type { CallOptions } from '../../../core';
import type { KubernetesTargetConfig } from '../../../config/types';
import type { KubernetesClient, Secret } from '../../../systems/kubernetes';
import {
  DEFAULT_PATIENCE,
  isConflict,
  persistently,
  type Patience,
} from '../../wayBack';
import { isOursAlone, ownMarks } from '../read/ownership';
import {
  mayKeepPreviousValues,
  PREVIOUS_VALUES_KEY,
  previousValuesName,
  type PreviousValues,
} from '../read/switchRecord';

/**
 * The Secret that keeps the previous values of objects that a switch edits in place, for a run after this one.
 *
 * @internal
 */
export class PreviousValuesStore {
  readonly #client: KubernetesClient;
  readonly #config: KubernetesTargetConfig;
  readonly #patience: Patience;
  readonly name: string;

  constructor(
    client: KubernetesClient,
    config: KubernetesTargetConfig,
    patience = DEFAULT_PATIENCE,
  ) {
    this.#client = client;
    this.#config = config;
    this.#patience = patience;
    this.name = previousValuesName(config);
  }

  /**
   * Creates the Secret, or replaces what an earlier switch has left in it.
   *
   * @param known - the Secret, where it was read before
   * @throws ConflictError when another process has a Secret of this name
   */
  async keep(values: PreviousValues, known?: Secret): Promise<void> {
    const { namespace, deployment } = this.#config;
    const data = {
      [PREVIOUS_VALUES_KEY]: Buffer.from(JSON.stringify(values)).toString(
        'base64',
      ),
    };
    if (known && mayKeepPreviousValues(known, deployment)) {
      await this.#patch(known, data);
      return;
    }
    try {
      await this.#client.create('Secret', {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: this.name, namespace, ...ownMarks(deployment) },
        type: 'Opaque',
        data,
      });
    } catch (error) {
      const found = isConflict(error) ? await this.#read() : undefined;
      if (!found) {
        throw error;
      }
      if (!mayKeepPreviousValues(found, deployment)) {
        throw new ConflictError(
          `The Secret "${this.name}" is needed for the previous values of the settings, but another process has created it. Delete or rename it.`,
        );
      }
      await this.#patch(found, data);
    }
  }

  /** Deletes the Secret, or empties one that was created for us; one of another process stays. */
  async remove(options?: CallOptions): Promise<'removed' | 'gone'> {
    return persistently(async () => {
      const found = await this.#read(options);
      if (
        !found?.data?.[PREVIOUS_VALUES_KEY] ||
        !mayKeepPreviousValues(found, this.#config.deployment)
      ) {
        return 'gone';
      }
      if (isOursAlone(found, [PREVIOUS_VALUES_KEY])) {
        const { resourceVersion } = found.metadata;
        await this.#client.delete('Secret', this.#config.namespace, this.name, {
          resourceVersion,
          ...options,
        });
      } else {
        await this.#patch(found, { [PREVIOUS_VALUES_KEY]: null }, options);
      }
      return 'removed';
    }, this.#patience);
  }

  #read(options?: CallOptions): Promise<Secret | undefined> {
    const { namespace } = this.#config;
    return this.#client.get('Secret', namespace, this.name, options);
  }

  #patch(
    { metadata: { resourceVersion } }: Secret,
    data: Record<string, string | null>,
    options?: CallOptions,
  ): Promise<Secret> {
    return this.#client.patch(
      'Secret',
      this.#config.namespace,
      this.name,
      { type: 'merge', body: { metadata: { resourceVersion }, data } },
      options,
    );
  }
}
