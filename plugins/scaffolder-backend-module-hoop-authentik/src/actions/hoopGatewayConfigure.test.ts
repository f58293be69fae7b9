import {
  readSystemState,
  withoutRestartMark,
} from '../__testUtils__/systemState';
import { textOf } from '../__testUtils__/runAction';
import {
  ENTITY_REF,
  ENTITY_WITH_APPLICATION_REF,
} from '../__testUtils__/entities';
import { useSandbox } from '../__testUtils__/useSandbox';
import { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';
import { createHoopGatewayConfigureAction } from './hoopGatewayConfigure';

describe('hoop:gateway:configure', () => {
  const fixture = useSandbox();

  const ensureApplication = (slug = 'hoop') =>
    fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
      application: slug,
    });

  it('should write the five settings, restart the gateway and say so without the secret', async () => {
    await ensureApplication();
    const before = await readSystemState(fixture.sandbox);
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(createHoopGatewayConfigureAction, {
      gateway: 'main',
    });

    const issuer = `${fixture.sandbox.authentik.url}/application/o/hoop/`;
    expect(run.outputs).toEqual({
      gateway: 'main',
      gatewayUrl: fixture.sandbox.gateway.url,
      issuer,
      changes: 7,
      writes: 4,
      restarted: true,
    });
    expect(await writesSince()).toHaveLength(4);
    expect(textOf(run)).toContain('IDP_CLIENT_SECRET: set');

    const after = await readSystemState(fixture.sandbox);
    expect(after.configMaps).toEqual({
      ...before.configMaps,
      'hoopgateway-idp': {
        AUTH_METHOD: 'oidc',
        IDP_CLIENT_ID: expect.stringMatching(/^\w{40}$/),
        IDP_GROUPS_CLAIM: 'groups',
        IDP_ISSUER: issuer,
      },
    });
    expect(after.secrets).toEqual({
      ...before.secrets,
      'hoopgateway-idp': { IDP_CLIENT_SECRET: expect.any(String) },
    });
    expect(await fixture.authMethod()).toBe('oidc');
  });

  it('should write nothing where everything is right already', async () => {
    await fixture.connect();
    const before = await readSystemState(fixture.sandbox);
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(createHoopGatewayConfigureAction, {
      gateway: 'main',
    });

    expect(run.outputs).toMatchObject({
      changes: 0,
      writes: 0,
      restarted: false,
    });
    expect(textOf(run)).toContain(
      'The gateway signs people in with authentik, nothing was written',
    );
    expect(await writesSince()).toEqual([]);
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should plan and write nothing in a dry run', async () => {
    await ensureApplication();
    const before = await readSystemState(fixture.sandbox);
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(
      createHoopGatewayConfigureAction,
      { gateway: 'main' },
      { isDryRun: true },
    );

    expect(textOf(run)).toContain('7 changes (dry run: nothing is written)');
    expect(textOf(run)).toContain('AUTH_METHOD: (unset) -> "oidc"');
    expect(run.outputs).toMatchObject({ writes: 0, restarted: false });
    expect(await writesSince()).toEqual([]);
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should plan in a dry run before the application is there', async () => {
    const run = await fixture.succeed(
      createHoopGatewayConfigureAction,
      { gateway: 'main' },
      { isDryRun: true },
    );

    expect(textOf(run)).toContain(
      'IDP_CLIENT_ID: (unset) -> "(given by authentik)"',
    );
    expect(run.outputs).toMatchObject({ writes: 0 });
  });

  it('should take gateway and application from the annotations of an entity', async () => {
    await ensureApplication('team-hoop');

    const run = await fixture.succeed(createHoopGatewayConfigureAction, {
      entityRef: ENTITY_WITH_APPLICATION_REF,
    });

    expect(run.outputs).toMatchObject({
      gateway: 'main',
      issuer: `${fixture.sandbox.authentik.url}/application/o/team-hoop/`,
    });
  });

  it('should restore the previous settings when cancelled during the rollout', async () => {
    await ensureApplication();
    const before = await readSystemState(fixture.sandbox);
    const cancel = new AbortController();

    const error = await fixture.fail(
      createHoopGatewayConfigureAction,
      { gateway: 'main' },
      {
        signal: cancel.signal,
        onLog: line => line.startsWith('Rollout:') && cancel.abort(),
      },
    );

    expect(error.name).toBe('AbortError');
    expect(withoutRestartMark(await readSystemState(fixture.sandbox))).toEqual(
      withoutRestartMark(before),
    );
    expect(await fixture.authMethod()).toBe('local');
    await fixture.connect();
  });

  it.each([
    // Nothing is logged between the dry run of the Secret, which takes as long, and its creation.
    ['Secret', 'POST', 'secrets', 600],
    ['ConfigMap', 'POST', 'configmaps', 150],
    ['Deployment', 'PATCH', 'deployments', 150],
  ])(
    'should leave nothing half written when it is cancelled while the %s is written',
    async (_, method, resource, afterMs) => {
      await ensureApplication();
      const before = await readSystemState(fixture.sandbox);
      // The request is still carried out when the caller has gone away.
      await fixture.sandbox.control.faults({
        system: 'kubernetes',
        method,
        path: `/${resource}`,
        latencyMs: 400,
        // The dry run, and the write.
        times: 2,
      });
      const cancel = new AbortController();

      const running = fixture.fail(
        createHoopGatewayConfigureAction,
        { gateway: 'main' },
        {
          signal: cancel.signal,
          onLog: line => {
            if (isBeforeWriteOf(resource, line)) {
              setTimeout(() => cancel.abort(), afterMs);
            }
          },
        },
      );

      expect((await running).name).toBe('AbortError');
      await new Promise(resolve => {
        setTimeout(resolve, 600);
      });
      expect(
        withoutRestartMark(await readSystemState(fixture.sandbox)),
      ).toEqual(withoutRestartMark(before));
      expect(await fixture.authMethod()).toBe('local');
    },
  );

  it('should not start when it is cancelled already', async () => {
    const writesSince = await fixture.watchWrites();

    const error = await fixture.fail(
      createHoopGatewayConfigureAction,
      { entityRef: ENTITY_REF },
      { signal: AbortSignal.abort() },
    );

    expect(error.name).toBe('AbortError');
    expect(await writesSince()).toEqual([]);
  });
});

/** The last line of the log before a write starts. */
function isBeforeWriteOf(resource: string, line: string): boolean {
  const before: Record<string, RegExp> = {
    secrets: /envFrom: .* Secret/,
    configmaps: /^Secret .* created/,
    deployments: /^ConfigMap .* created/,
  };
  return before[resource].test(line);
}
