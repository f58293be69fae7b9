import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadClusterConnection } from './clusterAccess';
import { everythingOf, failureOf } from '../__testUtils__/failure';

const TOKEN = 'k8s-aws-v1.tok-1234567890-secret';
const V1 = 'client.authentication.k8s.io/v1';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exec-field-'));
});

afterEach(() => rm(directory, { recursive: true }));

const credential = (status: object, apiVersion = V1) =>
  JSON.stringify({ kind: 'ExecCredential', apiVersion, status });

const tokenFor = (ms: number, token = TOKEN) =>
  credential({ token, expirationTimestamp: new Date(Date.now() + ms) });

const prints = (output: string) => writeFile(join(directory, 'output'), output);

/** A program that notes each of its runs, and prints what is in a file. */
async function program(output: string, more = ''): Promise<string> {
  const path = join(directory, 'plugin');
  await prints(output);
  await writeFile(
    path,
    `#!/bin/sh\ncd ${directory}\necho run >> runs\n/usr/bin/env > environment\necho "$# $*" > arguments\n${more}\ncat output\n`,
  );
  await chmod(path, 0o755);
  return path;
}

const read = (name: string) => readFile(join(directory, name), 'utf8');
const runs = async () => (await read('runs')).trim().split('\n').length;

async function load(exec: object, more: object = {}, cluster: object = {}) {
  const path = join(directory, 'kubeconfig');
  await writeFile(
    path,
    stringify({
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      clusters: [
        { name: 'c', cluster: { server: 'https://one.example', ...cluster } },
      ],
      users: [
        {
          name: 'u',
          user: { exec: { apiVersion: V1, command: 'x', ...exec } },
        },
      ],
    }),
  );
  return loadClusterConnection(
    { kubeconfig: path, allowExec: true, ...more },
    {
      env: {
        PATH: '/usr/bin:/bin',
        HOME: '/home/backend',
        AUTHENTIK_TOKEN: 'not-for-programs',
        AWS_PROFILE: 'production',
      },
    },
  );
}

describe('A program of a kubeconfig gives the token', () => {
  it.each([
    ['aws: v1beta1, no expiry', 'client.authentication.k8s.io/v1beta1', {}],
    [
      'gke-gcloud-auth-plugin: v1beta1, cluster info',
      'client.authentication.k8s.io/v1beta1',
      { provideClusterInfo: true, installHint: 'Install it' },
    ],
    [
      'kubelogin: v1, arguments, null env',
      V1,
      {
        args: ['get-token', '--login', 'msi'],
        env: null,
        interactiveMode: 'IfAvailable',
      },
    ],
    ['rancher: v1, interactiveMode Never', V1, { interactiveMode: 'Never' }],
  ])('%s', async (_, apiVersion, exec) => {
    const command = await program(credential({ token: TOKEN }, apiVersion));
    const { headers } = await load({ apiVersion, command, ...exec });
    expect(await headers()).toEqual({ authorization: `Bearer ${TOKEN}` });
  });

  it('a command with a slash is beside the kubeconfig', async () => {
    await program(credential({ token: TOKEN }));
    const { headers } = await load({ command: './plugin' });
    expect(await headers()).toEqual({ authorization: `Bearer ${TOKEN}` });
  });
});

describe('A program runs without a shell and with few variables', () => {
  it('arguments are passed as they are', async () => {
    const command = await program(credential({ token: TOKEN }));
    await load({ command, args: ['$(id)', '; rm -rf x', '*'] });
    expect(await read('arguments')).toBe('3 $(id) ; rm -rf x *\n');
  });

  it('a command with arguments in it is no command', async () => {
    const command = await program(credential({ token: TOKEN }));
    const error = await failureOf(load({ command: `${command} --flag` }));
    expect(error.message).toContain('was not found in the PATH');
  });

  it('secrets of the backend are not visible', async () => {
    const command = await program(credential({ token: TOKEN }));
    await load(
      {
        command,
        env: [{ name: 'FROM_KUBECONFIG', value: 'yes' }],
        provideClusterInfo: true,
      },
      { execEnvironment: ['AWS_PROFILE'] },
      {
        'tls-server-name': 'name',
        extensions: [
          {
            name: 'client.authentication.k8s.io/exec',
            extension: { audience: 'a' },
          },
        ],
      },
    );
    const variables = Object.fromEntries(
      (await read('environment'))
        .trim()
        .split('\n')
        .map(line => line.split(/=(.*)/s)),
    );
    const {
      KUBERNETES_EXEC_INFO,
      PWD: _,
      OLDPWD: __,
      SHLVL: ___,
      _: ____,
      ...others
    } = variables;
    expect(others).toEqual({
      PATH: '/usr/bin:/bin',
      HOME: '/home/backend',
      AWS_PROFILE: 'production',
      FROM_KUBECONFIG: 'yes',
    });
    expect(JSON.parse(KUBERNETES_EXEC_INFO)).toEqual({
      kind: 'ExecCredential',
      apiVersion: V1,
      spec: {
        interactive: false,
        cluster: {
          server: 'https://one.example',
          'tls-server-name': 'name',
          config: { audience: 'a' },
        },
      },
    });
  });

  it('no input to wait for', async () => {
    const command = await program(credential({ token: TOKEN }), 'cat > input');
    await load({ command });
    expect(await read('input')).toBe('');
  });
});

