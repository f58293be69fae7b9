import { ServiceUnavailableError } from '@backstage/errors';
import { KubernetesForbiddenError } from '../client/errors';
import { labelSelectorOf } from '../client/resources';
import type { Deployment, Pod } from '../types';
import { DeploymentWatch } from './deploymentWatch';
import {
  DEFAULT_PATIENCE,
  type RolloutPatience,
  type RolloutResult,
  type WaitForRolloutOptions,
} from './options';
import { explainPodProblem } from './podFailure';
import {
  createdAt,
  podProblems,
  podsOfNewestTemplate,
  timesEnded,
  waitingReasons,
  whyReplaced,
  type PodProblem,
} from './podProblems';
import {
  rolloutStatus,
  wholeSecond,
  type RolloutStatus,
} from './rolloutStatus';

/** How often the pods of a complete rollout are asked for in a row before it is judged without them. */
const LIST_TRIES = 3;

/**
 * Observes a Deployment and its pods until the rollout is over.
 */
class RolloutObserver {
  readonly #options: WaitForRolloutOptions;
  readonly #patience: RolloutPatience;
  readonly #signal: AbortSignal;
  readonly #since: Date;
  readonly #restartsBefore = new Map<string, number>();
  readonly #firstSeen = new Map<string, number>();
  #looked = false;
  #lookAgainMs: number;
  #refusedSince: number | undefined;
  #podsHidden = false;
  #isDown = false;
  #listsFailed = 0;
  #unconfirmed = false;
  /** The version of the Deployment in which the gateway has answered. */
  #confirmedIn: Deployment | undefined;
  #lastLine = 'the cluster has not answered';
  #lastProblem: PodProblem | undefined;

  constructor(options: WaitForRolloutOptions, signal: AbortSignal) {
    this.#options = options;
    this.#patience = { ...DEFAULT_PATIENCE, ...options.patience };
    this.#lookAgainMs = this.#patience.lookAgainMs;
    this.#signal = signal;
    this.#since = options.since ?? new Date();
  }

  /** What is known when the time is over. */
  async lastWords(): Promise<string> {
    if (this.#lastProblem) {
      return explainPodProblem(this.#options, this.#lastProblem);
    }
    const { silence } = this.#options;
    return this.#unconfirmed && silence
      ? `${this.#lastLine}; ${silence}`
      : this.#lastLine;
  }

  /** Why the rollout failed; `undefined` when it is complete. */
  async untilDone(): Promise<string | undefined> {
    const { client, namespace, deployment: name } = this.#options;
    let current = this.#options.from ?? (await this.#read());
    const watch = new DeploymentWatch(
      client,
      namespace,
      name,
      this.#patience.reopenWatchMs,
    );
    // Ends with the signal, which is aborted when the wait is over; never rejects.
    void watch.run(current?.metadata.resourceVersion, this.#signal);
    for (;;) {
      if (!current) {
        return `Deployment "${name}" does not exist in namespace "${namespace}"`;
      }
      const seen: Deployment = current;
      const verdict = await this.#orKeepTrying(() => this.#judge(seen));
      if (verdict) {
        return verdict.failed;
      }
      current = await this.#next(watch, seen);
    }
  }

  /** The next version of the Deployment; the same one when it is time to judge its pods or the gateway again. */
  async #next(
    watch: DeploymentWatch,
    seen: Deployment,
  ): Promise<Deployment | undefined> {
    const { confirmAgainMs, silentWatchMs } = this.#patience;
    const lookAgainMs = this.#lookAgainMs;
    const lookAgain = Date.now() + lookAgainMs;
    for (;;) {
      const change = await watch.next(
        this.#unconfirmed ? confirmAgainMs : lookAgainMs,
        this.#signal,
      );
      if (change) {
        this.#lookAgainMs = this.#patience.lookAgainMs;
        return change.deployment;
      }
      if (Date.now() >= lookAgain) {
        const isQuiet = watch.silentMs < Infinity && this.#isCalm();
        this.#lookAgainMs = isQuiet
          ? Math.min(lookAgainMs * 1.5, 5 * this.#patience.lookAgainMs)
          : this.#patience.lookAgainMs;
        if (watch.silentMs < silentWatchMs) {
          return seen;
        }
        let read: Deployment | undefined = seen;
        await this.#orKeepTrying(async () => {
          read = await this.#read();
          watch.noteRead();
        });
        return read;
      }
      if (this.#unconfirmed && (await this.#isConfirmed(seen))) {
        return seen;
      }
    }
  }

