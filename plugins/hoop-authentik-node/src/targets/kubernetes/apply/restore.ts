import { ServiceUnavailableError } from '@backstage/errors';
import { reasonOf } from '../../../core';
import {
  labelSelectorOf,
  wholeSecond,
  type Deployment,
  type EnvFromSource,
  type Pod,
} from '../../../systems/kubernetes';
import { GatewayRolloutError } from '../../failure';
import type { TargetWriteOptions } from '../../types';
import { WAY_BACK } from '../../wayBack';
import type { SwitchPlan } from '../plan/switchPlan';
import { readsSame, refersTo, sourceOf, type ObjectRef } from '../read/objects';
import {
  markText,
  RESTARTED_AT,
  templatePartOf,
  type SwitchMark,
  type TemplatePart,
} from '../read/switchRecord';
import {
  restartNow,
  type DeploymentWrites,
  type TemplateWrite,
} from './deploymentWrites';
import { waitForGateway, type GatewayInCluster } from './gatewayRollout';
import type { ObjectWrite, ObjectWrites } from './objectWrites';
import type { PreviousValuesStore } from './previousValues';

/**
 * The least time in milliseconds that the previous settings get: a deadline set short must not give up on the way back.
 * Settings that do not work either still fail as soon as the container ends.
 */
const RETURN_TIMEOUT_MS = 60_000;

/** The writes of a gateway's objects. @internal */
export interface GatewayWrites {
  objects: ObjectWrites;
  deployment: DeploymentWrites;
  previous: PreviousValuesStore;
}

/** A write that was carried out, or may have been. @internal */
export type DoneStep =
  | ({ type: 'object' } & ObjectWrite)
  | { type: 'references'; from: EnvFromSource[]; to: EnvFromSource[] };

/** How far a switch was carried out, and what was there before it. @internal */
export interface WayBack {
  /** In the order in which they were made. */
  done: DoneStep[];
  /** Whether a restart of its own followed. */
  restarted: boolean;
  /** Before the first write. */
  since: Date;
  before: TemplatePart;
  /** The marks of restarts that the switch made; a later one is of another process. */
  restarts: string[];
  /** Previous values are kept in a Secret. */
  keepsValues: boolean;
  /** The record on the Deployment, as it was written last. */
  mark?: SwitchMark;
}

/**
 * Undoes the last step first, which leads through the states of the way there: the gateway could start in each of them.
 * The first step that cannot be undone ends it, since going on without it would lead to a state that was never checked.
 */
class Restoration {
  readonly #gateway: GatewayInCluster;
  readonly #writes: GatewayWrites;
  readonly #wayBack: WayBack;
  readonly #restarts: string[];
  #isReplaced = false;

  constructor(
    gateway: GatewayInCluster,
    writes: GatewayWrites,
    wayBack: WayBack,
  ) {
    this.#gateway = gateway;
    this.#writes = writes;
    this.#wayBack = wayBack;
    this.#restarts = [...wayBack.restarts];
  }

  /** @returns whether pods are replaced, so that there is a gateway to wait for */
  async run(): Promise<boolean> {
    const { done, before, restarted } = this.#wayBack;
    const endsWithRestart = isUndoneByReferences(before.envFrom, done);
    for (let left = done.length; left > 0; left--) {
      const step = done[left - 1];
      try {
        await (step.type === 'object'
          ? this.#writes.objects.restore(step)
          : this.#restoreReferences(
              step,
              endsWithRestart && isFirstReferences(done, left - 1),
            ));
      } catch (error) {
        throw new ServiceUnavailableError(
          `${reasonOf(error)}. ${describeRest(done, left)}`,
        );
      }
    }
    const restartFollows =
      !endsWithRestart &&
      (restarted ||
        done.some(({ type }) => type === 'references') ||
        (await this.#hasStartedSince()) === true);
    if (restartFollows) {
      // To the same references: only the annotations are left to restore.
      await this.#restoreReferences({ from: [], to: [] }, true);
    }
    return this.#isReplaced;
  }

  async #restoreReferences(
    change: { from: EnvFromSource[]; to: EnvFromSource[] },
    isLast: boolean,
  ): Promise<void> {
    const isExact = isLast && (await this.#hasStartedSince()) === false;
    const replaced = await this.#writes.deployment.restoreReferences(
      this.#gateway.snapshot.container.name,
      change,
      (now, envFrom) =>
        isLast
          ? this.#earlierTemplate(
              now.spec.template.metadata?.annotations?.[RESTARTED_AT],
              isExact,
            )
          : this.#templateOnTheWay(now, envFrom),
    );
    this.#isReplaced ||= replaced;
  }

  /** More is to be undone after it: the record says how far the way back is gone, for a run after this one. */
  #templateOnTheWay(now: Deployment, envFrom: EnvFromSource[]): TemplateWrite {
    const { mark } = this.#wayBack;
    const { restartedAt } = restartNow();
    this.#restarts.push(restartedAt);
    const { versionsRead } = templatePartOf(
      now,
      this.#gateway.snapshot.container.name,
    );
    return {
      restartedAt,
      mark:
        mark &&
        markText({
          ...mark,
          after: { restartedAt, versionsRead, envFrom },
          complete: false,
        }),
    };
  }

  /**
   * The exact earlier template needs no new pods where old ones still run, and none that a used-up quota would refuse. Its
   * pods must have started before the first write, or after the last one is undone; and a restart by another process stays.
   */
  #earlierTemplate(now: string | undefined, isExact: boolean): TemplateWrite {
    const { before } = this.#wayBack;
    const isOurs =
      now === undefined ||
      now === before.restartedAt ||
      this.#restarts.includes(now);
    return isExact && isOurs
      ? {
          restartedAt: before.restartedAt,
          versionsRead: before.versionsRead,
          mark: null,
        }
      : { ...restartNow(), versionsRead: before.versionsRead, mark: null };
  }

  /** Whether a container of the earlier template has read values that are undone; `undefined` where it is not known. */
  async #hasStartedSince(): Promise<boolean | undefined> {
    const { done, before, since } = this.#wayBack;
    const { client, config, snapshot } = this.#gateway;
    const mayBeRead = done.some(
      step =>
        step.type === 'object' &&
        (reads(before.envFrom, step) ||
          (snapshot.container.env ?? []).some(one => refersTo(one, step))),
    );
    const labelSelector = labelSelectorOf(snapshot.deployment);
    if (!mayBeRead || !labelSelector) {
      return false;
    }
    try {
      const { items } = await client.list(
        'Pod',
        config.namespace,
        { labelSelector },
        WAY_BACK,
      );
      return items
        .filter(
          ({ metadata }) =>
            (metadata.annotations?.[RESTARTED_AT] ?? null) ===
            before.restartedAt,
        )
        .some(pod => startOf(pod) >= wholeSecond(since));
    } catch {
      return undefined;
    }
  }
}

