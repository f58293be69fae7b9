import { isDeepStrictEqual } from 'node:util';
import type { CallOptions } from '../../../core';
import type { KubernetesTargetConfig } from '../../../config/types';
import type {
  Deployment,
  EnvFromSource,
  KubernetesClient,
} from '../../../systems/kubernetes';
import { envFromOf, withoutChange } from '../read/objects';
import { RESTARTED_AT } from '../read/state';
import {
  explainConflict,
  isConflict,
  MOST_CONFLICTS,
  pause,
  persistently,
} from './writeAttempts';

/**
 * Writes the Deployment of one gateway: what its container reads, and restarts.
 *
 * @internal
 */
export class DeploymentWrites {
  readonly #client: KubernetesClient;
  readonly #config: KubernetesTargetConfig;

  constructor(client: KubernetesClient, config: KubernetesTargetConfig) {
    this.#client = client;
    this.#config = config;
  }

  /**
   * Changes what the container reads, and restarts it by the same patch.
   *
   * @throws ConflictError when another process changed the Deployment since it was read
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
            ? await this.#read(options)
            : undefined;
        // A change of the status alone is no conflict: the status of a crashing gateway changes all the time.
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
      const deployment = await this.#read({});
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

  /** Returns the Deployment as it is after the write, as {@link DeploymentWrites.setReferences} does. */
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

  #read(options: CallOptions): Promise<Deployment | undefined> {
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
