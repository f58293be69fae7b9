import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { closeServer, listen } from './http/server';

jest.setTimeout(60_000);

describe('the command line', () => {
  const command = [
    '--require',
    require.resolve('@backstage/cli/config/nodeTransform.cjs'),
    join(__dirname, 'main.ts'),
  ];
  const environment = {
    ...process.env,
    NODE_OPTIONS: '',
    NODE_ENV: 'development',
  };
  const freePorts = ['authentik', 'kubernetes', 'gateway', 'control'].flatMap(
    system => [`--port-${system}`, '0'],
  );

  function start(...flags: string[]): ChildProcess {
    return spawn(process.execPath, [...command, ...flags], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: environment,
    });
  }

  function firstOutput(child: ChildProcess): Promise<string> {
    return new Promise(resolve => {
      child.stdout?.once('data', chunk => resolve(String(chunk)));
    });
  }

  function exitCode(child: ChildProcess): Promise<number | null> {
    return new Promise(resolve => {
      child.once('exit', code => resolve(code));
    });
  }

  it('names port and flag when a port is taken', async () => {
    const server = createServer();
    const port = await listen(server, 0);
    const child = start(...freePorts, '--port-gateway', String(port));
    let errors = '';
    child.stderr?.on('data', chunk => {
      errors += String(chunk);
    });
    expect(await exitCode(child)).toBe(2);
    expect(errors).toContain(`Port ${port}, meant for gateway`);
    expect(errors).toContain('--port-gateway');
    await closeServer(server);
  });

  it('prints what people need and stops on SIGTERM', async () => {
    const child = start(...freePorts);
    const output = await firstOutput(child);
    expect(output).toContain(
      'stand-ins on loopback; every credential below is throwaway',
    );
    expect(output).toMatch(/kubeconfig\s+\S+/);
    expect(output).toContain('jane / jane-demo-password');
    for (const variable of [
      /^ {2}export AUTHENTIK_URL='http:\/\/[^']+'$/m,
      /^ {2}export AUTHENTIK_TOKEN='[^']+'$/m,
      /^ {2}export HOOP_URL='http:\/\/[^']+'$/m,
      /^ {2}export KUBECONFIG='[^']+'$/m,
    ]) {
      expect(output).toMatch(variable);
    }
    const exited = exitCode(child);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  });

  it('ends with its parent when asked to', async () => {
    const child = start(...freePorts, '--json', '--exit-with-parent');
    expect(JSON.parse(await firstOutput(child)).sandbox).toBe(true);
    const exited = exitCode(child);
    child.stdin?.end();
    expect(await exited).toBe(0);
  });

  it('refuses what it does not understand', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [...command, '--port-gateway', 'many'],
      { env: environment, encoding: 'utf8' },
    );
    expect(status).toBe(1);
    expect(stderr).toContain('--port-gateway needs a number, got many');
  });
});
