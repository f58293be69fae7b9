import { callCluster } from '../__testUtils__/callCluster';
import { textOf } from '../__testUtils__/runAction';
import { readSystemState } from '../__testUtils__/systemState';
import {
  useSandbox,
  type SandboxRunOptions,
} from '../__testUtils__/useSandbox';
import type { NamedObjects } from './support/namedObjects';
import { createHoopGatewayPreflightAction } from './hoopGatewayPreflight';

const LOGIN_PATH = '/api/login';

describe('hoop:gateway:preflight', () => {
  const fixture = useSandbox();

  /** Refused, and no system is other than before: above all there is no application that nothing uses. */
  async function refused(
    fault: () => Promise<unknown>,
    { input, ...options }: SandboxRunOptions & { input?: NamedObjects } = {},
  ): Promise<Error> {
    await fault();
    const writesSince = await fixture.watchWrites();
    const error = await fixture.fail(
      createHoopGatewayPreflightAction,
      { gateway: 'main', ...input },
      options,
    );
    expect(await writesSince()).toEqual([]);
    await fixture.sandbox.control.clearFaults();
    const { applications } = await readSystemState(fixture.sandbox);
    expect(applications).toEqual([]);
    return error;
  }

  it('should log one line for a gateway that can be connected but has no application yet, and write nothing', async () => {
    const before = await readSystemState(fixture.sandbox);
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(createHoopGatewayPreflightAction, {
      gateway: 'main',
    });

    expect(run.outputs).toEqual({
      gateway: 'main',
      gatewayUrl: fixture.sandbox.gateway.url,
      passed: expect.any(Number),
    });
    expect(run.outputs.passed).toBeGreaterThan(5);
    expect(run.log).toEqual([
      [
        'info',
        expect.stringMatching(
          /^Gateway "main" \(http.*\) can be connected: \d+ checks passed, [1-9]\d* left to authentik:application:ensure$/,
        ),
      ],
    ]);
    expect(await writesSince()).toEqual([]);
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should find nothing amiss with a gateway that is connected', async () => {
    await fixture.connect();
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(createHoopGatewayPreflightAction, {
      gateway: 'main',
    });

    expect(textOf(run)).toMatch(/ checks passed$/);
    expect(await writesSince()).toEqual([]);
  });

  it('should leave no login state in a dry run', async () => {
    const { seq } = await fixture.sandbox.control.requests();

    await fixture.succeed(
      createHoopGatewayPreflightAction,
      { gateway: 'main' },
      { isDryRun: true },
    );

    const { requests } = await fixture.sandbox.control.requests(seq);
    expect(requests.length).toBeGreaterThan(5);
    expect(requests.filter(({ path }) => path.startsWith(LOGIN_PATH))).toEqual(
      [],
    );
  });

  it.each<[string, NamedObjects, RegExp]>([
    [
      'group',
      { bindings: [{ group: 'admin' }, { group: 'enginering' }] },
      /no group named "enginering"; .*"engineering"/,
    ],
    ['user', { bindings: [{ user: 'nobody' }] }, /no user named "nobody"/],
    [
      'policy',
      { bindings: [{ policy: 'office' }] },
      /no policy named "office"/,
    ],
    ['certificate', { signingKey: 'no key' }, /"no key"/],
    ['authorization flow', { authorizationFlow: 'no-flow' }, /"no-flow"/],
    ['invalidation flow', { invalidationFlow: 'no-flow' }, /"no-flow"/],
  ])('should refuse a %s that does not exist', async (_, input, message) => {
    const error = await refused(async () => {}, { input });

    expect(error.name).toBe('InputError');
    expect(error.message).toMatch(message);
  });

  it('should accept what exists, and the empty fields of a form', async () => {
    const run = await fixture.succeed(createHoopGatewayPreflightAction, {
      gateway: 'main',
      bindings: [{ group: 'engineering' }],
      signingKey: '',
    });

    expect(textOf(run)).toContain('can be connected');
  });

  it('should refuse a gateway whose cluster cannot be reached', async () => {
    const error = await refused(() =>
      fixture.sandbox.control.faults({
        system: 'kubernetes',
        unreachable: true,
      }),
    );
    expect(error).toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringMatching(
        /^The gateway "main" cannot be connected; nothing was changed\. Kubernetes API is unreachable: Kubernetes \(.*\) cannot be reached: /,
      ),
    });
  });

  it('should refuse a gateway whose settings a tool manages, unless allowed', async () => {
    const manage = () =>
      callCluster(fixture.sandbox, 'PATCH', 'deployments/hoopgateway', {
        metadata: {
          labels: { 'app.kubernetes.io/managed-by': 'Helm' },
          annotations: { 'meta.helm.sh/release-name': 'hoop' },
        },
      });

    const error = await refused(manage);

    expect(error.name).toBe('InputError');
    expect(error.message).toContain('is managed by Helm');
    await fixture.succeed(createHoopGatewayPreflightAction, {
      gateway: 'main',
      allowManaged: true,
    });
  });

  it('should refuse a gateway without an administrator, unless allowed', async () => {
    const config = { gateway: { adminGroup: 'authentik Read-only' } };

    const error = await refused(async () => {}, { config });

    expect(error.name).toBe('InputError');
    expect(error.message).toContain('At least one admin can sign in');
    await fixture.succeed(
      createHoopGatewayPreflightAction,
      { gateway: 'main', allowLockout: true },
      { config },
    );
  });
});
