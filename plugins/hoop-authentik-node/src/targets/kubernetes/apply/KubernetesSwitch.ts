import { ServiceUnavailableError } from '@backstage/errors';
import type { Deployment, EnvFromSource } from '../../../systems/kubernetes';
import { sentence } from '../../../core';
import { GatewayRolloutError } from '../../errors';
import type { AppliedSwitch, TargetWriteOptions } from '../../types';
import { persistently } from './attempts';
import {
  waitForGateway,
  type GatewayInCluster,
  type RolloutStart,
} from './gatewayRollout';
import { layoutOf } from '../read/layout';
import {
  endsWithRestart,
  keyOf,
  undoEach,
  withLatest,
  type Written,
} from './performedSteps';
import type { SwitchPlan } from '../plan/planSwitch';
import { describeReference, missingFrom } from '../read/references';
import type { WriteStep } from '../plan/steps';
import { isConflict, wasRefused } from './writeErrors';
import { KubernetesWrites } from './writes';

/**
 * What the previous settings get at least, in milliseconds: a deadline set short must not give up on the way back.
 * Settings that do not work either still fail as soon as the container ends.
 */
const RETURN_TIMEOUT_MS = 60_000;

/** How the way back went. */
type Undone = { ok: boolean; line: string };

/**
 * One switch of a gateway, made once: the way there, the way back as far as it was gone, and what is cleaned up at the end.
 *
 * @internal
 */
export class KubernetesSwitch {
  readonly #gateway: GatewayInCluster;
  readonly #plan: SwitchPlan;
  readonly #writes: KubernetesWrites;
  /** In the order in which they were made. */
  readonly #done: WriteStep[] = [];
  readonly #written: Written = new Map();
  #restarted = false;
  /** The Deployment as it answered to the write that restarted it. */
  #from: Deployment | undefined;

  constructor(gateway: GatewayInCluster, plan: SwitchPlan) {
    this.#gateway = gateway;
    this.#plan = plan;
    this.#writes = new KubernetesWrites(gateway.client, gateway.config);
  }

  /** Makes every write and waits for the gateway; puts the previous settings back where one of the two fails. */
  async apply(options: TargetWriteOptions): Promise<AppliedSwitch> {
    const { steps, restart } = this.#plan;
    const writes = steps.length + Number(restart);
    if (writes > 0) {
      const since = new Date();
      try {
        await this.#write(options);
      } catch (error) {
        const undone = await this.#undo(options);
        options.signal?.throwIfAborted();
        throw explained(error, undone);
      }
      await this.#seeThrough({ since, from: this.#from }, options);
    }
    return {
      writes,
      restore: restoreOptions => this.#restore(restoreOptions),
      finish: finishOptions => this.#cleanUp(finishOptions),
    };
  }

  get #deployment(): string {
    const { namespace, deployment } = this.#gateway.config;
    return `${namespace}/${deployment}`;
  }

  /** A write under way is not given up when the task is cancelled: it might take effect after it was undone. */
  async #write({ log, signal }: TargetWriteOptions): Promise<void> {
    for (const planned of this.#plan.steps) {
      signal?.throwIfAborted();
      const step = withLatest(planned, this.#written);
      await noting(
        () => this.#perform(step, log),
        () => this.#done.push(step),
      );
    }
    if (this.#plan.restart) {
      signal?.throwIfAborted();
      await noting(
        async () => {
          this.#from = await this.#writes.restart({});
        },
        () => {
          this.#restarted = true;
        },
      );
      log(`Deployment ${this.#deployment} restarted`);
    }
  }

  async #perform(
    step: WriteStep,
    log: TargetWriteOptions['log'],
  ): Promise<void> {
    const { config, snapshot } = this.#gateway;
    if (step.type === 'object') {
      const { change } = step;
      this.#written.set(
        keyOf(change),
        await this.#writes.writeObject(change, {}),
      );
      log(
        `${change.kind} ${config.namespace}/${change.name} ${
          change.found ? 'changed' : 'created'
        }`,
      );
      return;
    }
    const { from, to } = step;
    this.#from = await this.#writes.setReferences(
      snapshot.deployment,
      snapshot.container.name,
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
  }

  /** Waits for the new pods; when they do not come up, or the task is cancelled, the previous settings return. */
  async #seeThrough(
    start: RolloutStart,
    options: TargetWriteOptions,
  ): Promise<void> {
    let reason: string | undefined;
    try {
      reason = await waitForGateway(this.#gateway, start, options, this.#plan);
    } catch (error) {
      const undone = await this.#undo(options);
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
    const { line } = await this.#undo(options);
    throw new GatewayRolloutError(
      `The gateway did not come up with the new settings: ${reason}. ${line}`,
    );
  }

  /** Puts the previous settings back and says how that went, for the one message of the failure; never throws. */
  async #undo({ log }: TargetWriteOptions): Promise<Undone> {
    try {
      await this.#restore({ log });
      return {
        ok: true,
        line: 'The previous settings are back. Mend what the message names, then run the task again.',
      };
    } catch (error) {
      const { config, snapshot } = this.#gateway;
      const { objects } = layoutOf(snapshot, config);
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

  async #restore(options: TargetWriteOptions): Promise<void> {
    const { config, snapshot } = this.#gateway;
    const restarted =
      this.#restarted || this.#done.some(({ type }) => type === 'references');
    if (this.#done.length === 0 && !restarted) {
      return;
    }
    const since = new Date();
    options.log('Putting the previous settings back');
    // The way back is the way there, so that the gateway could start at any moment of it as well.
    await undoEach(this.#writes, snapshot.container.name, this.#done);
    if (!restarted) {
      return;
    }
    if (!endsWithRestart(snapshot, this.#done)) {
      await persistently(() => this.#writes.restart({}));
    }
    const reason = await waitForGateway(
      this.#gateway,
      { since },
      options,
      this.#plan,
      Math.max(config.rolloutTimeoutMs, RETURN_TIMEOUT_MS),
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

  /** What nothing reads any more goes last, so that the way back stays open until the gateway runs. */
  async #cleanUp({ log, signal }: TargetWriteOptions): Promise<number> {
    let made = 0;
    for (const change of this.#plan.leftovers) {
      signal?.throwIfAborted();
      const object = `${change.kind} ${this.#gateway.config.namespace}/${
        change.name
      }`;
      try {
        const result = await this.#writes.cleanUp(change);
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
