import { ServiceUnavailableError } from '@backstage/errors';
import type {
  ConfigMap,
  Deployment,
  EnvFromSource,
  Secret,
} from '../../../systems/kubernetes';
import { sentence } from '../../../core';
import { GatewayRolloutError, putBack } from '../../failure';
import type { AppliedSwitch, TargetWriteOptions } from '../../types';
import type { WriteStep } from '../plan/steps';
import type { SwitchPlan } from '../plan/switchPlan';
import { layoutOf } from '../read/layout';
import {
  describeReference,
  missingFrom,
  type ObjectRef,
} from '../read/objects';
import { DeploymentWrites } from './deploymentWrites';
import {
  waitForGateway,
  type GatewayInCluster,
  type RolloutStart,
} from './gatewayRollout';
import { ObjectWrites } from './objectWrites';
import { restoreSettings, type GatewayWrites, type Progress } from './restore';
import { isConflict, wasRefused } from './writeAttempts';

/**
 * One switch of a gateway, made once: the way there, the way back as far as it was gone, and the clean-up at the end.
 *
 * @internal
 */
export class KubernetesSwitch {
  readonly #gateway: GatewayInCluster;
  readonly #plan: SwitchPlan;
  readonly #writes: GatewayWrites;
  readonly #progress: Progress = { done: [], restarted: false };
  /** Objects as we wrote them last. */
  readonly #written = new Map<string, ConfigMap | Secret>();
  /** The Deployment as returned by the write that restarted it. */
  #from: Deployment | undefined;

  constructor(gateway: GatewayInCluster, plan: SwitchPlan) {
    const { client, config } = gateway;
    this.#gateway = gateway;
    this.#plan = plan;
    this.#writes = {
      objects: new ObjectWrites(client, config),
      deployment: new DeploymentWrites(client, config),
    };
  }

  /** Makes every write and waits for the gateway; restores the previous settings where one of the two fails. */
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
        // A conflict is the caller's to retry, unless something is left half-done.
        throw isConflict(error) && undone.ok
          ? error
          : new ServiceUnavailableError(
              `The settings could not be written: ${sentence(error)} ${
                undone.line
              }`,
            );
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

  /** Cancelling the task does not abort a write under way: it might take effect after it was undone. */
  async #write({ log, signal }: TargetWriteOptions): Promise<void> {
    for (const planned of this.#plan.steps) {
      signal?.throwIfAborted();
      const step = this.#withLatest(planned);
      await noting(
        () => this.#perform(step, log),
        () => this.#progress.done.push(step),
      );
    }
    if (this.#plan.restart) {
      signal?.throwIfAborted();
      await noting(
        async () => {
          this.#from = await this.#writes.deployment.restart({});
        },
        () => {
          this.#progress.restarted = true;
        },
      );
      log(`Deployment ${this.#deployment} restarted`);
    }
  }

  /** A second write of an object is made to what the first one left: there may have been no object before. */
  #withLatest(step: WriteStep): WriteStep {
    const latest =
      step.type === 'object'
        ? this.#written.get(keyOf(step.change))
        : undefined;
    return step.type === 'object' && latest
      ? { ...step, change: { ...step.change, found: latest } }
      : step;
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
        await this.#writes.objects.write(change, {}),
      );
      log(
        `${change.kind} ${config.namespace}/${change.name} ${
          change.found ? 'changed' : 'created'
        }`,
      );
      return;
    }
    const { from, to } = step;
    this.#from = await this.#writes.deployment.setReferences(
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
    options.log(`The gateway did not come up: ${reason}`, 'error');
    const { line } = await this.#undo(options);
    throw new GatewayRolloutError(
      `The gateway did not come up with the new settings: ${reason}. ${line}`,
    );
  }

  #undo({ log }: TargetWriteOptions) {
    const { config, snapshot } = this.#gateway;
    const objects = layoutOf(snapshot, config).objects.map(
      ({ kind, name }) => `${kind} "${name}"`,
    );
    return putBack(
      options => this.#restore(options),
      log,
      `${objects.join(' and ')} of Deployment ${this.#deployment}`,
    );
  }

  #restore(options: TargetWriteOptions): Promise<void> {
    return restoreSettings(
      this.#gateway,
      this.#writes,
      this.#plan,
      this.#progress,
      options,
    );
  }

  /** Objects that nothing reads any more go last, so that the way back stays open until the gateway runs. */
  async #cleanUp({ log, signal }: TargetWriteOptions): Promise<number> {
    let made = 0;
    for (const change of this.#plan.leftovers) {
      signal?.throwIfAborted();
      const object = `${change.kind} ${this.#gateway.config.namespace}/${
        change.name
      }`;
      try {
        const result = await this.#writes.objects.cleanUp(change);
        made += result === 'gone' ? 0 : 1;
        log(
          result === 'emptied'
            ? `Settings removed from ${object}`
            : `${object} deleted`,
        );
      } catch (error) {
        throw new ServiceUnavailableError(
          `The gateway runs as planned and no longer reads the ${object}, but that still holds its settings: ${sentence(
            error,
          )} Run the task again to clean up.`,
        );
      }
    }
    return made;
  }
}

function keyOf({ kind, name }: ObjectRef): string {
  return `${kind} ${name}`;
}

/** Notes a write that was carried out, or may have been: one whose answer was lost. */
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
