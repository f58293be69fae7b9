import {
  ConflictError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { KubernetesTargetConfig } from '../../config/types';
import {
  waitForRollout,
  type Deployment,
  type EnvFromSource,
  type KubernetesClient,
  type WaitForRolloutOptions,
} from '../../kubernetes';
import { GatewayRolloutError } from '../errors';
import type {
  AppliedSwitch,
  SettingsTarget,
  TargetPlan,
  TargetReading,
  TargetReadOptions,
  TargetWriteOptions,
} from '../types';
import { describeState } from './describeState';
import { kindsOf, layoutOf } from './layout';
import {
  endsWithRestart,
  keyOf,
  undoEach,
  withLatest,
  type Written,
} from './performedSteps';
import { planDisconnect } from './planDisconnect';
import { describeReference, missingFrom } from './planLines';
import { planSwitch, type SwitchPlan } from './planSwitch';
import { redactorOf } from './redaction';
import { requireRights } from './rights';
import { readSnapshot, type Snapshot } from './snapshot';
import type { WriteStep } from './steps';
import { KubernetesWrites, persistently, wasRefused } from './writes';

/**
 * What the previous settings get at least, in milliseconds: a deadline set short must not give up on the way back.
 * Settings that do not work either still fail as soon as the container ends.
 */
const RETURN_TIMEOUT_MS = 60_000;

/** Where a rollout begins: when the change was made, and the Deployment as it answered. */
type RolloutStart = Required<Pick<WaitForRolloutOptions, 'since'>> &
  Pick<WaitForRolloutOptions, 'from' | 'begun'>;

/**
 * A gateway whose settings live in a ConfigMap and a Secret that its Deployment reads.
 *
 * @public
 */
export class KubernetesTarget implements SettingsTarget {
  readonly type = 'kubernetes' as const;
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
    const { namespace, deployment } = config;
    const objects = kindsOf(config).map(kind => {
      const name = kind === 'ConfigMap' ? config.configMap : config.secret;
      return name === undefined ? kind : `${kind} "${name}"`;
    });
    this.description = `${objects.join(
      ' and ',
    )} of Deployment ${namespace}/${deployment}`;
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
      plan: settings =>
        this.#planned(
          client,
          snapshot,
          planSwitch(snapshot, this.#config, settings),
        ),
      planDisconnect: () =>
        this.#planned(client, snapshot, planDisconnect(snapshot, this.#config)),
      followRollout: followOptions =>
        this.#follow(client, snapshot, followOptions),
    };
  }

  async restart(options: TargetWriteOptions): Promise<void> {
    const client = await this.#client();
    const snapshot = await readSnapshot(client, this.#config, options);
    await requireRights(
      client,
      this.#config,
      { steps: [], leftovers: [], restart: true },
      options,
    );
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

  async #follow(
    client: KubernetesClient,
    snapshot: Snapshot,
    options: TargetWriteOptions,
  ): Promise<void> {
    const reason = await this.#wait(
      client,
      snapshot,
      { since: new Date(), from: snapshot.deployment, begun: true },
      options,
    );
    if (reason !== undefined) {
      throw new GatewayRolloutError(
        `The gateway does not come up with the settings it has: ${reason}. Mend what the message names, then run the task again.`,
      );
    }
  }

  get #deployment(): string {
    return `${this.#config.namespace}/${this.#config.deployment}`;
  }

  #planned(
    client: KubernetesClient,
    snapshot: Snapshot,
    plan: SwitchPlan,
  ): TargetPlan {
    return {
      changes: plan.changes,
      refusals: plan.refusals,
      owners: plan.owners,
      restart:
        plan.restart || plan.steps.some(({ type }) => type === 'references'),
      confirmRights: options => this.#confirmRights(client, plan, options),
      apply: options => this.#apply(client, snapshot, plan, options),
    };
  }

  async #confirmRights(
    client: KubernetesClient,
    plan: SwitchPlan,
    options: TargetWriteOptions,
  ): Promise<void> {
    if (plan.steps.length + plan.leftovers.length > 0 || plan.restart) {
      await requireRights(client, this.#config, plan, options);
    }
  }

  async #apply(
    client: KubernetesClient,
    snapshot: Snapshot,
    plan: SwitchPlan,
    options: TargetWriteOptions,
  ): Promise<AppliedSwitch> {
    await this.#confirmRights(client, plan, options);
    const writes = new KubernetesWrites(client, this.#config);
    const finish = (finishOptions: TargetWriteOptions) =>
      this.#cleanUp(writes, plan, finishOptions);
    if (plan.steps.length === 0 && !plan.restart) {
      return { writes: 0, restore: async () => {}, finish };
    }
    const done: WriteStep[] = [];
    const written: Written = new Map();
    const since = new Date();
    let restarted = false;
    const restart: { from?: Deployment } = {};
    const restore = (restoreOptions: TargetWriteOptions) =>
      this.#restore(client, snapshot, plan, done, restarted, restoreOptions);
    // A write under way is not given up when the task is cancelled: it might take effect after it was undone.
    const { signal } = options;
    try {
      for (const planned of plan.steps) {
        signal?.throwIfAborted();
        const step = withLatest(planned, written);
        await noting(
          async () => {
            const switched = await this.#perform(
              writes,
              snapshot,
              step,
              written,
              options.log,
            );
            restart.from = switched ?? restart.from;
          },
          () => done.push(step),
        );
      }
      if (plan.restart) {
        signal?.throwIfAborted();
        await noting(
          async () => {
            restart.from = await writes.restart({});
          },
          () => {
            restarted = true;
          },
        );
        options.log(`Deployment ${this.#deployment} restarted`);
      }
    } catch (error) {
      const undone = await this.#undo(restore, snapshot, options);
      signal?.throwIfAborted();
      throw explained(error, undone);
    }
    const start = { since, from: restart.from };
    await this.#seeThrough(client, snapshot, plan, start, options, restore);
    return {
      writes: plan.steps.length + Number(plan.restart),
      restore,
      finish,
    };
  }

  async #perform(
    writes: KubernetesWrites,
    { deployment, container }: Snapshot,
    step: WriteStep,
    written: Written,
    log: TargetWriteOptions['log'],
  ): Promise<Deployment | undefined> {
    if (step.type === 'object') {
      const { change } = step;
      written.set(keyOf(change), await writes.writeObject(change, {}));
      log(
        `${change.kind} ${this.#config.namespace}/${change.name} ${
          change.found ? 'changed' : 'created'
        }`,
      );
      return undefined;
    }
    const { from, to } = step;
    const switched = await writes.setReferences(
      deployment,
      container.name,
      to,
      {},
    );
    const named = (sources: EnvFromSource[]) =>
      sources.map(describeReference).join(' and ');
    const added = missingFrom(from, to);
    const removed = missingFrom(to, from);
    log(
      `Deployment ${this.#deployment} ${[
        ...(added.length > 0 ? [`now reads ${named(added)}`] : []),
        ...(removed.length > 0 ? [`no longer reads ${named(removed)}`] : []),
      ].join(' and ')}, restarting`,
    );
    return switched;
  }

  /** What nothing reads any more goes last, so that the way back stays open until the gateway runs. */
  async #cleanUp(
    writes: KubernetesWrites,
    { leftovers }: SwitchPlan,
    { log, signal }: TargetWriteOptions,
  ): Promise<number> {
    let made = 0;
    for (const change of leftovers) {
      signal?.throwIfAborted();
      const object = `${change.kind} ${this.#config.namespace}/${change.name}`;
      try {
        const result = await writes.cleanUp(change);
        made += result === 'gone' ? 0 : 1;
        log(
          result === 'emptied'
            ? `${object} has no settings any more`
            : `${object} deleted`,
        );
      } catch (error) {
        throw new ServiceUnavailableError(
          `The gateway runs as wanted, but the ${object}, which it no longer reads, still has its settings: ${sentence(
            error,
          )} Run the task again to clean up.`,
        );
      }
    }
    return made;
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
      const undone = await this.#undo(restore, snapshot, options);
      options.signal?.throwIfAborted();
      throw new ServiceUnavailableError(
        `The restart of the gateway could not be followed: ${sentence(error)} ${
          undone.line
        }`,
      );
    }
    if (reason === undefined) {
      return;
    }
    options.log(`The gateway did not come up: ${reason}`);
    const { line } = await this.#undo(restore, snapshot, options);
    throw new GatewayRolloutError(
      `The gateway did not come up with the new settings: ${reason}. ${line}`,
    );
  }

  /** Puts the previous settings back and says how that went, for the one message of the failure; never throws. */
  async #undo(
    restore: AppliedSwitch['restore'],
    snapshot: Snapshot,
    { log }: TargetWriteOptions,
  ): Promise<Undone> {
    try {
      await restore({ log });
      return {
        ok: true,
        line: 'The previous settings are back. Mend what the message names, then run the task again.',
      };
    } catch (error) {
      const { objects } = layoutOf(snapshot, this.#config);
      const names = objects.map(({ kind, name }) => `${kind} "${name}"`);
      const line =
        `Putting the previous settings back failed too: ${sentence(error)} ` +
        `Look at ${names.join(' and ')} of Deployment ${
          this.#deployment
        }. Mend what the message names, then run the task again.`;
      log(line);
      return { ok: false, line };
    }
  }

  async #restore(
    client: KubernetesClient,
    snapshot: Snapshot,
    plan: SwitchPlan,
    done: WriteStep[],
    restartedAfter: boolean,
    options: TargetWriteOptions,
  ): Promise<void> {
    const restarted =
      restartedAfter || done.some(({ type }) => type === 'references');
    if (done.length === 0 && !restarted) {
      return;
    }
    const writes = new KubernetesWrites(client, this.#config);
    const since = new Date();
    options.log('Putting the previous settings back');
    // The way back is the way there, so that the gateway could start at any moment of it as well.
    await undoEach(writes, snapshot.container.name, done);
    if (!restarted) {
      return;
    }
    if (!endsWithRestart(snapshot, done)) {
      await persistently(() => writes.restart({}));
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
    start: RolloutStart,
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
      ...start,
      confirm: this.#answers,
    });
    return result.ok ? undefined : result.reason.replace(/\.$/, '');
  }
}

/** How the way back went. */
type Undone = { ok: boolean; line: string };

function isConflict(error: unknown): error is Error {
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

/** A conflict is the caller's to retry, unless something is left half-done; the failure of the way back is never lost. */
function explained(error: unknown, undone: Undone): Error {
  return isConflict(error) && undone.ok
    ? error
    : new ServiceUnavailableError(
        `The settings could not be written: ${sentence(error)} ${undone.line}`,
      );
}
