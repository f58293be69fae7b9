import { AuthorizeResult } from '@backstage/plugin-permission-common';
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
import {
  ENTITY_REF,
  UNATTACHED_ENTITY_REF,
  useSandbox,
  type SandboxRunOptions,
} from './__testUtils__/useSandbox';

const WRONG_TOKEN = 'a-token-that-nobody-issued';

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
  type Every = keyof typeof every;

  /** Nothing was written and nothing is other than before. */
  async function leavingNoTrace<T>(attempt: () => Promise<T>): Promise<T> {
    const before: SystemState = await readSystemState(fixture.sandbox);
    const writesSince = await fixture.watchWrites();
    const result = await attempt();
    expect(await writesSince()).toEqual([]);
    await fixture.sandbox.control.clearFaults();
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
    return result;
  }

  describe.each(Object.keys(every) as Every[])('to %s', action => {
    it.each([
      [
        'an unknown gateway',
        { gateway: 'nowhere' },
        'Unknown gateway "nowhere". Expected one of those declared under hoopAuthentik.gateways in app-config: main.',
      ],
      [
        'an unknown entity',
        { entityRef: 'resource:default/nothing' },
        'There is no entity "resource:default/nothing" in the catalog, or you may not see it. Give the reference of an entity that exists.',
      ],
      [
        'an entity reference of another form',
        { entityRef: 'resource:/' },
        expect.stringContaining(
          'The entity reference "resource:/" is not of the form [<kind>:][<namespace>/]<name>.',
        ),
      ],
      [
        'an entity without the annotation',
        { entityRef: UNATTACHED_ENTITY_REF },
        `The entity "${UNATTACHED_ENTITY_REF}" has no annotation hoop.dev/gateway. Add it, or give the gateway.`,
      ],
      [
        'an entity of another gateway',
        { entityRef: ENTITY_REF, gateway: 'other' },
        `The entity "${ENTITY_REF}" is attached to the gateway "main" by its annotation hoop.dev/gateway, but the gateway "other" was given. Leave the gateway out, or change the annotation.`,
      ],
      [
        'neither gateway nor entity',
        {},
        'Expected the name of a gateway, or an entity that is attached to one; found neither.',
      ],
    ])('should refuse %s', async (_, input, message) => {
      const { seq } = await fixture.sandbox.control.requests();

      const error = await every[action](input);

      expect(error).toMatchObject({ name: 'InputError', message });
      expect((await fixture.sandbox.control.requests(seq)).requests).toEqual(
        [],
      );
    });

    it('should refuse a user without the permission before anything is looked at', async () => {
      const { seq } = await fixture.sandbox.control.requests();

      const error = await every[action](
        { gateway: 'main' },
        { permission: AuthorizeResult.DENY },
      );

      expect(error).toMatchObject({
        name: 'NotAllowedError',
        message:
          'You may not change gateways: the permission hoop-authentik.gateway.manage is required. Ask an administrator of this portal.',
      });
      expect((await fixture.sandbox.control.requests(seq)).requests).toEqual(
        [],
      );
    });
  });

  describe.each(Object.keys(withApplication) as WithApplication[])(
    'to %s',
    action => {
      it.each([
        [
          'no slug!',
          'The application slug must be 1 to 50 letters, digits, "-" and "_"; found "no slug!".',
        ],
        [
          '../hoop',
          'The application slug must be 1 to 50 letters, digits, "-" and "_"; found "../hoop".',
        ],
        [
          'token',
          'The application slug "token" is reserved by authentik for an endpoint of its own; choose another one.',
        ],
      ])('should refuse the slug "%s"', async (application, message) => {
        const { seq } = await fixture.sandbox.control.requests();

        const error = await withApplication[action]({
          gateway: 'main',
          application,
        });

        expect(error).toMatchObject({ name: 'InputError', message });
        expect((await fixture.sandbox.control.requests(seq)).requests).toEqual(
          [],
        );
      });

      it('should name the permission that the token lacks', async () => {
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
      });

      it('should say where the token is configured that authentik refuses', async () => {
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
          'authentik rejected the API token (Token invalid/expired). Set hoopAuthentik.authentik[].token to a valid API token (intent api, of an active user)',
        );
      });

      it('should name the authentik that cannot be reached', async () => {
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
      });

      it('should refuse an application with a provider of another type', async () => {
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
          const error = await leavingNoTrace(() =>
            withApplication[action](
              { gateway: 'main' },
              { config: { authentik: { baseUrl: disguise.url } } },
            ),
          );

          expect(error.name).toBe('InputError');
          expect(error.message).toContain(
            'authentik_providers_proxy.proxyprovider',
          );
          expect(error.message).toMatch(
            /expected an? .*OAuth2\/OpenID provider/,
          );
          expect(error.message).toMatch(
            /another slug, or replace the provider/,
          );
        } finally {
          await disguise.close();
        }
      });
    },
  );

  it.each([
    'authentik:application:delete',
    'hoop:gateway:configure',
    'hoop:gateway:disconnect',
    'hoop:gateway:preflight',
    'hoop:gateway:restart',
    'hoop:gateway:rotateSecret',
    'hoop:gateway:verify',
  ] as const)(
    'to %s should name the cluster that cannot be reached, and succeed once it can',
    async action => {
      await fixture.succeed(createAuthentikApplicationEnsureAction, {
        gateway: 'main',
      });

      const error = await leavingNoTrace(async () => {
        await fixture.sandbox.control.faults({
          system: 'kubernetes',
          unreachable: true,
        });
        return every[action]({ gateway: 'main' });
      });

      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toContain(
        `Kubernetes (${fixture.sandbox.kubernetes.url}) cannot be reached: GET /`,
      );
      await fixture.connect();
    },
  );

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
      { group: 'nobody' },
      /has no group called "nobody"\. It knows .*"engineering".*\. Create it there, or give the name of one that exists\.$/,
    ],
    [
      'user',
      { user: 'nobody' },
      /has no user called "nobody"\. Create it there, or give the name of one that exists\.$/,
    ],
    [
      'policy',
      { policy: 'nothing' },
      /has no policy called "nothing"\. Create it there, or give the name of one that exists\.$/,
    ],
    [
      'binding of nobody',
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
    ['authorizationFlow', /has no flow called "nothing"\. It knows .*consent/],
    ['signingKey', /has no certificate .* called "nothing"\. It knows "/],
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
