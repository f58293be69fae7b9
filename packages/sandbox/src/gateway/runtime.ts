import type { Express } from 'express';
import {
  ContainerExit,
  ContainerRuntime,
  ContainerSpecification,
  idleContainer,
  RunningContainer,
} from '../kubernetes/runtime';
import { createGatewayApplication } from './application';
import { GatewayDatabase } from './database';
import { GatewayInstance, LogEntry } from './instance';

const fallbackVersion = '1.148.0';

/** @internal */
export interface GatewayRuntimeOptions {
  database: () => GatewayDatabase;
  /** How long a gateway takes to boot before it looks at its provider. */
  bootMs?: number;
}

/** `hoophq/hoop:1.148.0` runs 1.148.0; a moving tag or a digest runs the version this stand-in follows. @internal */
export function versionOfImage(image: string): string {
  return /:(\d+\.\d+\.\d+[^/@]*)$/.exec(image)?.[1] ?? fallbackVersion;
}

/** @internal */
export function isGatewayImage(image: string): boolean {
  return /^(docker\.io\/)?hoophq\/hoop(dev)?([:@]|$)/.test(image);
}

/** The process ends in the middle of a step, and not by a decision. */
class BootPanic extends Error {}

/** With three slashes at its end, API_URL makes the same route twice. */
function requireRoutes({ API_URL: apiUrl = '' }: Record<string, string>): void {
  if (apiUrl.endsWith('///')) {
    throw new BootPanic(
      "panic: handlers are already registered for path '/.well-known/oauth-authorization-server'",
    );
  }
}

function formatLine(entry: LogEntry): string {
  return JSON.stringify(entry);
}

/** Runs gateways in this process: booted from their environment, ended by its faults. @internal */
export class GatewayRuntime implements ContainerRuntime {
  private readonly serving = new Map<RunningContainer, Express>();

  constructor(private readonly options: GatewayRuntimeOptions) {}

  /** The gateway a request reaches right now. */
  current(): Express | undefined {
    return [...this.serving.values()].pop();
  }

  start(specification: ContainerSpecification): RunningContainer {
    if (!isGatewayImage(specification.image)) {
      return idleContainer(['sandbox: nothing runs in this container']);
    }
    const early: LogEntry[] = [];
    let instance: GatewayInstance | undefined;
    let stopped = false;
    let resolveReady: () => void = () => {};
    let resolveExit: (exit: ContainerExit) => void = () => {};
    const container: RunningContainer = {
      ready: new Promise(resolve => {
        resolveReady = resolve;
      }),
      exited: new Promise(resolve => {
        resolveExit = resolve;
      }),
      logs: () => (instance?.log ?? early).map(formatLine),
      stop: () => {
        stopped = true;
        this.serving.delete(container);
      },
    };
    const fail = (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (instance) {
        instance.write('fatal', message);
      } else {
        early.push({
          timestamp: new Date().toISOString(),
          level: 'fatal',
          message,
        });
      }
      resolveExit({ code: error instanceof BootPanic ? 2 : 1 });
    };
    const boot = async () => {
      await new Promise(resolve => {
        setTimeout(resolve, this.options.bootMs ?? 150);
      });
      if (stopped) {
        return;
      }
      instance = GatewayInstance.create(
        specification.env,
        this.options.database(),
        versionOfImage(specification.image),
      );
      instance.write('info', `starting gateway, version=${instance.version}`);
      await instance.initializeVerifier();
      if (stopped) {
        return;
      }
      requireRoutes(specification.env);
      instance.write(
        'info',
        `gateway ready, auth=${instance.environmentMethod}`,
      );
      this.serving.set(container, createGatewayApplication(instance));
      resolveReady();
    };
    boot().catch(fail);
    return container;
  }
}
