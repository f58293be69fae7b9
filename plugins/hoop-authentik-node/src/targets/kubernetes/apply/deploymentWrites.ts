import { isDeepStrictEqual } from 'node:util';
import { setTimeout } from 'node:timers/promises';
import type { CallOptions } from '../../../core';
import type { KubernetesTargetConfig } from '../../../config/types';
import type {
  Deployment,
  EnvFromSource,
  KubernetesClient,
} from '../../../systems/kubernetes';
import {
  DEFAULT_PATIENCE,
  isConflict,
  MOST_CONFLICTS,
  persistently,
  type Patience,
  WAY_BACK,
} from '../../wayBack';
import { envFromOf, withoutChange } from '../read/objects';
import {
  isSamePart,
  RESTARTED_AT,
  templatePartOf,
  UNVERIFIED_SWITCH,
  VERSIONS_READ,
} from '../read/switchRecord';
import { explainConflict } from './writeAttempts';

/**
 * What is written to a Deployment beside the references of its container. `null` removes an annotation; one that is absent
 * here stays.
 *
 * @internal
 */
export interface TemplateWrite {
  restartedAt: string | null;
  versionsRead?: string | null;
  /** The record of the switch, on the Deployment itself. */
  mark?: string | null;
}

type WriteOptions = CallOptions & { dryRun?: boolean };

/** A new pod template: every pod is replaced. @internal */
export function restartNow(): { restartedAt: string } {
  return { restartedAt: new Date().toISOString() };
}

/**
 * Writes the Deployment of one gateway: what its container reads, restarts, and the record of a switch.
 *
 * @internal
 */
export class DeploymentWrites {
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
   * Changes what the container reads, and restarts it by the same patch.
   *
   * @throws ConflictError when another process changed the Deployment since it was read
   */
  async setReferences(
    deployment: Deployment,
    containerName: string,
    references: EnvFromSource[],
    options: WriteOptions,
    write: TemplateWrite = restartNow(),
  ): Promise<Deployment> {
    for (let current = deployment, attempt = 1; ; attempt++) {
      try {
        return await this.#patch(
          { ...write, containerName, envFrom: references },
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
        await setTimeout(this.#patience.pauseMs(attempt));
      }
    }
  }

  /**
   * Undoes a change of references, whatever else was changed since, and restarts by the same patch.
   *
   * @param write - which annotations to restore; by default the restart is a new one
   * @returns whether there was anything to undo
   */
  async restoreReferences(
    containerName: string,
    { from, to }: { from: EnvFromSource[]; to: EnvFromSource[] },
    write: (
      now: Deployment,
      envFrom: EnvFromSource[],
    ) => TemplateWrite = restartNow,
  ): Promise<boolean> {
    return persistently(async () => {
      const deployment = await this.#read(WAY_BACK);
      if (!deployment) {
        return false;
      }
      const envFrom = withoutChange(
        envFromOf(deployment, containerName),
        from,
        to,
      );
      const wanted = { ...write(deployment, envFrom), containerName, envFrom };
      if (isWritten(deployment, wanted)) {
        return false;
      }
      await this.#patch(wanted, deployment.metadata.resourceVersion, WAY_BACK);
      return true;
    }, this.#patience);
  }

  /** Returns the Deployment as it is after the write, as {@link DeploymentWrites.setReferences} does. */
  async restart(
    options: WriteOptions,
    write: TemplateWrite = restartNow(),
  ): Promise<Deployment> {
    return this.#patch(write, undefined, options);
  }

  /** Removes the record of a switch, which restarts nothing. */
  async removeMark(): Promise<void> {
    await persistently(
      () =>
        this.#client.patch(
          'Deployment',
          this.#config.namespace,
          this.#config.deployment,
          {
            type: 'merge',
            body: { metadata: { annotations: { [UNVERIFIED_SWITCH]: null } } },
          },
          {},
        ),
      this.#patience,
    );
  }

  #read(options: CallOptions): Promise<Deployment | undefined> {
    const { signal, lane } = options;
    return this.#client.get(
      'Deployment',
      this.#config.namespace,
      this.#config.deployment,
      { signal, lane },
    );
  }

  async #patch(
    write: TemplateWrite & {
      containerName?: string;
      envFrom?: EnvFromSource[];
    },
    resourceVersion: string | undefined,
    options: WriteOptions,
  ): Promise<Deployment> {
    const { containerName, envFrom, mark, versionsRead, restartedAt } = write;
    const metadata = {
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(mark === undefined
        ? {}
        : { annotations: { [UNVERIFIED_SWITCH]: mark } }),
    };
    try {
      return await this.#client.patch(
        'Deployment',
        this.#config.namespace,
        this.#config.deployment,
        {
          // A strategic merge finds the container by name, but replaces envFrom whole: hence the precondition.
          type: 'strategic',
          body: {
            ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
            spec: {
              template: {
                metadata: {
                  annotations: {
                    [RESTARTED_AT]: restartedAt,
                    ...(versionsRead === undefined
                      ? {}
                      : { [VERSIONS_READ]: versionsRead }),
                  },
                },
                ...(envFrom
                  ? { spec: { containers: [{ name: containerName, envFrom }] } }
                  : {}),
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

/** Whether a patch would change nothing. */
function isWritten(
  deployment: Deployment,
  write: TemplateWrite & { containerName: string; envFrom: EnvFromSource[] },
): boolean {
  const now = templatePartOf(deployment, write.containerName);
  const mark = deployment.metadata.annotations?.[UNVERIFIED_SWITCH] ?? null;
  const { versionsRead = now.versionsRead } = write;
  const { restartedAt, envFrom } = write;
  return (
    isSamePart(now, { restartedAt, versionsRead, envFrom }) &&
    (write.mark === undefined || mark === write.mark)
  );
}
