import {
  ConflictError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { KubernetesTargetConfig } from '../../config/types';
import {
  waitForRollout,
  type Deployment,
  type KubernetesClient,
  type WaitForRolloutOptions,
} from '../../kubernetes';
import { GatewayRolloutError } from '../errors';
import type {
  AppliedSwitch,
  Settings,
  SettingsTarget,
  TargetPlan,
  TargetReading,
  TargetReadOptions,
  TargetWriteOptions,
} from '../types';
import { describeState } from './describeState';
import {
  describeReference,
  planSwitch,
  type ObjectChange,
  type SwitchPlan,
} from './planSwitch';
import { redactorOf } from './redaction';
import { requireRights } from './rights';
import { readSnapshot, type Snapshot } from './snapshot';
import { KubernetesWrites, wasRefused } from './writes';

/**
 * What the previous settings get at least, in milliseconds: a deadline set short must not give up on the way back.
 * Settings that do not work either still fail as soon as the container ends.
 */
const RETURN_TIMEOUT_MS = 60_000;

/** Where a rollout begins: when the change was made, and the Deployment as it answered. */
type RolloutStart = Required<Pick<WaitForRolloutOptions, 'since'>> &
  Pick<WaitForRolloutOptions, 'from'>;

/**
 * A gateway whose settings live in a ConfigMap and a Secret that its Deployment reads.
 *
 * @public
 */
export class KubernetesTarget implements SettingsTarget {
  readonly description: string;
  readonly #config: KubernetesTargetConfig;
  readonly #client: () => Promise<KubernetesClient>;
  readonly #answers: (signal: AbortSignal) => Promise<boolean>;

  /**
   * @param client - asked for at each use, so that a cluster that is not configured well yet does not keep a backend
   *   from starting
   * @param answers - whether the gateway serves: it has no readiness probe, so that the cluster calls a container
   *   available which is about to end
   */
  constructor(
    config: KubernetesTargetConfig,
    client: () => Promise<KubernetesClient>,
    answers: (signal: AbortSignal) => Promise<boolean>,
  ) {
    this.#config = config;
    this.#client = client;
    this.#answers = answers;
    const { namespace, deployment, configMap, secret } = config;
    this.description =
      config.clientSecretIn === 'configMap'
        ? `ConfigMap "${configMap}" of Deployment ${namespace}/${deployment}`
        : `ConfigMap "${configMap}" and Secret "${secret}" of Deployment ${namespace}/${deployment}`;
  }

  async read(options?: TargetReadOptions): Promise<TargetReading> {
    const client = await this.#client();
    const snapshot = await readSnapshot(
      options?.bulk?.of(client) ?? client,
      this.#config,
      options,
    );
    return {
      state: describeState(snapshot, this.#config),
      plan: settings => this.#plan(client, snapshot, settings),
    };
  }

  async restart(options: TargetWriteOptions): Promise<void> {
    const client = await this.#client();
    const snapshot = await readSnapshot(client, this.#config, options);
    await requireRights(client, this.#config, [], options);
    const since = new Date();
    const from = await new KubernetesWrites(client, this.#config).restart(
      options,
    );
    options.log(`Deployment ${this.#deployment} restarted`);
    const reason = await this.#wait(client, snapshot, { since, from }, options);
    if (reason !== undefined) {
      throw new GatewayRolloutError(
        `The gateway did not come up after its restart: ${reason}. ` +
          'Its settings were not changed by this restart; check them, then restart again.',
      );
    }
  }

  get #deployment(): string {
    return `${this.#config.namespace}/${this.#config.deployment}`;
  }

  #plan(
    client: KubernetesClient,
    snapshot: Snapshot,
    settings: Settings,
  ): TargetPlan {
    const plan = planSwitch(snapshot, this.#config, settings);
    return {
      changes: plan.changes,
      refusals: plan.refusals,
      restart: plan.restart,
      confirmRights: options => this.#confirmRights(client, plan, options),
      apply: options => this.#apply(client, snapshot, plan, options),
    };
  }

  async #confirmRights(
    client: KubernetesClient,
    { restart, objects }: SwitchPlan,
    options: TargetWriteOptions,
  ): Promise<void> {
    if (restart) {
      await requireRights(client, this.#config, objects, options);
    }
  }

  async #apply(
    client: KubernetesClient,
    snapshot: Snapshot,
    plan: SwitchPlan,
    options: TargetWriteOptions,
  ): Promise<AppliedSwitch> {
    if (!plan.restart) {
      return { writes: 0, restore: async () => {} };
    }
    await this.#confirmRights(client, plan, options);
    const writes = new KubernetesWrites(client, this.#config);
    const written: ObjectChange[] = [];
    const since = new Date();
    let switched = false;
    let from: Deployment | undefined;
    const restore = (restoreOptions: TargetWriteOptions) =>
      this.#restore(client, snapshot, plan, written, switched, restoreOptions);
    // A write under way is not given up when the task is cancelled: it might take effect after it was undone.
    const { signal, ...unstoppable } = options;
    try {
      for (const change of plan.objects) {
        signal?.throwIfAborted();
        await noting(
          () => writes.writeObject(change, {}),
          () => written.push(change),
        );
        options.log(
          `${change.kind} ${this.#config.namespace}/${change.name} ${
            change.found ? 'changed' : 'created'
          }`,
        );
      }
      signal?.throwIfAborted();
      await noting(
        async () => {
          from = await this.#switch(writes, snapshot, plan, unstoppable);
        },
        () => {
          switched = true;
        },
      );
    } catch (error) {
      const undone = await this.#undo(restore, options);
      signal?.throwIfAborted();
      throw isConflict(error)
        ? error
        : new ServiceUnavailableError(
            `The settings could not be written: ${sentence(error)} ${undone}`,
          );
    }
    const start = { since, from };
    await this.#seeThrough(client, snapshot, plan, start, options, restore);
    return { writes: plan.objects.length + 1, restore };
  }

  /** Makes the container read the objects, where it does not yet, and restarts it. */
  async #switch(
    writes: KubernetesWrites,
    { deployment, container }: Snapshot,
    { references }: SwitchPlan,
    options: TargetWriteOptions,
  ): Promise<Deployment> {
    if (references.length === 0) {
      const restarted = await writes.restart(options);
      options.log(`Deployment ${this.#deployment} restarted`);
      return restarted;
    }
    const switched = await writes.addReferences(
      deployment,
      container.name,
      references,
      options,
    );
    options.log(
      `Deployment ${this.#deployment} now reads ${references
        .map(describeReference)
        .join(' and ')}, restarting`,
    );
    return switched;
  }

  /** Waits for the new pods; when they do not come up, or the task is cancelled, the previous settings return. */
  async #seeThrough(
    client: KubernetesClient,
    snapshot: Snapshot,
    plan: SwitchPlan,
    start: RolloutStart,
    options: TargetWriteOptions,
    restore: AppliedSwitch['restore'],
  ): Promise<void> {
    let reason: string | undefined;
    try {
      reason = await this.#wait(client, snapshot, start, options, plan);
    } catch (error) {
      const undone = await this.#undo(restore, options);
      options.signal?.throwIfAborted();
      throw new ServiceUnavailableError(
        `The restart of the gateway could not be followed: ${sentence(
          error,
        )} ${undone}`,
      );
    }
    if (reason === undefined) {
      return;
    }
    options.log(`The gateway did not come up: ${reason}`);
    throw new GatewayRolloutError(
      `The gateway did not come up with the new settings: ${reason}. ${await this.#undo(
        restore,
        options,
      )}`,
    );
  }

  /** Puts the previous settings back and says how that went, for the one message of the failure; never throws. */
  async #undo(
    restore: AppliedSwitch['restore'],
    { log }: TargetWriteOptions,
  ): Promise<string> {
    try {
      await restore({ log });
      return 'The previous settings are back. Mend what the message names, then run the task again.';
    } catch (error) {
      const failure =
        `Putting the previous settings back failed too: ${sentence(error)} ` +
        `Look at ${this.description}. Mend what the message names, then run the task again.`;
      log(failure);
      return failure;
    }
  }

  async #restore(
    client: KubernetesClient,
    snapshot: Snapshot,
    plan: SwitchPlan,
    written: ObjectChange[],
    switched: boolean,
    options: TargetWriteOptions,
  ): Promise<void> {
    if (written.length === 0 && !switched) {
      return;
    }
    const writes = new KubernetesWrites(client, this.#config);
    const since = new Date();
    options.log('Putting the previous settings back');
    const unwire = switched && plan.references.length > 0;
    if (unwire) {
      // First, so that no container starts with half of the previous values.
      await writes.removeReferences(snapshot.container.name, plan.references);
    }
    await restoreEach(writes, written);
    if (!switched) {
      return;
    }
    if (!unwire) {
      await writes.restart({});
    }
    const reason = await this.#wait(
      client,
      snapshot,
      { since },
      options,
      plan,
      Math.max(this.#config.rolloutTimeoutMs, RETURN_TIMEOUT_MS),
    );
    if (reason !== undefined) {
      throw new GatewayRolloutError(
        `the gateway did not come up with its previous settings either: ${reason}`,
      );
    }
    options.log(
      'The previous settings are back and the gateway runs with them',
    );
  }

  /** The reason why the rollout failed, or `undefined` when it is complete. */
  async #wait(
    client: KubernetesClient,
    snapshot: Snapshot,
    { since, from }: RolloutStart,
    options: TargetWriteOptions,
    plan?: SwitchPlan,
    timeoutMs = this.#config.rolloutTimeoutMs,
  ): Promise<string | undefined> {
    const result = await waitForRollout({
      client,
      namespace: this.#config.namespace,
      deployment: this.#config.deployment,
      container: snapshot.container.name,
      timeoutMs,
      onProgress: line => options.log(`Rollout: ${line}`),
      redact: redactorOf(snapshot, plan),
      signal: options.signal,
      since,
      from,
      confirm: this.#answers,
    });
    return result.ok ? undefined : result.reason.replace(/\.$/, '');
  }
}

function isConflict(error: unknown): boolean {
  return isError(error) && error.name === ConflictError.name;
}

function sentence(error: unknown): string {
  const message = isError(error) ? error.message : String(error);
  return `${message.replace(/\.$/, '')}.`;
}

/** Notes a write that was carried out, or may have been: one whose answer got lost. */
async function noting(
  write: () => Promise<void>,
  note: () => void,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!wasRefused(error)) {
      note();
    }
    throw error;
  }
  note();
}

/** The last one written first; one that cannot be restored does not keep the others from it. */
async function restoreEach(
  writes: KubernetesWrites,
  written: ObjectChange[],
): Promise<void> {
  const failures: unknown[] = [];
  for (const change of [...written].reverse()) {
    try {
      await writes.restoreObject(change);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw failures[0];
  }
}
