import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckId } from 'backstage-plugin-hoop-authentik-common';
import type { AddedCheck } from 'backstage-plugin-hoop-authentik-node/alpha';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { companyDomainCheck } from '../__testUtils__/companyChecksModule';
import { connectGateway } from '../__testUtils__/connectGateway';
import { gatewayConfig } from '../__testUtils__/gatewayConfig';
import { patchObject } from '../__testUtils__/patchObject';
import { runDoctor } from './runDoctor';

jest.setTimeout(120_000);

/** Long enough for a rollout on a busy machine. */
const PATIENCE_MS = 60_000;

describe('runDoctor', () => {
  let sandbox: SandboxProcess;
  let directory: string;

  beforeAll(async () => {
    sandbox = await startSandboxProcess({ rolloutDelayMs: 50 });
    directory = await mkdtemp(join(tmpdir(), 'doctor-'));
  });

  afterAll(async () => {
    await sandbox?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const configFor = (gateway: object = {}) => gatewayConfig(sandbox, gateway);

  /** Runs it on a configuration, or on text that is meant to be one; no output ever shows a secret. */
  async function doctor(
    config: object | string,
    args: string[] = [],
    terminal: { env?: Record<string, string>; isTTY?: boolean } = {},
    addedChecks: AddedCheck[] = [],
  ) {
    const file = join(directory, 'app-config.yaml');
    await writeFile(
      file,
      typeof config === 'string' ? config : JSON.stringify(config),
    );
    const written = { out: '', err: '' };
    const code = await runDoctor(
      ['--config', file, ...args],
      {
        env: terminal.env ?? {},
        stdout: {
          isTTY: terminal.isTTY,
          write: text => {
            written.out += text;
          },
        },
        stderr: {
          write: text => {
            written.err += text;
          },
        },
      },
      addedChecks,
    );
    const all = written.out + written.err;
    const leaked = (await sandbox.control.secrets()).filter(secret =>
      all.includes(secret),
    );
    expect(leaked).toEqual([]);
    return { code, ...written };
  }

  const statuses = async () => {
    const { out, code } = await doctor(configFor(), ['--json', '--sign-in']);
    const { gateways, exitCode } = JSON.parse(out);
    expect(exitCode).toBe(code);
    return Object.fromEntries(
      gateways[0].integration.checks.map(
        ({ id, status }: { id: string; status: string }) => [id, status],
      ),
    ) as Record<CheckId, string>;
  };

  it('should not repeat what a gateway quotes of an IDP_URI that is no URL', async () => {
    await sandbox.control.reset();
    const secret = 'secret-of-a-former-provider';
    await patchObject(sandbox, 'configmaps/hoopgateway', {
      data: { IDP_URI: `https://hoop:${secret}@former provider.example/` },
    });
    await patchObject(
      sandbox,
      'deployments/hoopgateway',
      { spec: { template: { metadata: { annotations: { again: '1' } } } } },
      'apis/apps/v1',
    );
    const { apiKey, url } = sandbox.gateway;
    const deadline = Date.now() + PATIENCE_MS;
    let answer = '';
    while (!answer.includes(secret) && Date.now() < deadline) {
      await sleep(200);
      answer = await fetch(`${url}/api/serverconfig/auth`, {
        headers: { authorization: `Bearer ${apiKey}` },
      }).then(
        response => response.text(),
        () => '',
      );
    }
    expect(answer).toContain(secret);

    for (const args of [[], ['--json']]) {
      const { out, err } = await doctor(configFor({ apiKey }), args);
      expect(out.replace(/\s+/g, ' ')).toContain('The answer is not shown');
      expect(out).not.toContain('rejects every key');
      expect(out + err).not.toContain(secret);
    }
    await sandbox.control.reset();
  });

  describe('with a connected gateway', () => {
    beforeAll(async () => {
      await sandbox.control.reset();
      await connectGateway(configFor());
    });

    afterEach(async () => {
      await sandbox.control.clearFaults();
    });

    it('should call it healthy', async () => {
      const { code, out, err } = await doctor(configFor(), ['--sign-in']);
      expect(err).toBe('');
      expect(out).toContain('main: connected');
      expect(out).toContain(
        'hoop login leads to the login page for this application',
      );
      expect(code).toBe(0);
    });

    it('should read once what several gateways have in common', async () => {
      const config = configFor();
      const [main] = config.hoopAuthentik.gateways;
      const twins = {
        hoopAuthentik: {
          ...config.hoopAuthentik,
          gateways: [main, { ...main, name: 'twin' }],
        },
      };
      const { seq } = await sandbox.control.requests();
      const { code } = await doctor(twins);
      expect(code).toBe(0);
      const { requests } = await sandbox.control.requests(seq);
      const paths = requests
        .filter(({ system }) => system === 'kubernetes')
        .map(({ path }) => path);
      expect(paths.length).toBeGreaterThan(2);
      expect([...new Set(paths)]).toEqual(paths);
    });

    const JANE = { username: 'jane', password: 'jane-demo-password' };

    it('should sign a test account in, and show no token', async () => {
      const config = configFor({ testAccount: JANE });
      const { code, out } = await doctor(config, ['--sign-in']);
      expect(out).toMatch(
        /pass {5}Test account signs in · the gateway issued a token; groups: \w/,
      );
      expect(code).toBe(0);
      expect(out).not.toContain(JANE.password);
      expect(out).not.toMatch(/eyJ[\w-]+\./);

      const silent = await doctor(config);
      expect(silent.out).not.toContain('test account');
    });

    it('should say who refuses a test account', async () => {
      const { code, out } = await doctor(
        configFor({ testAccount: { ...JANE, password: 'not-hers' } }),
        ['--sign-in'],
      );
      expect(out).toContain('FAIL     Test account signs in');
      expect(out).toMatch(/username or password\s+rejected/);
      expect(out).not.toContain('not-hers');
      expect(code).toBe(1);
    });

    it('should give one JSON document', async () => {
      const { code, out } = await doctor(configFor(), ['main', '--json']);
      expect(JSON.parse(out)).toMatchObject({
        exitCode: 0,
        gateways: [
          {
            name: 'main',
            verdict: 'healthy',
            integration: { state: 'connected' },
          },
        ],
      });
      expect(code).toBe(0);
    });

    it.each([
      ['a terminal', { isTTY: true }, true],
      [
        'a terminal without colour',
        { isTTY: true, env: { NO_COLOR: '1' } },
        false,
      ],
      ['a file', {}, false],
    ])('should suit %s', async (_, terminal, colored) => {
      const { out } = await doctor(configFor(), [], terminal);
      expect(out.includes('\u001b[')).toBe(colored);
    });

    it.each([
      ['authentik', 'authentik answers and accepts the token'],
      ['kubernetes', 'Gateway deployment can be read'],
      ['gateway', 'Gateway answers'],
    ] as const)(
      'should say once that %s is out of reach',
      async (system, title) => {
        await sandbox.control.faults({ system, unreachable: true });
        const { code, out } = await doctor(configFor());
        expect(out).toContain(`UNKNOWN  ${title}`);
        expect(out.match(/affects {3}\d+ checks/g)).toHaveLength(1);
        expect(out.match(/cannot\s+be\s+reached/g)).toHaveLength(1);
        expect(code).toBe(2);
      },
    );

    it('should run checks of your own', async () => {
      const { code, out } = await doctor(configFor(), [], {}, [
        companyDomainCheck,
      ]);
      expect(out).toContain('main: connected, 2 warnings');
      expect(out).toContain(
        'WARN     Gateway is served from the company domain',
      );
      expect(code).toBe(0);
    });

    it('should find a gateway that cannot load its provider', async () => {
      await sandbox.control.faults({
        system: 'authentik',
        path: '/application/o/hoop/.well-known',
        status: 404,
      });
      expect(await statuses()).toMatchObject({ 'gateway.oidc-loaded': 'fail' });
    });
  });

  describe('with a gateway that drifts', () => {
    beforeEach(async () => {
      await sandbox.control.reset();
      await connectGateway(configFor());
    });

    /** Changes the container that the Deployment starts, and waits until the change shows. */
    const changeContainer = (change: object) =>
      patchObject(
        sandbox,
        'deployments/hoopgateway',
        {
          spec: {
            template: {
              spec: {
                containers: [
                  {
                    name: 'hoopgateway',
                    image: 'hoophq/hoop:1.148.0',
                    envFrom: [
                      { configMapRef: { name: 'hoopgateway' } },
                      { configMapRef: { name: 'hoopgateway-idp' } },
                      { secretRef: { name: 'hoopgateway-idp' } },
                    ],
                    ...change,
                  },
                ],
              },
            },
          },
        },
        'apis/apps/v1',
      );
    const untilFound = async (id: CheckId, status: string) => {
      const deadline = Date.now() + PATIENCE_MS;
      let found = await statuses();
      while (found[id] !== status && Date.now() < deadline) {
        await sleep(200);
        found = await statuses();
      }
      return found[id];
    };

    it.each<[string, object, CheckId, string]>([
      ['a moving tag', { image: 'hoophq/hoop' }, 'kubernetes.image', 'warn'],
      [
        'a version that does not know the method',
        { image: 'hoophq/hoop:1.37.0' },
        'gateway.version',
        'warn',
      ],
      [
        'a version that does not read the groups claim',
        { image: 'hoophq/hoop:1.34.0' },
        'gateway.version',
        'fail',
      ],
      [
        'an API_URL with a path',
        { env: [{ name: 'API_URL', value: 'https://hoop.company/gateway' }] },
        'gateway.api-url',
        'fail',
      ],
      [
        'a variable of its own',
        { env: [{ name: 'AUTH_METHOD', value: 'local' }] },
        'kubernetes.shadowing',
        'fail',
      ],
      [
        'an IDP_URI',
        {
          env: [
            {
              name: 'IDP_URI',
              value: 'https://an-id:a-hidden-password@idp.invalid/x',
            },
          ],
        },
        'kubernetes.shadowing',
        'fail',
      ],
    ])('should find %s', async (_, change, id, status) => {
      expect((await statuses())[id]).toBe('pass');
      await changeContainer(change);
      expect(await untilFound(id, status)).toBe(status);
    });

    it('should say what to do about a changed setting', async () => {
      await patchObject(sandbox, 'configmaps/hoopgateway-idp', {
        data: { IDP_ISSUER: 'https://elsewhere.invalid/' },
      });
      const { code, out } = await doctor(configFor());
      expect(out).toContain('FAIL     The five settings match the application');
      expect(out).toContain('found     IDP_ISSUER=https://elsewhere.invalid/');
      expect(out).toContain('1 gateway: 1 failing.');
      expect(code).toBe(1);
    });
  });

  it('should call a gateway that was never connected failing', async () => {
    await sandbox.control.reset();
    const { code, out } = await doctor(configFor());
    expect(out).toContain('main: not-connected');
    expect(code).toBe(1);
  });

  it('should name the gateways there are', async () => {
    const { code, err } = await doctor(configFor(), ['nope']);
    expect(err).toContain('Unknown gateway "nope".');
    expect(err).toContain('in app-config: main.');
    expect(code).toBe(2);
  });

  it('should say what is wrong with the configuration', async () => {
    const { code, out } = await doctor(configFor({ url: 'hoop' }));
    expect(out).toContain('main: misconfigured');
    expect(out).toContain('hoopAuthentik.gateways[0].url');
    expect(code).toBe(2);

    const withoutCa = await doctor(configFor({ caFile: '/no/ca.pem' }));
    expect(withoutCa.out).toContain('main: misconfigured');
    expect(withoutCa.code).toBe(2);

    const json = await doctor(configFor({ url: 'hoop' }), ['--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      exitCode: 2,
      gateways: [
        {
          name: 'main',
          verdict: 'misconfigured',
          error: expect.stringContaining('url'),
        },
      ],
    });
  });

  it.each([
    ['an open quote', '"', 'MISSING_CHAR at line 2, column 1'],
    ['an alias', '*', 'a value that starts with * needs quotes'],
    ['a block', '|', 'UNEXPECTED_TOKEN at line 1, column 9'],
    ['a tag', '!x!', 'TAG_RESOLVE_FAILED at line 1, column 8'],
  ])(
    'should not quote a file that cannot be parsed for %s',
    async (_, start, said) => {
      // Not a random one, whose first letter would decide which mistake it is: a digit belongs to the sign of a block.
      const token = 'token-that-nothing-may-repeat';
      const { code, err } = await doctor(`token: ${start}${token}\n`);
      expect(err).toContain(`a configuration file is not valid YAML: ${said}`);
      expect(err).not.toContain(token.slice(0, 8));
      expect(code).toBe(2);
    },
  );

  it('should not quote an included file that cannot be parsed', async () => {
    const token = sandbox.authentik.token;
    const included = join(directory, 'included.json');
    await writeFile(included, token);
    const { code, err } = await doctor(`token: { $include: ${included} }\n`);
    expect(err).toContain('failed to parse included file');
    expect(err).not.toContain(token.slice(0, 6));
    expect(code).toBe(2);
  });

  it('should explain itself', async () => {
    const help = await doctor(configFor(), ['--help']);
    expect(help.out).toContain('Usage: hoop-authentik-doctor');
    expect(help.code).toBe(0);

    const wrong = await doctor(configFor(), ['--nope']);
    expect(wrong.err).toMatch(/^Unknown option '--nope'\n\nUsage: /);
    expect(wrong.code).toBe(2);
  });
});