/**
 * Undoes what a switch has done and waits until the gateway runs with its previous settings.
 *
 * @throws ServiceUnavailableError naming what is restored and what is not
 * @throws GatewayRolloutError when the gateway does not come up with its previous settings either
 * @internal
 */
export async function restoreSettings(
  gateway: GatewayInCluster,
  writes: GatewayWrites,
  wayBack: WayBack,
  options: TargetWriteOptions,
  plan?: SwitchPlan,
): Promise<void> {
  const { config } = gateway;
  const since = new Date();
  options.log('Restoring the previous settings');
  const replaced = await new Restoration(gateway, writes, wayBack).run();
  if (wayBack.keepsValues) {
    try {
      await writes.previous.remove(WAY_BACK);
    } catch (error) {
      throw new ServiceUnavailableError(
        `${reasonOf(error)}. The previous settings are restored, but Secret "${
          writes.previous.name
        }" still keeps a copy of them`,
      );
    }
  }
  if (!replaced) {
    return;
  }
  const reason = await waitForGateway(
    gateway,
    { since },
    options,
    plan,
    Math.max(config.rolloutTimeoutMs, RETURN_TIMEOUT_MS),
  );
  if (reason !== undefined) {
    throw new GatewayRolloutError(
      `the gateway did not come up with its previous settings either: ${reason}`,
    );
  }
  options.log('The gateway runs with its previous settings');
}

function startOf({ metadata, status }: Pod): number {
  const starts = (status?.containerStatuses ?? []).flatMap(({ state }) =>
    state?.running?.startedAt ? [Date.parse(state.running.startedAt)] : [],
  );
  return Math.max(Date.parse(metadata.creationTimestamp ?? '') || 0, ...starts);
}

/** What is not restored when so many steps are left to undo, and what is. Without a full stop: it ends a sentence. */
function describeRest(done: DoneStep[], left: number): string {
  const namesOf = (steps: DoneStep[]) => new Set(steps.map(describeStep));
  const missing = namesOf(done.slice(0, left));
  const restored = [...namesOf(done.slice(left))].filter(
    name => !missing.has(name),
  );
  return [
    ...(restored.length > 0 ? [`Restored: ${restored.join(', ')}`] : []),
    `Not restored: ${[...missing].join(', ')}`,
  ].join('. ');
}

function describeStep(step: DoneStep): string {
  return step.type === 'references'
    ? "the container's references"
    : `${step.kind} "${step.name}"`;
}

function reads(envFrom: EnvFromSource[], ref: ObjectRef): boolean {
  return envFrom.some(source => readsSame(source, sourceOf(ref)));
}

function isFirstReferences(done: DoneStep[], index: number): boolean {
  return done.findIndex(({ type }) => type === 'references') === index;
}

/** Whether undoing the steps restarts the gateway after everything that it reads is as it was. @internal */
export function isUndoneByReferences(
  envFrom: EnvFromSource[],
  done: DoneStep[],
): boolean {
  const first = done.findIndex(({ type }) => type === 'references');
  return (
    first !== -1 &&
    done
      .slice(0, first)
      .every(step => step.type === 'references' || !reads(envFrom, step))
  );
}
