/**
 * What runs inside a container of the Kubernetes stand-in.
 */

/** What the runtime is told about the container it starts. @internal */
export interface ContainerSpecification {
  namespace: string;
  pod: string;
  name: string;
  image: string;
  env: Record<string, string>;
}

/** How a container ended. @internal */
export interface ContainerExit {
  code: number;
  /** What the process wrote to its termination log, if anything. */
  message?: string;
}

/** A started container. @internal */
export interface RunningContainer {
  /** Resolves when the process accepts work; stays pending when it never does. */
  readonly ready: Promise<void>;
  /** Resolves when the process ended by itself; stays pending after stop(). */
  readonly exited: Promise<ContainerExit>;
  /** Everything the process printed so far, one entry per line. */
  logs(): string[];
  stop(): void;
}

/** Starts containers; one implementation per image the sandbox knows. @internal */
export interface ContainerRuntime {
  start(container: ContainerSpecification): RunningContainer;
}

/** A container that does nothing but run, for images nobody simulates. @internal */
export function idleContainer(lines: string[] = []): RunningContainer {
  return {
    ready: Promise.resolve(),
    exited: new Promise(() => {}),
    logs: () => [...lines],
    stop: () => {},
  };
}

/** A container that prints its lines and ends at once. @internal */
export function exitingContainer(
  exit: ContainerExit,
  lines: string[],
  afterMs: number,
): RunningContainer {
  let timer: NodeJS.Timeout | undefined;
  return {
    ready: new Promise(() => {}),
    exited: new Promise(resolve => {
      timer = setTimeout(() => resolve(exit), afterMs);
    }),
    logs: () => [...lines],
    stop: () => clearTimeout(timer),
  };
}
