import {
  createAuthentikApplicationDeleteAction,
  createAuthentikApplicationEnsureAction,
  createAuthentikBindingEnsureAction,
  createHoopGatewayConfigureAction,
  createHoopGatewayDisconnectAction,
  createHoopGatewayPreflightAction,
  createHoopGatewayRestartAction,
  createHoopGatewayRotateSecretAction,
  createHoopGatewayVerifyAction,
} from './actions';
import { startInterceptor } from './__testUtils__/startInterceptor';
import { readSystemState, type SystemState } from './__testUtils__/systemState';
import { useSandbox, type SandboxRunOptions } from './__testUtils__/useSandbox';

const WRONG_TOKEN = 'a-token-that-was-never-issued';

interface CommonInput {
  gateway?: string;
  entityRef?: string;
}

describe('bad input', () => {
  const fixture = useSandbox();

  /** The actions that work with an application. */
  const withApplication = {
    'authentik:application:ensure': (
      input: CommonInput & { application?: string },
      options?: SandboxRunOptions,
    ) => fixture.fail(createAuthentikApplicationEnsureAction, input, options),
    'hoop:gateway:preflight': (
      input: CommonInput & { application?: string },
      options?: SandboxRunOptions,
    ) => fixture.fail(createHoopGatewayPreflightAction, input, options),
    'hoop:gateway:configure': (
      input: CommonInput & { application?: string },
      options?: SandboxRunOptions,
    ) => fixture.fail(createHoopGatewayConfigureAction, input, options),
    'hoop:gateway:verify': (
      input: CommonInput & { application?: string },
      options?: SandboxRunOptions,
    ) =>
      fixture.fail(
        createHoopGatewayVerifyAction,
        { ...input, timeoutSeconds: 1 },
        options,
      ),
  };
  const every = {
    ...withApplication,
    'hoop:gateway:restart': (input: CommonInput, options?: SandboxRunOptions) =>
      fixture.fail(createHoopGatewayRestartAction, input, options),
    'authentik:application:delete': (
      input: CommonInput,
      options?: SandboxRunOptions,
    ) =>
      fixture.fail(
        createAuthentikApplicationDeleteAction,
        { ...input, confirm: 'hoop' },
        options,
      ),
    'authentik:binding:ensure': (
      input: CommonInput,
      options?: SandboxRunOptions,
    ) =>
      fixture.fail(
        createAuthentikBindingEnsureAction,
        { ...input, group: 'engineering' },
        options,
      ),
    'hoop:gateway:disconnect': (
      input: CommonInput,
      options?: SandboxRunOptions,
    ) => fixture.fail(createHoopGatewayDisconnectAction, input, options),
    'hoop:gateway:rotateSecret': (
      input: CommonInput,
      options?: SandboxRunOptions,
    ) => fixture.fail(createHoopGatewayRotateSecretAction, input, options),
  };
  type WithApplication = keyof typeof withApplication;

  /** Nothing was written, and the state of all systems is unchanged. */
  async function leavingNoTrace<T>(attempt: () => Promise<T>): Promise<T> {
    const before: SystemState = await readSystemState(fixture.sandbox);
    const writesSince = await fixture.watchWrites();
    const result = await attempt();
    expect(await writesSince()).toEqual([]);
    await fixture.sandbox.control.clearFaults();
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
    return result;
  }

  const ACTIONS = Object.keys(withApplication) as WithApplication[];

  it.each(ACTIONS)(
    'to %s should name the permission that the token lacks',
    async action => {
      const { tokens } = fixture.sandbox.authentik;

      const error = await leavingNoTrace(() =>
        withApplication[action](
          { gateway: 'main' },
          { config: { authentik: { token: tokens.noPermissions } } },
        ),
      );

      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toContain(
        `authentik instance "default" (${fixture.sandbox.authentik.url})`,
      );
      expect(error.message).toMatch(
        /lacks the permissions? .*authentik_core\.view_application/,
      );
    },
  );

  it.each(ACTIONS)(
    'to %s should say where the token is configured that authentik refuses',
    async action => {
      const error = await leavingNoTrace(() =>
        withApplication[action](
          { gateway: 'main' },
          {
            config: { authentik: { token: WRONG_TOKEN } },
            secrets: [WRONG_TOKEN],
          },
        ),
      );

      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toContain(
        'authentik rejected the API token (403: “Token invalid/expired”). Set hoopAuthentik.authentik[].token to a valid API token (intent api, of an active user)',
      );
    },
  );

  it.each(ACTIONS)(
    'to %s should name the authentik that cannot be reached',
    async action => {
      const error = await leavingNoTrace(async () => {
        await fixture.sandbox.control.faults({
          system: 'authentik',
          unreachable: true,
        });
        return withApplication[action]({ gateway: 'main' });
      });

      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toContain(
        `authentik instance "default" (${fixture.sandbox.authentik.url}) cannot be reached: GET /api/v3/`,
      );
    },
  );

  it('should refuse an application with a provider of another type, whatever the action', async () => {
    await fixture.connect();
    // The stand-in has no other types: on the way, the provider is made to look like one.
    const disguise = await startInterceptor({
      url: fixture.sandbox.authentik.url,
      rewrite: text =>
        text.replaceAll(
          'authentik_providers_oauth2.oauth2provider',
          'authentik_providers_proxy.proxyprovider',
        ),
    });
    try {
      for (const action of ACTIONS) {
        const error = await leavingNoTrace(() =>
          withApplication[action](
            { gateway: 'main' },
            { config: { authentik: { baseUrl: disguise.url } } },
          ),
        );

        expect({ action, name: error.name }).toEqual({
          action,
          name: 'InputError',
        });
        expect(error.message).toContain(
          'authentik_providers_proxy.proxyprovider',
        );
        expect(error.message).toMatch(/expected an? .*OAuth2\/OpenID provider/);
        expect(error.message).toMatch(/another slug, or replace the provider/);
      }
    } finally {
      await disguise.close();
    }
  });

  it('should name the cluster that cannot be reached, whatever the action, and succeed once it can', async () => {
    await fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
    });

    for (const action of [
      'authentik:application:delete',
      'hoop:gateway:configure',
      'hoop:gateway:disconnect',
      'hoop:gateway:preflight',
      'hoop:gateway:restart',
      'hoop:gateway:rotateSecret',
      'hoop:gateway:verify',
    ] as const) {
      const error = await leavingNoTrace(async () => {
        await fixture.sandbox.control.faults({
          system: 'kubernetes',
          unreachable: true,
        });
        return every[action]({ gateway: 'main' });
      });

      expect({ action, name: error.name }).toEqual({
        action,
        name: 'ServiceUnavailableError',
      });
      expect(error.message).toContain(
        `Kubernetes (${fixture.sandbox.kubernetes.url}) cannot be reached: GET /`,
      );
    }
    await fixture.connect();
  });

  it('should say what has to be done first when there is no application yet', async () => {
    const error = await leavingNoTrace(() =>
      withApplication['hoop:gateway:configure']({ gateway: 'main' }),
    );

    expect(error).toMatchObject({
      name: 'InputError',
      message:
        'The gateway "main" was not changed. Application exists: expected an application with the slug "hoop"; found none. Connect the gateway with the software template, which creates the application.',
    });
  });

  it.each([
    [
      'group',
      { group: 'absent' },
      /has no group named "absent"; it has .*"engineering".*\. Create it there, or give the name of an existing one\.$/,
    ],
    [
      'user',
      { user: 'absent' },
      /has no user named "absent"\. Create it there, or give the name of an existing one\.$/,
    ],
    [
      'policy',
      { policy: 'nothing' },
      /has no policy named "nothing"\. Create it there, or give the name of an existing one\.$/,
    ],
    [
      'binding without a subject',
      {},
      /^Binding 1 must name exactly one of group, user and policy; found 0\.$/,
    ],
  ])('should refuse an unknown %s', async (_, binding, message) => {
    const error = await leavingNoTrace(() =>
      fixture.fail(createAuthentikApplicationEnsureAction, {
        gateway: 'main',
        bindings: [binding],
      }),
    );

    expect(error.name).toBe('InputError');
    expect(error.message).toMatch(message);
  });

  it.each([
    ['authorizationFlow', /has no flow named "nothing"; it has .*consent/],
    ['signingKey', /has no certificate .* named "nothing"; it has "/],
  ])('should refuse an unknown %s', async (input, message) => {
    const error = await leavingNoTrace(() =>
      fixture.fail(createAuthentikApplicationEnsureAction, {
        gateway: 'main',
        [input]: 'nothing',
      }),
    );

    expect(error.name).toBe('InputError');
    expect(error.message).toMatch(message);
  });
});
