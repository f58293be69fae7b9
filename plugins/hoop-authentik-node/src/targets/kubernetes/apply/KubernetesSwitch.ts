import { ServiceUnavailableError } from '@backstage/errors';
import type { Deployment, EnvFromSource } from '../../../systems/kubernetes';
import { sentence } from '../../../core';
import { GatewayRolloutError, putBack } from '../../failure';
import type { AppliedSwitch, TargetWriteOptions } from '../../types';
import { isConflict } from '../../wayBack';
import type { ObjectChange } from '../plan/steps';
import type { SwitchPlan } from '../plan/switchPlan';
import { layoutOf } from '../read/layout';
import { describeReference, missingFrom } from '../read/objects';
import { isMarked, type SwitchMark } from '../read/switchRecord';
import { concludeSwitch, writesOf } from './conclude';
import {
  waitForGateway,
  type GatewayInCluster,
  type RolloutStart,
} from './gatewayRollout';
import { objectWriteOf } from './objectWrites';
import { SwitchRecord } from './record';
import { rehearse } from './rehearsal';
import { restoreSettings, type GatewayWrites, type WayBack } from './restore';
import { wasRefused } from './writeAttempts';

/**
 * One switch of a gateway, made once: the way there, the way back as far as it was gone, and the clean-up at the end.
 *
 * @internal
 */
export class KubernetesSwitch {
  readonly #gateway: GatewayInCluster;
  readonly #plan: SwitchPlan;
  readonly #writes: GatewayWrites;
  readonly #record: SwitchRecord;
  readonly #wayBack: WayBack;
  /** The Deployment as returned by the write that restarted it. */
  #from: Deployment | undefined;
  /** The Deployment has a mark: of this switch, or of one before it that was never verified. */
  #isMarked: boolean;

  /** @param plan - with the objects as they are, so that no name has to be looked up */
  constructor(gateway: GatewayInCluster, plan: SwitchPlan) {
    const since = new Date();
    this.#gateway = gateway;
    this.#plan = plan;
    this.#writes = writesOf(gateway);
    this.#record = new SwitchRecord(gateway.snapshot, plan, since);
    this.#isMarked = isMarked(gateway.snapshot.deployment);
    this.#wayBack = {
      done: [],
      restarted: false,
      since,
      before: this.#record.before,
      restarts: [],
      keepsValues: false,
    };
  }

  /** Makes every write and waits for the gateway; restores the previous settings where one of the two fails. */
  async apply(options: TargetWriteOptions): Promise<AppliedSwitch> {
    const { steps, restart } = this.#plan;
    const changes = steps.length + Number(restart);
    if (changes > 0) {
      await rehearse(this.#gateway, this.#writes, this.#plan, options);
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
      writes: changes + Number(this.#wayBack.keepsValues),
      restore: restoreOptions => this.#restore(restoreOptions),
      finish: finishOptions =>
        concludeSwitch(
          this.#gateway,
          this.#writes,
          {
            leftovers: this.#plan.leftovers,
            isMarked: this.#isMarked,
            keepsValues:
              this.#wayBack.keepsValues ||
              this.#gateway.snapshot.previousValues !== undefined,
          },
          finishOptions,
        ),
    };
  }

  get #deployment(): string {
    const { namespace, deployment } = this.#gateway.config;
    return `${namespace}/${deployment}`;
  }

  /** Cancelling the task does not abort a write under way: it might take effect after it was undone. */
  async #write({ log, signal }: TargetWriteOptions): Promise<void> {
    const { steps, restart } = this.#plan;
    const { snapshot } = this.#gateway;
    signal?.throwIfAborted();
    if (this.#record.keepsValues) {
      await noting(
        () =>
          this.#writes.previous.keep(
            this.#record.previousValues(),
            snapshot.previousValues,
          ),
        () => {
          this.#wayBack.keepsValues = true;
        },
      );
    }
    for (const [index, planned] of steps.entries()) {
      signal?.throwIfAborted();
      await (planned.type === 'object'
        ? this.#writeObject(planned.change, log)
        : this.#setReferences(
            planned,
            index === steps.length - 1 && !restart,
            log,
          ));
    }
    if (restart) {
      signal?.throwIfAborted();
      const { to: envFrom } = steps.findLast(
        step => step.type === 'references',
      ) ?? { to: this.#record.before.envFrom };
      const { write, mark } = this.#record.templateWrite(envFrom, true);
      await noting(
        async () => {
          this.#from = await this.#writes.deployment.restart(
            {},
            // Without a change there is nothing to go back to.
            steps.length > 0 ? write : { ...write, mark: undefined },
          );
        },
        () => {
          this.#wayBack.restarted = true;
          this.#noteTemplate(write.restartedAt, mark);
        },
      );
      log(`Deployment ${this.#deployment} restarted`);
    }
  }

  async #writeObject(
    planned: ObjectChange,
    log: TargetWriteOptions['log'],
  ): Promise<void> {
    // A second write of an object is made to what the first one left: there may have been no object before.
    const latest = this.#record.latest(planned);
    const change = latest
      ? { ...planned, found: latest, unread: undefined }
      : planned;
    await noting(
      async () =>
        this.#record.note(change, await this.#writes.objects.write(change, {})),
      () =>
        this.#wayBack.done.push({ type: 'object', ...objectWriteOf(change) }),
    );
    log(
      `${change.kind} ${this.#gateway.config.namespace}/${change.name} ${
        change.found ? 'changed' : 'created'
      }`,
    );
  }

  #noteTemplate(restartedAt: string, mark: SwitchMark): void {
    this.#wayBack.restarts.push(restartedAt);
    this.#wayBack.mark = mark;
    this.#isMarked ||= this.#plan.steps.length > 0;
  }

  async #setReferences(
    { from, to }: { from: EnvFromSource[]; to: EnvFromSource[] },
    complete: boolean,
    log: TargetWriteOptions['log'],
  ): Promise<void> {
    const { snapshot } = this.#gateway;
    const { write, mark } = this.#record.templateWrite(to, complete);
    await noting(
      async () => {
        this.#from = await this.#writes.deployment.setReferences(
          snapshot.deployment,
          snapshot.container.name,
          to,
          {},
          write,
        );
      },
      () => {
        this.#wayBack.done.push({ type: 'references', from, to });
        this.#noteTemplate(write.restartedAt, mark);
      },
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

  async #restore(options: TargetWriteOptions): Promise<void> {
    const { done, restarted, keepsValues } = this.#wayBack;
    if (done.length > 0 || restarted || keepsValues) {
      await restoreSettings(
        this.#gateway,
        this.#writes,
        this.#wayBack,
        options,
        this.#plan,
      );
    }
  }
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