  /** Nothing during the rollout; once it is over, whether and why it failed. */
  async #judge(
    deployment: Deployment,
  ): Promise<{ failed: string | undefined } | undefined> {
    const status = rolloutStatus(deployment, this.#since);
    const [allPods, confirmed] = await Promise.all([
      this.#podsOf(deployment, status.done),
      status.done && this.#isConfirmed(deployment),
    ]);
    const pods = podsOfNewestTemplate(deployment, allPods);
    this.#rememberRestarts(pods);
    const { container } = this.#options;
    const problems = podProblems(pods, container, this.#restartsBefore);
    const complete = status.done && !problems.length;
    this.#unconfirmed = complete && !confirmed;
    const waiting = [
      ...(status.done
        ? []
        : [
            ...waitingReasons(pods, container),
            ...whyReplaced(allPods, wholeSecond(this.#since)),
          ]),
      ...(this.#unconfirmed ? ['an answer from the gateway'] : []),
    ];
    this.#report(
      waiting.length
        ? `${status.line}; waiting: ${waiting.join(', ')}`
        : status.line,
    );
    this.#lastProblem = problems[0];
    // Evaluates each problem, so that the patience with all of them starts now.
    const [hopeless] = problems.filter(
      problem =>
        this.#isHopeless(problem) && !this.#isTriedAgain(problem, pods),
    );
    if (hopeless) {
      return { failed: await explainPodProblem(this.#options, hopeless) };
    }
    const failed = status.failed ?? this.#refusedForLong(status);
    if (failed) {
      return {
        failed: this.#lastProblem
          ? `${failed}; ${await this.lastWords()}`
          : failed,
      };
    }
    return complete && !this.#unconfirmed ? { failed: undefined } : undefined;
  }

  #isCalm(): boolean {
    return this.#lastProblem === undefined && this.#refusedSince === undefined;
  }

  #refusedForLong({ refused }: RolloutStatus): string | undefined {
    this.#refusedSince = refused ? this.#refusedSince ?? Date.now() : undefined;
    return this.#refusedSince !== undefined &&
      Date.now() - this.#refusedSince >= this.#patience.refusedMs
      ? refused
      : undefined;
  }

  async #isConfirmed(deployment: Deployment): Promise<boolean> {
    const { confirm } = this.#options;
    if (!confirm || this.#confirmedIn === deployment) {
      return true;
    }
    const confirmed = await confirm(this.#signal).catch(() => false);
    this.#signal.throwIfAborted();
    if (confirmed) {
      this.#confirmedIn = deployment;
    }
    return confirmed;
  }

  /**
   * The restarts of a pod from before the change do not count; those of a new one do. In a rollout that began before, the
   * restart that its container waits for does not count either.
   */
  #rememberRestarts(pods: Pod[]): void {
    const { container, begun } = this.#options;
    for (const pod of pods) {
      const uid = uidOf(pod);
      const isOld = begun
        ? !this.#looked
        : createdAt(pod) < wholeSecond(this.#since);
      if (isOld && !this.#restartsBefore.has(uid)) {
        this.#restartsBefore.set(
          uid,
          begun ? timesEnded(pod, container) : restartsOf(pod, container),
        );
      }
    }
    this.#looked = true;
  }

  /** Whether its container has not ended again since the call. */
  #isTriedAgain({ uid, ended }: PodProblem, pods: Pod[]): boolean {
    const { begun, container } = this.#options;
    const pod = pods.find(one => uidOf(one) === uid);
    return (
      begun === true &&
      ended &&
      pod !== undefined &&
      timesEnded(pod, container) <= (this.#restartsBefore.get(uid) ?? -1)
    );
  }

  #isHopeless(problem: PodProblem): boolean {
    const { createMs, pullMs } = this.#patience;
    const patienceMs = { none: 0, create: createMs, pull: pullMs };
    const key = `${problem.uid} ${problem.patience}`;
    const first = this.#firstSeen.get(key) ?? Date.now();
    this.#firstSeen.set(key, first);
    return Date.now() - first >= patienceMs[problem.patience];
  }

  async #read(): Promise<Deployment | undefined> {
    const { client, namespace, deployment: name } = this.#options;
    const read = await client.get('Deployment', namespace, name, {
      signal: this.#signal,
    });
    this.#isDown = false;
    return read;
  }

  async #podsOf(deployment: Deployment, isDone: boolean): Promise<Pod[]> {
    const labelSelector = labelSelectorOf(deployment);
    if (!labelSelector) {
      return [];
    }
    const { client, namespace } = this.#options;
    try {
      const { items } = await client.list(
        'Pod',
        namespace,
        { labelSelector },
        { signal: this.#signal },
      );
      this.#isDown = false;
      this.#podsHidden = false;
      this.#listsFailed = 0;
      return items;
    } catch (error) {
      this.#signal.throwIfAborted();
      const isForbidden = KubernetesForbiddenError.is(error);
      this.#listsFailed += Number(isDone);
      // Then the status of the Deployment and an answer of the gateway suffice.
      if (
        !ServiceUnavailableError.is(error) ||
        (!isForbidden && this.#listsFailed < LIST_TRIES)
      ) {
        throw error;
      }
      this.#isDown = false;
      if (!this.#podsHidden) {
        this.#podsHidden = true;
        this.#report(
          isForbidden
            ? 'listing the pods is not permitted, so a container that crashes goes unnoticed: grant "list" on pods'
            : `the pods cannot be listed, so a container that crashes goes unnoticed: ${error.message}`,
        );
      }
      return [];
    }
  }

  /** Retries until the deadline while the cluster does not answer, for example while its API server restarts. */
  async #orKeepTrying<T>(run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!ServiceUnavailableError.is(error)) {
        throw error;
      }
      const line = `the cluster does not answer: ${error.message}`;
      if (this.#isDown) {
        // The next attempts fail in other ways, which is no news.
        this.#lastLine = line;
      }
      this.#report(line);
      this.#isDown = true;
      return undefined;
    }
  }

  #report(line: string): void {
    if (line !== this.#lastLine && !this.#isDown) {
      this.#lastLine = line;
      this.#options.onProgress(this.#options.redact(line));
    }
  }
}

