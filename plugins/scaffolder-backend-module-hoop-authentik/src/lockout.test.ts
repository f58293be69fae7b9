import {
  createAuthentikApplicationEnsureAction,
  createHoopGatewayConfigureAction,
} from './actions';
import { callCluster } from './__testUtils__/callCluster';
import { startInterceptor } from './__testUtils__/startInterceptor';
import { callAuthentik, readSystemState } from './__testUtils__/systemState';
import { useSandbox, type SandboxRunOptions } from './__testUtils__/useSandbox';

/** A group that every new authentik has, without members. */
const EMPTY_GROUP = 'authentik Read-only';

describe('a switch that would lock everybody out', () => {
  const fixture = useSandbox();

  beforeEach(async () => {
    await fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
    });
  });

  const patchProvider = async (fields: object) => {
    const { results } = await callAuthentik(
      fixture.sandbox,
      'GET',
      '/providers/oauth2/',
    );
    await callAuthentik(
      fixture.sandbox,
      'PATCH',
      `/providers/oauth2/${results[0].pk}/`,
      fields,
    );
  };

  const pathOfAdminGroup = async () => {
    const { results } = await callAuthentik(
      fixture.sandbox,
      'GET',
      '/core/groups/?name=admin',
    );
    return `/core/groups/${results[0].pk}/`;
  };

  /** Of the gateway's own ConfigMap; the gateway would read it when it starts again. */
  const setVariable = (name: string, value: string) =>
    callCluster(fixture.sandbox, 'PATCH', 'configmaps/hoopgateway', {
      data: { [name]: value },
    });

  /** Refused, with no write to any system and the gateway as it was. */
  async function refused(
    options: SandboxRunOptions = {},
    input: { allowLockout?: boolean } = {},
    fault: () => Promise<unknown> = async () => {},
  ): Promise<Error> {
    const before = await readSystemState(fixture.sandbox);
    await fault();
    const writesSince = await fixture.watchWrites();
    const error = await fixture.fail(
      createHoopGatewayConfigureAction,
      { gateway: 'main', ...input },
      options,
    );
    expect(await writesSince()).toEqual([]);
    await fixture.sandbox.control.clearFaults();
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
    expect(await fixture.authMethod()).toBe('local');
    return error;
  }

  it.each([
    [
      'its admin group has no member',
      EMPTY_GROUP,
      `expected a group "${EMPTY_GROUP}" in authentik with an active member; found no member.`,
    ],
    [
      'its admin group is written otherwise in authentik',
      'Admin',
      'expected a group "Admin" in authentik with an active member; found no such group.',
    ],
  ])('should be refused where %s', async (_, adminGroup, message) => {
    const error = await refused({ config: { gateway: { adminGroup } } });
    expect(error.name).toBe('InputError');
    expect(error.message).toContain('The gateway "main" was not changed. ');
    expect(error.message).toContain(
      `At least one admin can sign in: ${message}`,
    );
  });

  it('should be refused where the gateway takes another group for its administrators', async () => {
    await setVariable('ADMIN_USERNAME', 'owners');
    const error = await refused();
    expect(error.name).toBe('InputError');
    expect(error.message).toContain(
      'Gateway and app-config name the same admin group: expected "admin", the adminGroup of the gateway in app-config; found another name, ADMIN_USERNAME set by',
    );
  });

  it('should be refused where the gateway does not know its own address', async () => {
    await setVariable('API_URL', '');
    const error = await refused({}, { allowLockout: true });
    expect(error.message).toContain(
      'found (unset) in the Deployment, which means http://127.0.0.1:8009',
    );
  });

  it('should be refused where a binding keeps the administrators out', async () => {
    await fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
      bindings: [{ group: 'admin', negate: true }],
    });
    const error = await refused();
    expect(error.message).toContain(
      'the bindings of the application keep all of them out',
    );
  });

  it('should be made where an administrator of the gateway is known to authentik by the e-mail address', async () => {
    const { url, apiKey } = fixture.sandbox.gateway;
    const added = await fetch(`${url}/api/users`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        email: 'jane@company.example',
        groups: ['admin'],
        status: 'active',
      }),
    });
    expect(added.status).toBe(201);
    await callAuthentik(fixture.sandbox, 'DELETE', await pathOfAdminGroup());
    await refused();
    const run = await fixture.succeed(
      createHoopGatewayConfigureAction,
      { gateway: 'main' },
      { config: { apiKey } },
    );
    expect(run.outputs).toMatchObject({ restarted: true });
  });

  it('should be made where that is accepted', async () => {
    const run = await fixture.succeed(
      createHoopGatewayConfigureAction,
      { gateway: 'main', allowLockout: true },
      { config: { gateway: { adminGroup: EMPTY_GROUP } } },
    );
    expect(run.outputs).toMatchObject({ writes: 4, restarted: true });
    expect(await fixture.authMethod()).toBe('oidc');
  });

  it('should be refused where the issuer lacks its slash', async () => {
    const { url } = fixture.sandbox.authentik;
    const proxy = await startInterceptor({
      url,
      rewrite: text =>
        text.replaceAll('/application/o/hoop/"', '/application/o/hoop"'),
    });
    try {
      const error = await refused({
        config: { authentik: { baseUrl: proxy.url } },
      });
      expect(error.name).toBe('InputError');
      expect(error.message).toContain(
        `expected issuer ${proxy.url}/application/o/hoop/; found issuer ${proxy.url}/application/o/hoop.`,
      );
    } finally {
      await proxy.close();
    }
  });

  it.each([
    [
      'the issuer is that of the whole authentik',
      { issuer_mode: 'global' },
      'Issuer is that of the application: expected per_provider',
    ],
    [
      'tokens are signed with the client secret',
      { signing_key: null },
      'Signing key is usable: expected a certificate with an RSA or EC private key; found no signing key',
    ],
    [
      'the redirect URI is another one',
      {
        redirect_uris: [
          { matching_mode: 'strict', url: 'https://else.example/api/callback' },
        ],
      },
      'its provider "Provider for hoop" leads to "else.example"',
    ],
    [
      'groups do not reach the gateway',
      { property_mappings: [] },
      'Groups reach the gateway in the claim it reads',
    ],
  ])(
    'should be refused where %s, whatever is accepted',
    async (_, fields, message) => {
      await patchProvider(fields);
      const error = await refused({}, { allowLockout: true });
      expect(error.name).toBe('InputError');
      expect(error.message).toContain(message);
    },
  );

  it('should be refused where a group named in app-config is not bound', async () => {
    const error = await refused({
      config: { gateway: { allowedGroups: ['engineering'] } },
    });
    expect(error.message).toContain(
      'Groups named in app-config may sign in: expected bindings of engineering; found none of engineering.',
    );
  });

  it('should be refused where authentik cannot be reached', async () => {
    const error = await refused({}, {}, () =>
      fixture.sandbox.control.faults({
        system: 'authentik',
        unreachable: true,
      }),
    );
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toContain('The gateway "main" was not changed.');
  });

  it('should be refused where the token may not see the group of administrators', async () => {
    const error = await refused({
      config: {
        authentik: { token: fixture.sandbox.authentik.tokens.noPermissions },
      },
    });
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toContain('authentik_core.view_group');
  });
});
