import { spawn } from 'node:child_process';
import { appendFileSync, createWriteStream, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { endGroup, lastLines, type Shell } from './shell';

/** A portal that was started. */
export interface RunningPortal {
  url: string;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 180_000;

/**
 * Starts the backend of a portal as its owner does, but without the development server of the frontend: the backend serves the built
 * one.
 *
 * @throws Error with the end of its log when it does not become ready
 */
export async function startPortal(
  portal: string,
  url: string,
  shell: Shell,
): Promise<RunningPortal> {
  const logFile = `${shell.logFile}.backend`;
  const log = createWriteStream(logFile, { flags: 'w' });
  const child = spawn('yarn', ['start', 'backend'], {
    cwd: portal,
    env: shell.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<void>(done => child.once('close', () => done()));
  const stop = async () => {
    endGroup(child.pid, 'SIGTERM');
    const timer = setTimeout(() => endGroup(child.pid), 10_000);
    await ended;
    clearTimeout(timer);
    endGroup(child.pid);
    log.end();
    appendFileSync(shell.logFile, readFileSync(logFile));
  };
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(
        `The backend did not become ready. The end of its log:\n${lastLines(
          readFileSync(logFile, 'utf8')
            .split('\n')
            .filter(line => !line.includes('incomingRequest'))
            .join('\n'),
        )}`,
      );
    }
    await sleep(500);
  }
  return { url, stop };
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/.backstage/health/v1/readiness`).then(
    response => response.ok,
    () => false,
  );
}