/**
 * Waits until a Deployment runs its newest template: by kubectl's rule for the Deployment, and with no container of its new
 * pods ended since. Follows a watch, so it returns as soon as the cluster reports the end. Requires `get`, and ideally
 * `watch`, on the Deployment and `list` on pods.
 *
 * @throws the signal's reason when the caller aborts
 * @throws ServiceUnavailableError when the Deployment cannot be read at the start
 * @public
 */
export async function waitForRollout(
  options: WaitForRolloutOptions,
): Promise<RolloutResult> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const ended = new AbortController();
  const signal = AbortSignal.any([
    deadline,
    ended.signal,
    ...(options.signal ? [options.signal] : []),
  ]);
  const observer = new RolloutObserver(options, signal);
  try {
    const reason = await observer.untilDone();
    return reason === undefined
      ? { ok: true }
      : { ok: false, reason: options.redact(reason) };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!deadline.aborted) {
      throw error;
    }
    return {
      ok: false,
      reason: options.redact(
        `not complete within ${
          options.timeoutMs / 1000
        } s: ${await observer.lastWords()}`,
      ),
    };
  } finally {
    ended.abort();
  }
}

function uidOf({ metadata: { uid, name } }: Pod): string {
  return uid ?? name;
}

function restartsOf(pod: Pod, container: string): number {
  const status = pod.status?.containerStatuses?.find(
    one => one.name === container,
  );
  return status?.restartCount ?? 0;
}
