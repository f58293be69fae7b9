import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import {
  sandboxEnvironment,
  startSandboxProcess,
  type SandboxProcess,
} from 'sandbox';
import { ROOT } from './backendProcess';
import { doctorEnvironment } from './doctorEnvironment';

jest.setTimeout(120_000);

const EXPORTED = {
  AUTHENTIK_URL: 'https://authentik.company',
  AUTHENTIK_TOKEN: 'a-token-of-the-company',
  HOOP_URL: 'https://hoop.company',
  KUBECONFIG: '/etc/backstage/kubeconfig',
};

/** A port that nothing listens on. */
const NOTHING = 'http://127.0.0.1:9';

describe('doctorEnvironment', () => {
  let sandbox: SandboxProcess;

  beforeAll(async () => {
    sandbox = await startSandboxProcess();
  });

  afterAll(async () => {
    await sandbox?.stop();
  });

  it('should keep an environment that names every system', async () => {
    expect(await doctorEnvironment([], EXPORTED, sandbox.control.url)).toEqual({
      env: EXPORTED,
    });
  });

  it('should take all systems from the sandbox when one is missing', async () => {
    const { env, notice, advice } = await doctorEnvironment(
      [],
      { ...EXPORTED, HOOP_URL: '', PATH: '/bin' },
      sandbox.control.url,
    );
    expect(env).toEqual({ PATH: '/bin', ...sandboxEnvironment(sandbox) });
    expect(notice).toContain('not real systems');
    expect(notice).not.toContain(env.AUTHENTIK_TOKEN);
    expect(advice).toBeUndefined();
  });

  it.each([[['--config', 'a.yaml']], [['--config=a.yaml']], [['--help']]])(
    'should leave the environment alone with %j',
    async args => {
      expect(await doctorEnvironment(args, {}, sandbox.control.url)).toEqual({
        env: {},
      });
    },
  );

  it('should name the missing variables when no sandbox runs', async () => {
    const { env, advice } = await doctorEnvironment(
      [],
      { ...EXPORTED, AUTHENTIK_TOKEN: undefined },
      NOTHING,
    );
    expect(env).toMatchObject({ HOOP_URL: EXPORTED.HOOP_URL });
    expect(advice).toContain('app-config.yaml reads AUTHENTIK_TOKEN, not set');
    expect(advice).toContain('npm run sandbox');
  });

  it('should not mistake another server for a sandbox', async () => {
    const server = createServer((_, res) => res.end('{"sandbox":"no"}'));
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { advice } = await doctorEnvironment(
      [],
      {},
      `http://127.0.0.1:${port}`,
    );
    server.close();
    expect(advice).toBeDefined();
  });

  it('should suffice for the doctor and app-config.yaml', async () => {
    const { env } = await doctorEnvironment([], {}, sandbox.control.url);
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        join(ROOT, 'plugins/hoop-authentik-backend/bin/hoop-authentik-doctor'),
        '--json',
      ],
      {
        cwd: ROOT,
        env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: '', ...env },
        encoding: 'utf8',
      },
    );
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 1,
      gateways: [{ name: 'main', integration: { state: 'not-connected' } }],
    });
    expect(status).toBe(1);
  });
});
