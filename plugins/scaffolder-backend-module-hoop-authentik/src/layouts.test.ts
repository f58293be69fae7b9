import { signInWithBrowser } from 'sandbox';
import {
  createAuthentikApplicationEnsureAction,
  createHoopGatewayConfigureAction,
  createHoopGatewayDisconnectAction,
  createHoopGatewayVerifyAction,
} from './actions';
import { callCluster } from './__testUtils__/callCluster';
import {
  LAYOUT_CASES,
  titleOf,
  type LayoutCase,
} from './__testUtils__/layoutCases';
import { loadLayout } from './__testUtils__/layouts';
import { readSystemState } from './__testUtils__/systemState';
import { useSandbox, type SandboxRunOptions } from './__testUtils__/useSandbox';

const SETTINGS = [
  'AUTH_METHOD',
  'IDP_CLIENT_ID',
  'IDP_CLIENT_SECRET',
  'IDP_GROUPS_CLAIM',
  'IDP_ISSUER',
];

describe('a gateway whose settings are laid out in another way', () => {
  const fixture = useSandbox();

  const ensureApplication = () =>
    fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
    });

  /** Everything that objects hold and is no setting. */
  async function foreignKeys() {
    const { configMaps, secrets } = await readSystemState(fixture.sandbox);
    return Object.entries({ configMaps, secrets }).flatMap(([kind, objects]) =>
      Object.entries(objects).flatMap(([name, data]) =>
        Object.entries(data ?? {})
          .filter(([key]) => !SETTINGS.includes(key))
          .map(([key, value]) => `${kind}/${name} ${key}=${value}`),
      ),
    );
  }

  /** What the container reads, where Helm manages the Deployment and would bring it back. */
  async function managedReferences() {
    const { metadata, spec } = await callCluster<{
      metadata: { labels?: Record<string, string> };
      spec: {
        template: { spec: { containers: Array<{ envFrom?: object[] }> } };
      };
    }>(
      fixture.sandbox,
      'GET',
      `deployments/${fixture.sandbox.kubernetes.deployment}`,
    );
    return metadata.labels?.['app.kubernetes.io/managed-by'] === 'Helm'
      ? spec.template.spec.containers[0].envFrom
      : undefined;
  }

  async function signIn() {
    const { authentik, gateway, users } = fixture.sandbox;
    const response = await fetch(`${gateway.url}/api/login`);
    const { login_url: loginUrl } = await response.json();
    const [{ username, password }] = users;
    return signInWithBrowser({
      loginUrl,
      username,
      password,
      origins: [authentik.url, gateway.url].map(url => new URL(url).origin),
    });
  }

  type Ending = Pick<LayoutCase, 'allowManaged' | 'disconnectRefused'>;

  async function seeDisconnected(
    options: SandboxRunOptions,
    { allowManaged }: Ending,
  ) {
    const disconnect = () =>
      fixture.succeed(
        createHoopGatewayDisconnectAction,
        { gateway: 'main', allowManaged },
        {
          config: {
            ...options.config,
            apiKey: fixture.sandbox.gateway.apiKey,
          },
        },
      );
    expect((await disconnect()).outputs).toMatchObject({ restarted: true });
    expect(await fixture.authMethod()).toBe('local');
    expect((await disconnect()).outputs).toMatchObject({
      changes: 0,
      writes: 0,
    });
  }

  async function seeRefused(
    options: SandboxRunOptions,
    { allowManaged, disconnectRefused }: Ending,
  ) {
    const error = await fixture.fail(
      createHoopGatewayDisconnectAction,
      { gateway: 'main', allowManaged },
      options,
    );
    expect(error.message).toMatch(disconnectRefused!);
    expect(await fixture.authMethod()).toBe('oidc');
  }

  it.each(LAYOUT_CASES.map(one => [titleOf(one), one] as const))(
    'should be connected, and disconnected again: %s',
    async (_, { file, target, allowManaged, writes, disconnectRefused }) => {
      // A gateway with OpenID starts only where its issuer answers.
      await ensureApplication();
      await loadLayout(fixture.sandbox, file);
      const options = { config: { target } };
      const foreign = await foreignKeys();
      const references = await managedReferences();
      const writesSince = await fixture.watchWrites();

      await fixture.succeed(
        createHoopGatewayConfigureAction,
        { gateway: 'main', allowManaged },
        options,
      );

      expect(
        (await writesSince()).map(write =>
          write.replace(
            /^kubernetes (\w+) \S*\/namespaces\/hoop\/([^?]+).*$/,
            '$1 $2',
          ),
        ),
      ).toEqual(writes);
      expect(await foreignKeys()).toEqual(expect.arrayContaining(foreign));
      expect(await fixture.authMethod()).toBe('oidc');
      await fixture.succeed(
        createHoopGatewayVerifyAction,
        { gateway: 'main' },
        options,
      );
      expect(await signIn()).toMatchObject({ error: undefined });
      expect((await signIn()).token).toBeDefined();

      const again = await fixture.succeed(
        createHoopGatewayConfigureAction,
        { gateway: 'main' },
        options,
      );
      expect(again.outputs).toMatchObject({ changes: 0, writes: 0 });

      const see = disconnectRefused ? seeRefused : seeDisconnected;
      await see(options, { allowManaged, disconnectRefused });
      expect(await foreignKeys()).toEqual(expect.arrayContaining(foreign));
      expect(await managedReferences()).toEqual(references);
    },
  );
});
