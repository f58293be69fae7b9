import { inspect } from 'node:util';
import { createBackendModule } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import scaffolder from '@backstage/plugin-scaffolder-backend';
import {
  createTemplateAction,
  scaffolderActionsExtensionPoint,
} from '@backstage/plugin-scaffolder-node';
import scaffolderModule from 'backstage-plugin-scaffolder-backend-module-hoop-authentik';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { parse } from 'yaml';
import { startGitForge, type GitForge } from './__testUtils__/gitForge';
import {
  gatewayEntity,
  startPortal,
  templateEntity,
  type Portal,
} from './requests/__testUtils__/portal';

jest.setTimeout(120_000);

const TEMPLATE = 'connect-gateway-gitops';
const BRANCH = 'connect-main-to-authentik';

const databases = TestDatabases.create({
  disableDocker: true,
  ids: ['SQLITE_3'],
});

/**
 * Stands in for the action of `@backstage/plugin-scaffolder-backend-module-github`, which needs more of GitHub's API than
 * the forge has. Pushes with git.
 */
function publishModule(forge: GitForge) {
  const action = createTemplateAction({
    id: 'publish:github:pull-request',
    schema: {
      input: {
        repoUrl: z => z.string(),
        targetBranchName: z => z.string(),
        branchName: z => z.string(),
        title: z => z.string(),
        description: z => z.string(),
        update: z => z.boolean().optional(),
      },
      output: { remoteUrl: z => z.string() },
    },
    async handler({ input, workspacePath, output }) {
      const { number } = await forge.propose({
        directory: workspacePath,
        branch: input.branchName,
        base: input.targetBranchName,
        title: input.title,
        body: input.description,
        update: input.update ?? false,
      });
      output('remoteUrl', `https://github.com/acme/deploy/pull/${number}`);
    },
  });
  return createBackendModule({
    pluginId: 'scaffolder',
    moduleId: 'git-forge',
    register({ registerInit }) {
      registerInit({
        deps: { actions: scaffolderActionsExtensionPoint },
        init: async ({ actions }) => actions.addActions(action),
      });
    },
  });
}

