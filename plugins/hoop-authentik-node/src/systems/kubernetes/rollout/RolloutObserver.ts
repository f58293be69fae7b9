import { ServiceUnavailableError } from '@backstage/errors';
import { DeploymentWatch } from './deploymentWatch';
import { KubernetesForbiddenError } from '../client/errors';
import { labelSelectorOf } from '../client/labelSelector';
import { explainPodProblem } from './podFailure';
import {
  createdAt,
  PodProblem,
  podProblems,
  podsOfNewestTemplate,
  timesEnded,
  waitingReasons,
} from './podProblems';
import { rolloutStatus, wholeSecond } from './rolloutStatus';
import type { Deployment, KubernetesClient, Pod } from '../types';

/**
 * Between changes of the Deployment its pods are looked at this often: an image that cannot be pulled or a container
 * that crashes after the rollout changes the pods only.
 */
const LOOK_AGAIN_MS = 1_000;

/** How often a complete rollout is asked about that is not confirmed yet. */
const CONFIRM_AGAIN_MS = 25;

/** A watch that still seems to be open is believed this long without a word from it. */
const BELIEVE_WATCH_MS = 10_000;

/** @public */
export interface WaitForRolloutOptions {
  client: KubernetesClient;
  namespace: string;
  deployment: string;
  /** The Deployment as the change has answered it; without it, it is read first. */
  from?: Deployment;
  /** The gateway's container; the others are not judged. */
  container: string;
  timeoutMs: number;
  /** Receives a line each time it differs from the one before. */
  onProgress(line: string): void;
  /** Takes secrets out of texts that come from the cluster: messages and log lines. */
  redact(text: string): string;
  signal?: AbortSignal;
  /**
   * When the change was made, best taken just before the write; by default, now. Restarts of pods that are older, and
   * deadlines missed before, do not count.
   */
  since?: Date;
  /**
   * The rollout has begun before it is followed: what its containers did until now does not count. One that has crashed
   * may have been helped since, and only its next try tells.
   */
  begun?: boolean;
  /**
   * Asked once the Deployment is complete, and again until it says true: does the gateway answer? Meanwhile the pods are
   * still watched. A gateway that ends during its boot is reported as complete for a second or two, because it has no
   * readiness probe; with this the wait ends with the reason in its log instead. A rejection counts as false.
   */
  confirm?(signal: AbortSignal): Promise<boolean>;
}

/**
 * Looks at a Deployment and its pods until the rollout is over, and remembers what it saw.
 *
 * @internal
 */
export class RolloutObserver {
  readonly #options: WaitForRolloutOptions;
  readonly #signal: AbortSignal;
  readonly #since: Date;
  readonly #restartsBefore = new Map<string, number>();
  readonly #firstSeen = new Map<string, number>();
  #looked = false;
  #podsVisible = true;
  #unconfirmed = false;
  /** The version of the Deployment in which the gateway has answered. */
  #confirmedIn: Deployment | undefined;
  #lastLine = 'the cluster has not answered';
  #lastProblem: PodProblem | undefined;

  constructor(options: WaitForRolloutOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#since = options.since ?? new Date();
  }

  /** What was known when time ran out. */
  async lastWords(): Promise<string> {
    return this.#lastProblem
      ? explainPodProblem(this.#options, this.#lastProblem)
      : this.#lastLine;
  }

  /** `undefined` when the rollout is complete, else why it failed. */
  async untilDone(): Promise<string | undefined> {
    const { client, namespace, deployment: name } = this.#options;
    let current = this.#options.from ?? (await this.#read());
    const watch = new DeploymentWatch(client, namespace, name);
    // Ends with the signal, which is aborted when the wait is over; it never rejects.
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
    const lookAgain = Date.now() + LOOK_AGAIN_MS;
    for (;;) {
      const change = await watch.next(
        this.#unconfirmed ? CONFIRM_AGAIN_MS : LOOK_AGAIN_MS,
        this.#signal,
      );
      if (change) {
        return change.deployment;
      }
      if (Date.now() >= lookAgain) {
        if (watch.silentMs < BELIEVE_WATCH_MS) {
          return seen;
        }
        let read: Deployment | undefined = seen;
        await this.#orKeepTrying(async () => {
          read = await this.#read();
        });
        return read;
      }
      if (this.#unconfirmed && (await this.#isConfirmed(seen))) {
        return seen;
      }
    }
  }

  /** Nothing while it goes on; once it is over, whether and why it failed. */
  async #judge(
    deployment: Deployment,
  ): Promise<{ failed: string | undefined } | undefined> {
    const status = rolloutStatus(deployment, this.#since);
    const [allPods, confirmed] = await Promise.all([
      this.#podsOf(deployment),
      status.done && this.#isConfirmed(deployment),
    ]);
    const pods = podsOfNewestTemplate(deployment, allPods);
    this.#rememberRestarts(pods);
    const { container } = this.#options;
    const problems = podProblems(pods, container, this.#restartsBefore);
    const complete = status.done && !problems.length;
    this.#unconfirmed = complete && !confirmed;
    const waiting = [
      ...(status.done ? [] : waitingReasons(pods, container)),
      ...(this.#unconfirmed ? ['an answer of the gateway'] : []),
    ];
    this.#report(
      waiting.length
        ? `${status.line}; waiting: ${waiting.join(', ')}`
        : status.line,
    );
    this.#lastProblem = problems[0];
    // Each is asked, so that the patience with all of them starts now.
    const [hopeless] = problems.filter(
      problem =>
        this.#isHopeless(problem) && !this.#isTriedAgain(problem, pods),
    );
    if (hopeless) {
      return { failed: await explainPodProblem(this.#options, hopeless) };
    }
    if (status.failed) {
      return {
        failed: this.#lastProblem
          ? `${status.failed}; ${await this.lastWords()}`
          : status.failed,
      };
    }
    return complete && !this.#unconfirmed ? { failed: undefined } : undefined;
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
   * A pod from before the change starts with the restarts it had; in a new one each restart counts. Of a rollout that has
   * begun before, the restart that its container waits for has to come as well.
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

  /** Whether its container has not ended again since the rollout is followed. */
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
    const key = `${problem.uid} ${problem.patienceMs}`;
    const first = this.#firstSeen.get(key) ?? Date.now();
    this.#firstSeen.set(key, first);
    return Date.now() - first >= problem.patienceMs;
  }

  async #read(): Promise<Deployment | undefined> {
    const { client, namespace, deployment: name } = this.#options;
    return client.get('Deployment', namespace, name, { signal: this.#signal });
  }

  async #podsOf(deployment: Deployment): Promise<Pod[]> {
    const labelSelector = labelSelectorOf(deployment);
    if (!this.#podsVisible || !labelSelector) {
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
      return items;
    } catch (error) {
      if (!KubernetesForbiddenError.is(error)) {
        throw error;
      }
      this.#podsVisible = false;
      this.#report(
        'the pods may not be listed, so a container that crashes will not be noticed: grant "list" on pods',
      );
      return [];
    }
  }

  /** A cluster that does not answer for a while (an API server that restarts) is asked again until the deadline. */
  async #orKeepTrying<T>(run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!ServiceUnavailableError.is(error)) {
        throw error;
      }
      this.#report(`the cluster does not answer: ${error.message}`);
      return undefined;
    }
  }

  #report(line: string): void {
    if (line !== this.#lastLine) {
      this.#lastLine = line;
      this.#options.onProgress(this.#options.redact(line));
    }
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