describe('A credential is kept until it expires', () => {
  it('many requests, one run', async () => {
    const command = await program(tokenFor(3_600_000));
    const { headers } = await load({ command });
    await Promise.all([headers(), headers(), headers()]);
    expect(await runs()).toBe(1);
  });

  it('one that expires is renewed', async () => {
    const command = await program(tokenFor(300));
    const { headers } = await load({ command });
    await prints(tokenFor(3_600_000, 'renewed'));
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(await headers()).toEqual({ authorization: 'Bearer renewed' });
    expect(await runs()).toBe(2);
  });

  it('one without an expiry is kept until the cluster refuses it', async () => {
    const command = await program(credential({ token: TOKEN }));
    const { headers, forget } = await load({ command });
    await headers();
    expect(await runs()).toBe(1);
    expect(forget?.()).toBe(true);
    expect(forget?.()).toBe(false);
    await headers();
    expect(await runs()).toBe(2);
  });

  it('a failure is not repeated for each request', async () => {
    const command = await program(tokenFor(100));
    const { headers } = await load({ command });
    await prints('nothing');
    await new Promise(resolve => setTimeout(resolve, 110));
    for (const _ of [1, 2, 3]) {
      await failureOf(headers());
    }
    expect(await runs()).toBe(2);
  });
});

describe('What a program prints is never shown', () => {
  it.each<[string, string, string, RegExp]>([
    ['a text', `the token is ${TOKEN}`, '', /is not an ExecCredential/],
    [
      'another document',
      JSON.stringify({ kind: 'Secret', token: TOKEN }),
      '',
      /is not an ExecCredential/,
    ],
    [
      'no status',
      JSON.stringify({ kind: 'ExecCredential', apiVersion: V1 }),
      '',
      /is not an ExecCredential/,
    ],
    ['no token', credential({}), '', /without a token/],
    [
      'a token of two words',
      credential({ token: `${TOKEN} x` }),
      '',
      /more than one word/,
    ],
    [
      'a header in the token',
      credential({ token: `${TOKEN}\r\nX-Other: 1` }),
      '',
      /more than one word/,
    ],
    [
      'another apiVersion',
      credential({ token: TOKEN }, 'client.authentication.k8s.io/v1beta1'),
      '',
      /another apiVersion/,
    ],
    [
      'an expired token',
      credential({ token: TOKEN, expirationTimestamp: '2001-01-01T00:00:00Z' }),
      '',
      /expired already/,
    ],
    [
      'an expiry that is no time',
      credential({ token: TOKEN, expirationTimestamp: 'soon' }),
      '',
      /not a time/,
    ],
    [
      'a client certificate',
      credential({ clientCertificateData: TOKEN, clientKeyData: TOKEN }),
      '',
      /client certificate, which is supported only in the kubeconfig itself/,
    ],
    [
      'an exit code and words',
      '',
      `echo ${TOKEN}; echo ${TOKEN} >&2; exit 3`,
      /ended with exit code 3/,
    ],
    [
      'a signal',
      '',
      `echo ${TOKEN} >&2; kill -TERM $$`,
      /was ended by SIGTERM/,
    ],
    ['more than 1 MB', '', `head -c 1100000 /dev/zero`, /more than 1 MB/],
  ])('%s', async (_, output, more, message) => {
    const command = await program(output, more);
    const error = await failureOf(load({ command, args: [TOKEN] }));
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/user "u": exec: the command ".*plugin" /);
    expect(error.message).toContain(
      'Run the command of the kubeconfig by hand',
    );
    expect(everythingOf(error)).not.toContain(TOKEN);
  });
});

describe('A program that cannot be run is refused', () => {
  it.each<[string, object, object, RegExp]>([
    [
      'without allowExec',
      {},
      { allowExec: false },
      /"exec" is not allowed: .*"allowExec: true"/,
    ],
    [
      'allowExec left out',
      {},
      { allowExec: undefined },
      /"exec" is not allowed/,
    ],
    ['no command', { command: '' }, {}, /expected a "command", found nothing/],
    [
      'v1alpha1 of an old aws',
      { apiVersion: 'client.authentication.k8s.io/v1alpha1' },
      {},
      /found "client\.authentication\.k8s\.io\/v1alpha1"; create the kubeconfig again/,
    ],
    [
      'no apiVersion',
      { apiVersion: null },
      {},
      /expected the apiVersion .* found none/,
    ],
    [
      'a person at a terminal',
      { interactiveMode: 'Always' },
      {},
      /interactiveMode "Always"/,
    ],
    [
      'a program that is missing',
      { command: 'no-such-program' },
      {},
      /was not found in the PATH of the backend/,
    ],
    [
      'a file that is no program',
      { command: './kubeconfig' },
      {},
      /may not be executed/,
    ],
    [
      'arguments that are a text',
      { args: 'token' },
      {},
      /user "u": exec\.args: /,
    ],
  ])('%s', async (_, exec, more, message) => {
    const error = await failureOf(load(exec, more));
    expect(error.message).toMatch(message);
  });
});
