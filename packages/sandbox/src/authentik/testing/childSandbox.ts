import { spawn } from 'node:child_process';
import type { AuthentikSandboxOptions } from '../types';
import type { FixtureRequest } from './fixtures';

/** @internal */
export interface ChildSandbox {
  url: string;
  token: string;
  tokens: { admin: string; leastPrivilege: string; noPermissions: string };
  /** Changes or reads the store; the caller knows what comes back. */
  fixture<T>(request: FixtureRequest): Promise<T>;
  stop(): Promise<void>;
}

/**
 * Starts the stand-in in a process of its own, where oidc-provider can be imported.
 *
 * @internal
 */
export async function startChild(
  options: Pick<AuthentikSandboxOptions, 'version' | 'token' | 'port'>,
): Promise<ChildSandbox> {
  const child = spawn(
    process.execPath,
    [
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      require.resolve('../child.ts'),
      JSON.stringify(options),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Options meant for the test runner must not reach the child.
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
  let errors = '';
  child.stderr?.on('data', chunk => {
    errors += String(chunk);
  });
  const exited = new Promise<void>(resolve => {
    child.once('exit', () => resolve());
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', chunk => {
      text += String(chunk);
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('error', reject);
    exited.then(() => reject(new Error(`the stand-in ended: ${errors}`)));
  });

  let lastId = 0;
  const waiting = new Map<number, (result: unknown) => void>();
  child.on('message', (message: { id: number; result: unknown }) => {
    waiting.get(message.id)?.(message.result);
    waiting.delete(message.id);
  });
  return {
    ...(JSON.parse(line) as Pick<ChildSandbox, 'url' | 'token' | 'tokens'>),
    fixture: <T>(request: FixtureRequest) =>
      new Promise<T>(resolve => {
        lastId += 1;
        waiting.set(lastId, result => resolve(result as T));
        child.send({ ...request, id: lastId });
      }),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
