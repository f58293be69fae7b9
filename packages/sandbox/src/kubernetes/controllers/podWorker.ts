import { randomUUID } from 'node:crypto';
import { computeEnvironment } from '../environment';
import { configMaps, pods, secrets } from '../resources';
import {
  ContainerExit,
  ContainerRuntime,
  exitingContainer,
  RunningContainer,
} from '../runtime';
import { kubernetesTime } from '../time';
import {
  ConfigMap,
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  Secret,
  TerminatedState,
} from '../types';
import { ControlPlane } from './deploymentController';

const component = 'kubelet';

/** One container of a pod, from waiting to running to crashed and again. @internal */
export class ContainerWorker {
  private running: RunningContainer | undefined;
  private state: ContainerState = { waiting: { reason: 'ContainerCreating' } };
  private lastState: ContainerState = {};
  private ready = false;
  private exits = 0;
  private restartCount = 0;
  private containerId = '';
  private startedAt = '';
  private previousLogs: string[] | undefined;
  private finishedLogs: string[] | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly plane: ControlPlane,
    private readonly runtime: ContainerRuntime,
    private readonly pod: Pod,
    private readonly container: Container,
    private readonly changed: () => void,
  ) {}

  get name(): string {
    return this.container.name;
  }

  status(): ContainerStatus {
    return {
      name: this.container.name,
      image: this.container.image,
      imageID: this.containerId ? `sandbox://${this.container.image}` : '',
      ...(this.containerId
        ? { containerID: `sandbox://${this.containerId}` }
        : {}),
      ready: this.ready,
      started: this.state.running !== undefined,
      restartCount: this.restartCount,
      state: this.state,
      lastState: this.lastState,
    };
  }

  /** Undefined where there is nothing to read yet. */
  logs(previous: boolean): string[] | undefined {
    if (previous) {
      return this.previousLogs;
    }
    return this.running?.logs() ?? this.finishedLogs;
  }

  get waitingReason(): string | undefined {
    return this.state.waiting?.reason;
  }

  start(): void {
    const failure = this.plane.failures.failureOf(this.replicaSetUid());
    if (failure === 'image-pull') {
      this.failPull(1);
      return;
    }
    this.record(
      'Normal',
      'Pulled',
      `Container image "${this.container.image}" already present on machine`,
    );
    this.create();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    if (this.running) {
      this.running.stop();
      this.running = undefined;
      this.ready = false;
      this.state = {
        terminated: {
          exitCode: 0,
          reason: 'Completed',
          startedAt: this.startedAt,
          finishedAt: kubernetesTime(),
          containerID: `sandbox://${this.containerId}`,
        },
      };
    }
  }

  private replicaSetUid(): string | undefined {
    return this.pod.metadata.ownerReferences?.find(owner => owner.controller)
      ?.uid;
  }

  private record(
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void {
    this.plane.events.record(this.pod, type, reason, message, component);
  }

  private wait(reason: string, message?: string): void {
    this.ready = false;
    this.state = { waiting: { reason, ...(message ? { message } : {}) } };
    this.changed();
  }

  private later(delayMs: number, action: () => void): void {
    this.timer = setTimeout(() => {
      if (!this.stopped) {
        action();
      }
    }, delayMs);
  }

  private failPull(attempt: number): void {
    const { image } = this.container;
    const message = `failed to pull and unpack image "${image}": not found`;
    this.record(
      'Warning',
      'Failed',
      `Failed to pull image "${image}": ${message}`,
    );
    this.wait('ErrImagePull', message);
    this.later(this.plane.rolloutDelayMs * 0.5, () => {
      this.record('Normal', 'BackOff', `Back-off pulling image "${image}"`);
      this.wait(
        'ImagePullBackOff',
        `Back-off pulling image "${image}": ErrImagePull: ${message}`,
      );
      this.later(this.backOffMs(attempt), () => this.failPull(attempt + 1));
    });
  }

  /** Real clusters start at ten seconds and stop at five minutes; the ratio is kept, the unit shrinks. */
  private backOffMs(attempt: number): number {
    const unit = this.plane.backOffMs;
    return Math.min(unit * 2 ** (attempt - 1), unit * 30);
  }

  private create(): void {
    const { store } = this.plane;
    const namespace = this.pod.metadata.namespace ?? '';
    const pod =
      store.get<Pod>(pods, namespace, this.pod.metadata.name) ?? this.pod;
    const environment = computeEnvironment(this.container, {
      configMap: name => store.get<ConfigMap>(configMaps, namespace, name),
      secret: name => store.get<Secret>(secrets, namespace, name),
      pod,
    });
    if (!environment.ok) {
      this.record('Warning', 'Failed', `Error: ${environment.message}`);
      this.wait('CreateContainerConfigError', environment.message);
      this.later(Math.max(this.plane.rolloutDelayMs * 0.5, 20), () =>
        this.create(),
      );
      return;
    }
    for (const { source, names } of environment.invalidNames) {
      this.record(
        'Warning',
        'InvalidEnvironmentVariableNames',
        `Keys [${names.join(
          ', ',
        )}] from the EnvFrom source ${namespace}/${source} were skipped since they are considered invalid environment variable names.`,
      );
    }
    this.run(environment.env, namespace);
  }

  private run(env: Record<string, string>, namespace: string): void {
    const hasCrash =
      this.plane.failures.failureOf(this.replicaSetUid()) === 'crash';
    const process = hasCrash
      ? exitingContainer(
          { code: 1 },
          ['sandbox: this rollout was asked to crash'],
          Math.max(this.plane.rolloutDelayMs * 0.1, 10),
        )
      : this.runtime.start({
          namespace,
          pod: this.pod.metadata.name,
          name: this.container.name,
          image: this.container.image,
          env,
        });
    this.running = process;
    this.restartCount = this.exits;
    this.containerId = randomUUID().replace(/-/g, '');
    this.startedAt = kubernetesTime();
    this.state = { running: { startedAt: this.startedAt } };
    // Without a readiness probe a container counts as ready as soon as it runs.
    this.ready = this.container.readinessProbe === undefined;
    this.record(
      'Normal',
      'Started',
      `Started container ${this.container.name}`,
    );
    this.changed();
    process.ready
      .then(() => {
        if (this.running === process && !this.ready) {
          this.ready = true;
          this.changed();
        }
      })
      .catch(() => undefined);
    process.exited
      .then(exit => {
        if (this.running === process && !this.stopped) {
          this.finish(process, exit);
        }
      })
      .catch(() => undefined);
  }

  private finish(process: RunningContainer, exit: ContainerExit): void {
    const terminated = this.describeExit(process, exit);
    this.previousLogs = process.logs();
    this.finishedLogs = process.logs();
    this.running = undefined;
    this.ready = false;
    this.lastState = { terminated };
    this.exits += 1;
    if (this.exits === 1) {
      // The first restart is immediate, so this crash shows only in restartCount and lastState.
      this.state = { terminated };
      this.changed();
      this.later(0, () => this.create());
      return;
    }
    const delay = this.backOffMs(this.exits - 1);
    const message = `back-off ${delay}ms restarting failed container=${this.container.name} pod=${this.pod.metadata.name}_${this.pod.metadata.namespace}(${this.pod.metadata.uid})`;
    this.record('Warning', 'BackOff', message);
    this.wait('CrashLoopBackOff', message);
    this.later(delay, () => this.create());
  }

  private describeExit(
    process: RunningContainer,
    exit: ContainerExit,
  ): TerminatedState {
    const usesLogs =
      this.container.terminationMessagePolicy === 'FallbackToLogsOnError' &&
      exit.code !== 0;
    const message =
      exit.message ??
      (usesLogs ? process.logs().slice(-80).join('\n').slice(-2048) : '');
    return {
      exitCode: exit.code,
      reason: exit.code === 0 ? 'Completed' : 'Error',
      ...(message ? { message } : {}),
      startedAt: this.startedAt,
      finishedAt: kubernetesTime(),
      containerID: `sandbox://${this.containerId}`,
    };
  }
}
