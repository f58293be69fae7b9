import type { CallOptions } from '../../authentik/types';
import type { KubernetesTargetConfig } from '../../config/types';
import { waitForRollout, type KubernetesClient } from '../../kubernetes';
import { SecretValue } from '../../support';
import { GatewayRolloutError } from '../errors';
import type {
  AppliedSwitch,
  Settings,
  SettingsTarget,
  TargetPlan,
  TargetReading,
  TargetWriteOptions,
} from '../types';
import { dataOf } from './composition';
import { describeState } from './describeState';
import {
  describeReference,
  planSwitch,
  type ObjectChange,
  type SwitchPlan,
} from './planSwitch';
import { readSnapshot, type Snapshot } from './snapshot';
import { KubernetesWrites } from './writes';

/** Values shorter than this are words like `local`, whose removal would only make a message unreadable. */
const SHORTEST_REDACTED = 6;

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

  async read(options?: CallOptions): Promise<TargetReading> {
    const client = await this.#client();
    const snapshot = await readSnapshot(client, this.#config, options);
    return {
      state: describeState(snapshot, this.#config),
      plan: settings => this.#plan(client, snapshot, settings),
    };
  }

  async restart(options: TargetWriteOptions): Promise<void> {
    const client = await this.#client();
    const snapshot = await readSnapshot(client, this.#config, options);
    const since = new Date();
    await new KubernetesWrites(client, this.#config).restart(options);
    options.log(`Deployment ${this.#deployment} restarted`);
    const reason = await this.#wait(client, snapshot, since, options);
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
      apply: options => this.#apply(client, snapshot, plan, options),
    };
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
    const writes = new KubernetesWrites(client, this.#config);
    const written: ObjectChange[] = [];
    const since = new Date();
    let switched = false;
    const restore = (restoreOptions: TargetWriteOptions) =>
      this.#restore(client, snapshot, plan, written, switched, restoreOptions);
    try {
      for (const change of plan.objects) {
        options.signal?.throwIfAborted();
        // Noted before the request: one whose answer got lost may have been carried out.
        written.push(change);
        await writes.writeObject(change, options);
        options.log(
          `${change.kind} ${this.#config.namespace}/${change.name} ${
            change.found ? 'changed' : 'created'
          }`,
        );
      }
      options.signal?.throwIfAborted();
      if (plan.references.length > 0) {
        await writes.addReferences(
          snapshot.deployment,
          snapshot.container.name,
          plan.references,
          options,
        );
        options.log(
          `Deployment ${this.#deployment} now reads ${plan.references
            .map(describeReference)
            .join(' and ')}, restarting`,
        );
      } else {
        await writes.restart(options);
        options.log(`Deployment ${this.#deployment} restarted`);
      }
      switched = true;
    } catch (error) {
      if (isConflict(error)) {
        // The object of the failed write was not touched.
        written.pop();
      }
      await this.#restoreQuietly(restore, options);
      throw error;
    }
    await this.#seeThrough(client, snapshot, plan, since, options, restore);
    return { writes: plan.objects.length + 1, restore };
  }

  /** Waits for the new pods; when they do not come up, or the task is cancelled, the previous settings return. */
  async #seeThrough(
    client: KubernetesClient,
    snapshot: Snapshot,
    plan: SwitchPlan,
    since: Date,
    options: TargetWriteOptions,
    restore: AppliedSwitch['restore'],
  ): Promise<void> {
    let reason: string | undefined;
    try {
      reason = await this.#wait(client, snapshot, since, options, plan);
    } catch (error) {
      await this.#restoreQuietly(restore, options);
      throw error;
    }
    if (reason === undefined) {
      return;
    }
    options.log(`The gateway did not come up: ${reason}`);
    try {
      await restore({ log: options.log });
    } catch (error) {
      throw new GatewayRolloutError(
        `The gateway did not come up with the new settings: ${reason}. Putting the previous settings back failed too: ` +
          `${error instanceof Error ? error.message : error}. Look at ${
            this.description
          }.`,
      );
    }
    throw new GatewayRolloutError(
      `The gateway did not come up with the new settings: ${reason}. ` +
        'The previous settings are back and the gateway runs with them. Mend what the message names, then run the task again.',
    );
  }

  /** Undoes after an error that is to be reported itself: what cannot be undone goes to the log. */
  async #restoreQuietly(
    restore: AppliedSwitch['restore'],
    { log }: TargetWriteOptions,
  ): Promise<void> {
    try {
      await restore({ log });
    } catch (error) {
      log(
        `Putting the previous settings back failed: ${
          error instanceof Error ? error.message : error
        }. Look at ${this.description}.`,
      );
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
    for (const change of [...written].reverse()) {
      await writes.restoreObject(change);
    }
    if (!switched) {
      return;
    }
    if (!unwire) {
      await writes.restart({});
    }
    const reason = await this.#wait(client, snapshot, since, options, plan);
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
    since: Date,
    options: TargetWriteOptions,
    plan?: SwitchPlan,
  ): Promise<string | undefined> {
    const result = await waitForRollout({
      client,
      namespace: this.#config.namespace,
      deployment: this.#config.deployment,
      container: snapshot.container.name,
      timeoutMs: this.#config.rolloutTimeoutMs,
      onProgress: line => options.log(`Rollout: ${line}`),
      redact: redactorOf(snapshot, plan),
      signal: options.signal,
      since,
      confirm: this.#answers,
    });
    return result.ok ? undefined : result.reason.replace(/\.$/, '');
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConflictError';
}

/** Takes every secret of the gateway, the previous and the new, out of a text from the cluster, such as a log line. */
function redactorOf(
  snapshot: Snapshot,
  plan: SwitchPlan | undefined,
): (text: string) => string {
  const stored = Object.values(dataOf(snapshot).secrets).flatMap(data =>
    Object.values(data ?? {}),
  );
  const wanted = (plan?.objects ?? [])
    .flatMap(({ data, before }) => [
      ...Object.values(data),
      ...Object.values(before),
    ])
    .flatMap(value => (value instanceof SecretValue ? [value.reveal()] : []));
  const secrets = [...new Set([...stored, ...wanted])]
    .filter(value => value.length >= SHORTEST_REDACTED)
    .sort((a, b) => b.length - a.length);
  return text =>
    secrets.reduce(
      (result, secret) => result.replaceAll(secret, '<secret>'),
      text,
    );
}
