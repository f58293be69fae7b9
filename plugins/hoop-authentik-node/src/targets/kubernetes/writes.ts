import { isDeepStrictEqual } from 'node:util';
import {
  ConflictError,
  InputError,
  isError,
  NotFoundError,
} from '@backstage/errors';
import type { CallOptions } from '../../authentik/types';
import type { KubernetesTargetConfig } from '../../config/types';
import type {
  Deployment,
  EnvFromSource,
  KubernetesClient,
} from '../../kubernetes';
import { KubernetesForbiddenError } from '../../kubernetes';
import { SecretValue } from '../../support';
import { readsSame } from './composition';
import type { ObjectChange } from './planSwitch';

/** What `kubectl rollout restart` sets on the pod template. @internal */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** The status of a Deployment changes all the time while it rolls out, and each change is a conflict. */
const MOST_CONFLICTS = 5;

const OWN_LABELS = {
  'app.kubernetes.io/managed-by': 'backstage-hoop-authentik',
};

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

  /** Creates or patches one object with all its keys in one request. */
  async writeObject(change: ObjectChange, options: CallOptions): Promise<void> {
    const { kind, name, found } = change;
    const data = encoded(kind, change.data);
    try {
      if (!found) {
        await this.#client.create(
          kind,
          {
            apiVersion: 'v1',
            kind,
            metadata: {
              name,
              namespace: this.#config.namespace,
              labels: OWN_LABELS,
            },
            ...(kind === 'Secret' ? { type: 'Opaque' } : {}),
            data: withoutNulls(data),
          },
          options,
        );
        return;
      }
      await this.#client.patch(
        kind,
        this.#config.namespace,
        name,
        {
          type: 'merge',
          body: {
            metadata: { resourceVersion: found.metadata.resourceVersion },
            data,
          },
        },
        options,
      );
    } catch (error) {
      throw explainConflict(error, `${kind} "${name}"`);
    }
  }

  /**
   * Puts the previous values of our keys back, or removes an object that we made. What somebody else has written since
   * stays: keys of theirs, and keys of ours that they have set to something new.
   */
  async restoreObject(change: ObjectChange): Promise<void> {
    const { kind, name, found } = change;
    const { namespace } = this.#config;
    for (let attempt = 1; ; attempt++) {
      const now = await this.#client.get(kind, namespace, name);
      if (!now) {
        return;
      }
      const { resourceVersion } = now.metadata;
      const written = encoded(kind, change.data);
      const ours = Object.keys(written).filter(
        key => (now.data?.[key] ?? null) === written[key],
      );
      const foreign = Object.keys(now.data ?? {}).some(
        key => !ours.includes(key),
      );
      try {
        if (!found && !foreign) {
          await this.#client.delete(kind, namespace, name, { resourceVersion });
        } else {
          const before = encoded(kind, change.before);
          await this.#client.patch(kind, namespace, name, {
            type: 'merge',
            body: {
              metadata: { resourceVersion },
              data: Object.fromEntries(ours.map(key => [key, before[key]])),
            },
          });
        }
        return;
      } catch (error) {
        if (!isConflict(error) || attempt >= MOST_CONFLICTS) {
          throw error;
        }
      }
    }
  }

  /**
   * Makes the container read our objects, and restarts it by the same patch.
   *
   * @throws ConflictError when somebody changed the Deployment since it was read
   */
  async addReferences(
    deployment: Deployment,
    containerName: string,
    references: EnvFromSource[],
    options: CallOptions,
  ): Promise<Deployment> {
    const envFrom = [...envFromOf(deployment, containerName), ...references];
    for (let current = deployment, attempt = 1; ; attempt++) {
      try {
        return await this.#patchTemplate(
          containerName,
          envFrom,
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
      }
    }
  }

  /** Takes our references out again, whatever else was changed since, and restarts by the same patch. */
  async removeReferences(
    containerName: string,
    references: EnvFromSource[],
  ): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#removeReferencesOnce(containerName, references);
        return;
      } catch (error) {
        if (!isConflict(error) || attempt === MOST_CONFLICTS) {
          throw error;
        }
      }
    }
  }

  async #removeReferencesOnce(
    containerName: string,
    references: EnvFromSource[],
  ): Promise<void> {
    const deployment = await this.#readDeployment({});
    if (deployment) {
      await this.#patchTemplate(
        containerName,
        envFromOf(deployment, containerName).filter(
          source => !references.some(own => readsSame(source, own)),
        ),
        deployment.metadata.resourceVersion,
        {},
      );
    }
  }

  /** Gives the Deployment as it is after the write, as {@link KubernetesWrites.addReferences} does. */
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

function envFromOf(
  deployment: Deployment,
  containerName: string,
): EnvFromSource[] {
  return (
    deployment.spec.template.spec.containers.find(
      ({ name }) => name === containerName,
    )?.envFrom ?? []
  );
}

function encoded(
  kind: ObjectChange['kind'],
  data: ObjectChange['data'],
): Record<string, string | null> {
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

function withoutNulls(
  data: Record<string, string | null>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    ),
  );
}

function isConflict(error: unknown): error is Error {
  return isError(error) && error.name === ConflictError.name;
}

/**
 * Whether the cluster said that it did not carry a write out; any other failure, such as a lost answer, leaves it open.
 *
 * @internal
 */
export function wasRefused(error: unknown): boolean {
  return (
    KubernetesForbiddenError.is(error) ||
    (isError(error) &&
      [ConflictError.name, InputError.name, NotFoundError.name].includes(
        error.name,
      ))
  );
}

function explainConflict(error: unknown, object: string): unknown {
  return isConflict(error)
    ? new ConflictError(
        `Somebody else changed the ${object} at the same moment. Nothing of it was overwritten; run the task again.`,
        error,
      )
    : error;
}
