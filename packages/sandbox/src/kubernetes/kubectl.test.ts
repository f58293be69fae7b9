import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeKubeconfig } from '../kubeconfig';
import {
  base64,
  configMap,
  configMapsPath,
  KubernetesHarness,
  secret,
} from '../testing/kubernetesHarness';
import { isRolledOut, webDeployment } from '../testing/webDeployment';

const run = promisify(execFile);

/** kubectl is an independent reading of the API: what it accepts was not written by the author of the stand-in. */
const hasKubectl =
  spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status ===
  0;

/** Without kubectl the suite stays visible as an open item, with a notice that says why. */
const describeWithKubectl: (title: string, body: () => void) => void =
  hasKubectl
    ? describe
    : () =>
        describe('kubectl', () => {
          it.todo('agrees with the stand-in (kubectl is not installed here)');
        });

if (!hasKubectl) {
  process.stderr.write(
    'NOTICE: kubectl is not installed, the Kubernetes stand-in is not checked against it.\n',
  );
}

let cluster: KubernetesHarness;
let directory: string;
let kubeconfig: string;

beforeAll(async () => {
  // Long enough for kubectl to start and find a rollout under way, on a busy machine as well.
  cluster = await KubernetesHarness.start({ rolloutDelayMs: 1_000 });
  directory = await mkdtemp(join(tmpdir(), 'sandbox-kubectl-'));
  kubeconfig = await writeKubeconfig(directory, {
    ...cluster.kubernetes,
    namespace: 'demo',
  });
});
afterAll(async () => {
  await cluster.close();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(() => cluster.reset());

function connection(): string[] {
  return ['--kubeconfig', kubeconfig, '--cache-dir', join(directory, 'cache')];
}

/** kubectl runs beside the server in this process, so it must not block it. */
async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await run('kubectl', [...connection(), ...args]);
  return stdout.trim();
}

async function refused(...args: string[]): Promise<string> {
  try {
    await kubectl(...args);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error(`kubectl ${args.join(' ')} was expected to fail`);
}

async function manifest(object: unknown): Promise<string> {
  const path = join(directory, 'manifest.json');
  await writeFile(path, JSON.stringify(object));
  return path;
}

function inDemo<T extends { metadata: object }>(object: T) {
  return { ...object, metadata: { ...object.metadata, namespace: 'demo' } };
}

async function deployWeb(): Promise<void> {
  const path = await manifest(inDemo(webDeployment()));
  await kubectl('create', '--validate=false', '-f', path);
  await kubectl('rollout', 'status', 'deploy/web', '--timeout=10s');
}

const settings = inDemo(configMap('settings', { A: '1' }));

describeWithKubectl('kubectl', () => {
  jest.setTimeout(30_000);

  it('resolves short names and reads objects', async () => {
    await kubectl('create', '--validate=false', '-f', await manifest(settings));
    expect(await kubectl('get', 'cm', '-o', 'name')).toBe('configmap/settings');
    expect(
      await kubectl('get', 'cm', 'settings', '-o', 'jsonpath={.data.A}'),
    ).toBe('1');
    expect(await refused('get', 'cm', 'none')).toContain(
      'Error from server (NotFound): configmaps "none" not found',
    );
  });

  it('patches and notices a no-op', async () => {
    await kubectl('create', '--validate=false', '-f', await manifest(settings));
    const patch = (type: string, body: unknown) =>
      kubectl(
        'patch',
        'cm',
        'settings',
        `--type=${type}`,
        '-p',
        JSON.stringify(body),
      );
    expect(await patch('merge', { data: { B: '2' } })).toBe(
      'configmap/settings patched',
    );
    expect(await patch('merge', { data: { B: '2' } })).toBe(
      'configmap/settings patched (no change)',
    );
    await patch('strategic', { data: { C: '3' } });
    const { body } = await cluster.get(`${configMapsPath}/settings`);
    expect(body.data).toEqual({ A: '1', B: '2', C: '3' });
  });

  it('applies on the client side', async () => {
    const apply = async (data: Record<string, string>) =>
      kubectl(
        'apply',
        '--validate=false',
        '-f',
        await manifest({ ...settings, data }),
      );
    expect(await apply({ A: '1', B: '2' })).toBe('configmap/settings created');
    expect(await apply({ A: '1' })).toBe('configmap/settings configured');
    expect(await apply({ A: '1' })).toBe('configmap/settings unchanged');
    const { body } = await cluster.get(`${configMapsPath}/settings`);
    expect(body.data).toEqual({ A: '1' });
  });

  it('reads by name what is not simulated', async () => {
    const path = await manifest(settings);
    await kubectl('create', '--validate=false', '-f', path);
    expect(
      await refused('apply', '--server-side', '--validate=false', '-f', path),
    ).toContain('Not simulated by the sandbox: server-side apply');
    expect(
      await refused('patch', 'cm', 'settings', '--type=json', '-p', '[]'),
    ).toContain('Not simulated by the sandbox: JSON patch');
    expect(await refused('create', 'cm', 'other')).toContain(
      'Not simulated by the sandbox: bodies in protobuf',
    );
  });

  it('tries things out on the server without storing them', async () => {
    const path = await manifest(inDemo(secret('s', { A: base64('a') })));
    expect(
      await kubectl(
        'create',
        '--validate=false',
        '--dry-run=server',
        '-f',
        path,
      ),
    ).toBe('secret/s created (server dry run)');
    expect(await kubectl('get', 'secrets', '-o', 'name')).toBe('');
  });

  it('follows a rollout and restarts', async () => {
    await deployWeb();
    await kubectl('rollout', 'restart', 'deploy/web');
    const status = await kubectl(
      'rollout',
      'status',
      'deploy/web',
      '--timeout=10s',
    );
    expect(status).toContain('Waiting for deployment');
    expect(status).toContain('deployment "web" successfully rolled out');
    const before = await cluster.deployment();
    expect(
      before.spec.template.metadata?.annotations?.[
        'kubectl.kubernetes.io/restartedAt'
      ],
    ).toBeDefined();
    expect(await kubectl('rollout', 'history', 'deploy/web')).toMatch(
      /^1\s+<none>\n2\s+<none>$/m,
    );
  });

  it('sees a rollout fail at its deadline', async () => {
    await deployWeb();
    cluster.kubernetes.failRollouts('image-pull', 1);
    await kubectl(
      'patch',
      'deploy',
      'web',
      '-p',
      '{"spec":{"progressDeadlineSeconds":1}}',
    );
    await kubectl('rollout', 'restart', 'deploy/web');
    expect(
      await refused('rollout', 'status', 'deploy/web', '--timeout=15s'),
    ).toContain('exceeded its progress deadline');
  });

  it('refuses to restart what is paused, and resumes it', async () => {
    await deployWeb();
    await kubectl('rollout', 'pause', 'deploy/web');
    expect(await refused('rollout', 'restart', 'deploy/web')).toContain(
      'paused',
    );
    await kubectl('rollout', 'resume', 'deploy/web');
    await cluster.until(() => cluster.deployment(), isRolledOut);
  });

  it('sets variables and waits for a condition', async () => {
    await deployWeb();
    await kubectl('set', 'env', 'deploy/web', 'A=1');
    await kubectl('rollout', 'status', 'deploy/web', '--timeout=10s');
    await kubectl(
      'wait',
      '--for=condition=Available',
      'deploy/web',
      '--timeout=10s',
    );
    expect(cluster.runtime.last().specification.env).toEqual({ A: '1' });
  });

  it('watches an object until it is told to stop', async () => {
    await deployWeb();
    const watching = spawn('kubectl', [
      ...connection(),
      'get',
      'deploy',
      'web',
      '--watch',
      '--output-watch-events',
      '-o',
      'jsonpath={.type} {.object.metadata.generation}{"\\n"}',
    ]);
    let output = '';
    watching.stdout.on('data', chunk => {
      output += String(chunk);
    });
    const shown = (text: string) =>
      cluster.until(
        async () => output,
        lines => lines.includes(text),
        20_000,
      );
    await shown('ADDED 1\n');
    await kubectl('patch', 'deploy', 'web', '-p', '{"spec":{"replicas":0}}');
    await shown('MODIFIED 2\n');
    watching.kill();
    expect(output.startsWith('ADDED 1\n')).toBe(true);
  });

  it('describes, reads logs and deletes', async () => {
    cluster.runtime.onStart = container => container.print('hello');
    await deployWeb();
    expect(await kubectl('logs', 'deploy/web')).toBe('hello');
    const description = await kubectl('describe', 'deploy', 'web');
    expect(description).toMatch(
      /NewReplicaSet:\s+web-\w+ \(1\/1 replicas created\)/,
    );
    expect(description).toContain('ScalingReplicaSet');
    expect(await kubectl('delete', 'deploy', 'web', '--timeout=10s')).toContain(
      'deleted',
    );
    await cluster.until(
      () => cluster.pods(),
      pods => pods.length === 0,
    );
  });

  it('makes a Secret of exact bytes', async () => {
    const path = join(directory, 'value');
    await writeFile(path, 'bytes \u00e4\n');
    const made = await kubectl(
      'create',
      'secret',
      'generic',
      's',
      `--from-file=A=${path}`,
      '--from-literal=B=',
    );
    expect(made).toBe('secret/s created');
    const { body } = await cluster.get('/api/v1/namespaces/demo/secrets/s');
    expect(body).toMatchObject({
      type: 'Opaque',
      data: { A: base64('bytes \u00e4\n'), B: '' },
    });
  });

  it('asks what it may do, and what others may', async () => {
    const ask = (...args: string[]) =>
      kubectl('auth', 'can-i', 'patch', 'secret/one', ...args);
    expect(await ask()).toBe('yes');
    const account = 'system:serviceaccount:backstage:backstage';
    await expect(ask('--as', account)).rejects.toMatchObject({
      code: 1,
      stdout: 'no\n',
    });
    const token = 'of-few-rights';
    cluster.kubernetes.addIdentity({
      token,
      user: account,
      rules: [
        {
          apiGroups: [''],
          resources: ['secrets'],
          verbs: ['patch'],
          resourceNames: ['one'],
        },
      ],
    });
    expect(await ask('--as', account)).toBe('yes');
    expect(await ask('--token', token)).toBe('yes');
    expect(
      await refused('get', 'cm', '--token', token, '--as', 'jane'),
    ).toContain(
      'User "system:serviceaccount:backstage:backstage" cannot impersonate-on:user-info:list resource "configmaps"',
    );
  });
});
