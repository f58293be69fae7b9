import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadClusterConnection } from './clusterAccess';
import { fixture, fixtureData } from '../__testUtils__/fixtures';
import { everythingOf, failureOf } from '../__testUtils__/failure';

const TOKEN = 'tok-1234567890-secret';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubeconfig-field-'));
});

afterAll(() => rm(directory, { recursive: true }));

async function write(text: string, mode = 0o600): Promise<string> {
  const path = join(directory, `config-${Math.random()}`);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

const load = async (text: string, context?: string) =>
  loadClusterConnection({ kubeconfig: await write(text), context });

/** The text of a kubeconfig in which everything is as it should be but what is given. */
function kubeconfig({
  cluster = '',
  user = `    token: ${TOKEN}\n`,
  context = '',
  contexts = '',
  clusters = '',
  users = '',
  head = '',
}: Partial<
  Record<
    'cluster' | 'user' | 'context' | 'contexts' | 'clusters' | 'users' | 'head',
    string
  >
>): string {
  return `${head}apiVersion: v1
kind: Config
current-context: prod
contexts:
- name: prod
  context:
    cluster: prod
    user: deployer
${context}${contexts}clusters:
- name: prod
  cluster:
    server: https://prod.example:6443
${cluster}${clusters}users:
- name: deployer
  user:
${user}${users}preferences: {}
`;
}

/** What a kubeconfig gives. */
const accessOf = async (text: string) => {
  const { server, tls, warnings, headers } = await load(text);
  return { server, tls, warnings, headers: await headers() };
};

const GOOD = {
  server: 'https://prod.example:6443',
  tls: {},
  warnings: [],
  headers: { authorization: `Bearer ${TOKEN}` },
};

describe('Null and empty fields of a kubeconfig mean nothing', () => {
  it.each([
    [
      'certificate-authority: null',
      { cluster: '    certificate-authority: null\n' },
    ],
    [
      'certificate-authority-data: ""',
      { cluster: '    certificate-authority-data: ""\n' },
    ],
    ['tls-server-name: (nothing)', { cluster: '    tls-server-name:\n' }],
    ['proxy-url: ~', { cluster: '    proxy-url: ~\n' }],
    [
      'insecure-skip-tls-verify: null',
      { cluster: '    insecure-skip-tls-verify: null\n' },
    ],
    [
      'username: ""',
      { user: `    token: ${TOKEN}\n    username: ""\n    password: ""\n` },
    ],
    [
      'as: ""',
      {
        user: `    token: ${TOKEN}\n    as: ""\n    as-groups: []\n    as-user-extra: {}\n`,
      },
    ],
    ['exec: null', { user: `    token: ${TOKEN}\n    exec: null\n` }],
    [
      'auth-provider: {}',
      { user: `    token: ${TOKEN}\n    auth-provider: {}\n` },
    ],
    ['tokenFile: " "', { user: `    token: ${TOKEN}\n    tokenFile: " "\n` }],
    [
      'client-key-data: null',
      {
        user: `    token: ${TOKEN}\n    client-certificate-data: null\n    client-key-data: null\n`,
      },
    ],
    [
      'extensions: null',
      { context: '    extensions: null\n    namespace: ""\n' },
    ],
  ])('%s', async (_, odd) => {
    expect(await accessOf(kubeconfig(odd))).toEqual(GOOD);
  });

  it('a context whose user is empty has none', async () => {
    const { headers } = await load(
      kubeconfig({}).replace('user: deployer', 'user: ""'),
    );
    expect(await headers()).toEqual({});
  });
});

describe('Odd entries that the context does not choose spoil nothing', () => {
  it.each([
    [
      'a context of a cluster that is gone',
      { contexts: '- name: old\n  context: {cluster: gone, user: gone}\n' },
    ],
    [
      'a context without anything',
      { contexts: '- name: empty\n  context: null\n- name: bare\n' },
    ],
    ['an entry that is no map', { contexts: '- just a text\n- null\n- []\n' }],
    [
      'an entry without a name',
      { clusters: '- cluster: {server: https://other}\n' },
    ],
    [
      'a cluster of the wrong types',
      {
        clusters:
          '- name: 5\n  cluster: [1, 2]\n- name: x\n  cluster: {server: {a: 1}}\n',
      },
    ],
    [
      'a user with exec',
      { users: '- name: eks\n  user: {exec: {command: aws}}\n' },
    ],
    [
      'a user with a password',
      { users: '- name: old\n  user: {username: a, password: b}\n' },
    ],
    ['a user of the wrong type', { users: '- name: odd\n  user: text\n' }],
    [
      'a key twice in another user',
      { users: '- name: odd\n  user:\n    token: a\n    token: b\n' },
    ],
    [
      'an alias of another user that leads nowhere',
      { users: '- name: odd\n  user: *nowhere\n' },
    ],
    [
      'a merge of a text in another user',
      { users: '- name: odd\n  user: {<<: text}\n' },
    ],
    [
      'another user twice',
      { users: '- name: odd\n  user: {}\n- name: odd\n  user: {}\n' },
    ],
  ])('%s', async (_, odd) => {
    expect(await accessOf(kubeconfig(odd))).toEqual(GOOD);
  });
});

describe('Merge keys and aliases of YAML', () => {
  const head = `x-user: &defaults\n  token: ${TOKEN}\nx-cluster: &cluster\n  server: https://prod.example:6443\n`;

  it.each([
    [
      'a user that merges defaults',
      kubeconfig({ head, user: '    <<: *defaults\n' }),
    ],
    [
      'its own field overrides the merged one',
      kubeconfig({
        head: head.replace(TOKEN, 'older'),
        user: `    <<: *defaults\n    token: ${TOKEN}\n`,
      }),
    ],
    [
      'an alias for all fields',
      kubeconfig({ head }).replace(
        /user:\n {4}token: .*\n/,
        'user: *defaults\n',
      ),
    ],
    [
      'an alias of another entry',
      kubeconfig({
        contexts: '- name: again\n  context: &again {cluster: prod}\n',
      }),
    ],
  ])('%s', async (_, text) => {
    expect(await accessOf(text)).toEqual(GOOD);
  });

  it('a list of merges, of which one brings an unknown field', async () => {
    const { headers, warnings } = await accessOf(
      kubeconfig({ head, user: '    <<: [*defaults, *cluster]\n' }),
    );
    expect(headers).toEqual(GOOD.headers);
    expect(warnings).toEqual([
      expect.stringContaining('the field "server" is unknown'),
    ]);
  });
});

describe('Names and tokens of digits are texts', () => {
  it.each([
    '0123456789',
    '1e3',
    '0x1F',
    '12345678901234567890',
    '1_000',
    '3.10',
  ])('the token %s', async token => {
    const { headers } = await load(
      kubeconfig({ user: `    token: ${token}\n` }),
    );
    expect(await headers()).toEqual({ authorization: `Bearer ${token}` });
  });

  it.each(['2026', '007', '1.20'])('the context %s', async name => {
    const text = kubeconfig({
      contexts: `- name: ${name}\n  context: {cluster: ${name}, user: deployer}\n`,
      clusters: `- name: ${name}\n  cluster: {server: "https://other.example"}\n`,
    });
    expect((await load(text, name)).server).toBe('https://other.example');
    expect(
      (
        await load(
          text.replace('current-context: prod', `current-context: ${name}`),
        )
      ).server,
    ).toBe('https://other.example');
  });
});

describe('Nothing of a chosen entry is dropped silently', () => {
  it.each<[string, Parameters<typeof kubeconfig>[0], RegExp]>([
    [
      'the chosen user twice',
      { users: '- name: deployer\n  user: {token: other}\n' },
      /user of context "prod": expected one entry "deployer", found 2/,
    ],
    [
      'the chosen context twice',
      { contexts: '- name: prod\n  context: {cluster: prod}\n' },
      /context: expected one entry "prod", found 2/,
    ],
    [
      'a field twice',
      { user: `    token: ${TOKEN}\n    token: other\n` },
      /is not valid YAML: DUPLICATE_KEY at line/,
    ],
    [
      'a list twice',
      { head: 'users: []\n' },
      /is not valid YAML: DUPLICATE_KEY at line/,
    ],
    [
      'groups to act as',
      { user: `    token: ${TOKEN}\n    as-groups: [admins]\n` },
      /"as-groups" cannot be used: impersonation/,
    ],
    [
      'a password alone',
      { user: '    password: hunter22\n' },
      /"password" cannot be used/,
    ],
    [
      'an alias that leads nowhere',
      { user: '    <<: *nowhere\n' },
      /user "deployer" can|YAML|expected "deployer", found/,
    ],
    [
      'fields that are a list',
      { user: '  - token\n' },
      /user "deployer": expected a map of fields, found a list/,
    ],
    [
      'a list of contexts that is a map',
      { contexts: '' },
      /contexts: expected a list, found something else/,
    ],
    [
      'a flag that is a text',
      { cluster: '    insecure-skip-tls-verify: "maybe"\n' },
      /cluster "prod": insecure-skip-tls-verify: /,
    ],
  ])('%s is refused', async (what, odd, message) => {
    const text = what.startsWith('a list of contexts')
      ? 'contexts: {a: 1}\nclusters: []\nusers: []\ncurrent-context: a\n'
      : kubeconfig(odd);
    const error = await failureOf(load(text));
    expect(error.name).toBe('InputError');
    expect(error.message).toMatch(message);
    expect(everythingOf(error)).not.toContain(TOKEN);
    expect(everythingOf(error)).not.toContain('hunter22');
  });

  it.each([
    [
      'a mistyped field of the user',
      { user: `    token: ${TOKEN}\n    token-file: /x\n` },
      'user "deployer": the field "token-file" is unknown and has no effect',
    ],
    [
      'a mistyped field of the cluster',
      { cluster: '    ca-file: /x\n' },
      'cluster "prod": the field "ca-file" is unknown',
    ],
    [
      'a mistyped field of the context',
      { context: '    usr: deployer\n' },
      'context "prod": the field "usr" is unknown',
    ],
  ])('%s is warned of', async (_, odd, warning) => {
    const { warnings } = await load(kubeconfig(odd));
    expect(warnings).toEqual([expect.stringContaining(warning)]);
  });
});

describe('Access that is not protected is warned of', () => {
  const inline = kubeconfig({});
  const keyPair = kubeconfig({
    user: `    client-certificate-data: ${fixtureData(
      'client.crt',
    )}\n    client-key: key.pem\n`,
  });

  it.each([
    [
      'a token in a kubeconfig of mode 0644',
      0o644,
      [expect.stringContaining('may read it (mode 0644)')],
    ],
    [
      'a token in a kubeconfig of mode 0604',
      0o604,
      [expect.stringContaining('may read it (mode 0604)')],
    ],
    ['a token in a kubeconfig of mode 0640', 0o640, []],
    ['a token in a kubeconfig of mode 0600', 0o600, []],
  ])('%s', async (_, mode, wanted) => {
    const { warnings } = await loadClusterConnection({
      kubeconfig: await write(inline, mode),
    });
    expect(warnings).toEqual(wanted);
    expect(everythingOf(warnings)).not.toContain(TOKEN);
  });

  it('a token file that everyone may read, in a kubeconfig without a secret', async () => {
    const tokenFile = await write(TOKEN, 0o644);
    const { warnings } = await loadClusterConnection({
      kubeconfig: await write(
        kubeconfig({ user: `    tokenFile: ${tokenFile}\n` }),
        0o644,
      ),
    });
    expect(warnings).toEqual([
      expect.stringContaining(`the tokenFile ${tokenFile} holds a credential`),
    ]);
  });

  it('a client key that everyone may read', async () => {
    await writeFile(join(directory, 'key.pem'), fixture('client.key'));
    await chmod(join(directory, 'key.pem'), 0o644);
    const { warnings } = await load(keyPair);
    expect(warnings).toEqual([
      expect.stringMatching(/the client-key .*key\.pem holds a credential/),
    ]);
  });

  it('a cluster whose certificate is not verified', async () => {
    const { warnings, tls } = await load(
      kubeconfig({ cluster: '    insecure-skip-tls-verify: true\n' }),
    );
    expect(tls).toEqual({ rejectUnauthorized: false });
    expect(warnings).toEqual([
      expect.stringMatching(
        /cluster "prod" has its certificate unverified, .* Name its certificate authority instead\.$/,
      ),
    ]);
  });
});