/** The template as it is, through the real scaffolder with its own action that fetches the file. */
describe('the GitOps template', () => {
  let sandbox: SandboxProcess;
  let forge: GitForge;
  let portal: Portal;

  beforeAll(async () => {
    [sandbox, forge] = await Promise.all([
      startSandboxProcess({ rolloutDelayMs: 0 }),
      startGitForge(),
    ]);
    const { authentik, gateway } = sandbox;
    const api = `API_URL: ${gateway.url}`;
    await forge.commit('main', {
      'prod/values.yaml': `# Of the platform team\nconfig:\n  ${api} # public\n  LOG_LEVEL: info\n`,
      'prod/hoop.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: { name: hoop }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: hoop-config }\ndata:\n  ${api}\n`,
      'wrapper.yaml': `hoop-chart:\n  config:\n    ${api}\n`,
    });
    portal = await startPortal({
      config: {
        integrations: {
          github: [
            { host: 'github.com', apiBaseUrl: forge.apiBaseUrl, token: 'any' },
          ],
        },
        hoopAuthentik: {
          authentik: [
            { baseUrl: authentik.url, token: authentik.tokens.leastPrivilege },
          ],
          gateways: ['main', 'second'].map(name => ({
            name,
            url: gateway.url,
            application: `hoop-${name}`,
            target: { type: 'helmValues' },
          })),
        },
      },
      entities: [
        gatewayEntity('hoop', 'main'),
        gatewayEntity('hoop-second', 'second'),
        templateEntity(TEMPLATE),
      ],
      features: [scaffolder, scaffolderModule, publishModule(forge)],
      groups: {},
      knex: await databases.init('SQLITE_3'),
    });
  });

  afterAll(async () => {
    await portal?.stop();
    await forge?.stop();
    await sandbox?.stop();
  });

  const VALUES = {
    entity: 'resource:default/hoop',
    name: 'Hoop.dev',
    access: 'groups',
    bindings: [{ group: 'engineering' }],
    branch: 'main',
    kind: 'values',
    path: 'prod/values.yaml',
    existingSecret: 'hoop-idp',
    pullRequestTitle: 'Sign people in with authentik',
  };
  const MANIFEST = {
    kind: 'manifest',
    path: 'prod/hoop.yaml',
    document: 'ConfigMap/hoop-config',
  };

  /** Runs the template, and lists what was written to authentik. */
  async function connect(changes: object) {
    const { seq } = await sandbox.control.requests(Number.MAX_SAFE_INTEGER);
    const { repoUrl } = forge;
    const ended = await portal
      .as('alice')
      .scaffold(TEMPLATE, { ...VALUES, repoUrl, ...changes });
    const { requests } = await sandbox.control.requests(seq);
    const writes = requests
      .filter(
        ({ system, method, path, status }) =>
          system === 'authentik' &&
          // The probe of a client secret is a POST, but changes nothing.
          !path.startsWith('/application/o/') &&
          !['GET', 'HEAD', 'OPTIONS'].includes(method) &&
          // How missing permissions are found.
          !(method === 'POST' && [400, 403].includes(status)),
      )
      .map(({ method, path }) => `${method} ${path}`);
    return { ...ended, writes };
  }

  async function succeed(changes: object) {
    const ended = await connect(changes);
    if (ended.status !== 'completed') {
      throw new Error(`The template ${ended.status}: ${ended.text}`);
    }
    return ended;
  }

  const branches = async () =>
    (await forge.git('branch', '--format=%(refname:short)')).trim().split('\n');

  it.each([
    ['branch', { branch: 'feature/x' }],
    ['branch', { branch: '../main' }],
    ['path', { path: '../values.yaml' }],
    ['path', { path: 'prod//values.yaml' }],
    ['path', { path: 'prod/values.yaml?ref=x' }],
    ['existingSecret', { existingSecret: 'Hoop_IDP' }],
    ['pullRequestBranch', { pullRequestBranch: 'x~1' }],
    ['document', { ...MANIFEST, document: 'ConfigMap/Hoop' }],
  ])('should not start with a bad %s: %j', async (field, changes) => {
    const { status, text, writes } = await connect(changes);

    expect(status).toBe('refused with 400');
    expect(text).toContain(field);
    expect(writes).toEqual([]);
    expect(await branches()).toEqual(['main']);
  });

  it.each([
    ['a file that is missing', { path: 'values.yaml' }, /Not ?Found/],
    ['a branch that is missing', { branch: 'release' }, /Not ?Found/],
    [
      'a path without settings of the gateway',
      { path: 'wrapper.yaml' },
      /hoop-chart\.config/,
    ],
    ['a mistyped configPath', { configPath: 'hoop.config' }, /hoop\.config/],
    [
      'an object that is missing',
      { ...MANIFEST, document: 'ConfigMap/hoop' },
      /ConfigMap\/hoop/,
    ],
    [
      'an object that has no settings',
      { ...MANIFEST, document: 'Namespace/hoop' },
      /expected a ConfigMap or a Secret/,
    ],
  ])(
    'should fail before authentik is changed: %s',
    async (_, changes, reason) => {
      const { status, text, writes } = await connect(changes);

      expect(status).toBe('failed');
      expect(text).toMatch(reason);
      expect(writes).toEqual([]);
      expect(await branches()).toEqual(['main']);
    },
  );

  it.each([
    ['values', 'main', {}, BRANCH],
    [
      'manifest',
      'second',
      {
        ...MANIFEST,
        entity: 'resource:default/hoop-second',
        name: 'Second gateway',
        pullRequestBranch: 'platform/connect-hoop',
      },
      'platform/connect-hoop',
    ],
  ])(
    'should open a pull request, update it while it is open, and need none afterwards: %s',
    async (kind, gateway, changes, branch) => {
      const path = kind === 'values' ? VALUES.path : MANIFEST.path;
      const before = forge.pullRequests.length;
      const main = await forge.git('rev-parse', 'main');
      const show = (ref: string) => forge.git('show', `${ref}:${path}`);
      const old = await show('main');

      const first = await succeed(changes);

      expect(first.writes).not.toEqual([]);
      expect(await branches()).toEqual([branch, 'main'].sort());
      expect(await forge.git('rev-parse', 'main')).toBe(main);
      expect(await forge.git('diff', '--name-only', 'main', branch)).toBe(
        `${path}\n`,
      );
      const proposed = await show(branch);
      // Only lines are added.
      expect(proposed.split('\n')).toEqual(
        expect.arrayContaining(old.split('\n')),
      );
      const settings = proposed
        .split('---\n')
        .map(one => parse(one))
        .at(-1);
      expect(settings.config ?? settings.data).toMatchObject({
        AUTH_METHOD: 'oidc',
        IDP_ISSUER: `${sandbox.authentik.url}/application/o/hoop-${gateway}/`,
        IDP_CLIENT_ID: expect.stringMatching(/^\w+$/),
        IDP_GROUPS_CLAIM: 'groups',
      });
      expect(settings.existingSecret).toBe(
        kind === 'values' ? 'hoop-idp' : undefined,
      );
      expect(forge.pullRequests.slice(before)).toMatchObject([
        {
          head: branch,
          base: 'main',
          state: 'open',
          title: VALUES.pullRequestTitle,
          body: expect.stringContaining(
            (settings.config ?? settings.data).IDP_CLIENT_ID,
          ),
        },
      ]);
      const [pullRequest] = forge.pullRequests.slice(before);
      expect(first.text).toContain(`/pull/${pullRequest.number}"`);

      // Someone else's change in between stays.
      await forge.commit('main', { [`${gateway}.md`]: 'Another change.\n' });
      const second = await succeed(changes);

      expect(second.writes).toEqual([]);
      expect(second.text).toContain(`/pull/${pullRequest.number}"`);
      expect(await branches()).toEqual([branch, 'main'].sort());
      expect(await show(branch)).toBe(proposed);
      expect(await forge.git('diff', '--name-only', 'main', branch)).toBe(
        `${path}\n`,
      );
      expect(forge.pullRequests).toHaveLength(before + 1);

      await forge.merge(pullRequest);
      const third = await succeed(changes);

      expect(third.writes).toEqual([]);
      expect(third.text).toContain('already up to date');
      expect(await branches()).toEqual(['main']);
      expect(forge.pullRequests).toHaveLength(before + 1);

      const secrets = await sandbox.control.secrets();
      expect(secrets.length).toBeGreaterThan(3);
      const told = inspect(
        [
          first,
          second,
          third,
          forge.pullRequests,
          portal.emitted,
          await forge.git('log', '--all', '--patch'),
        ],
        { depth: 20, maxStringLength: null, maxArrayLength: null },
      );
      expect(secrets.filter(secret => told.includes(secret))).toEqual([]);
    },
  );
});
