import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { signInWithBrowser } from 'sandbox';
import {
  createAuthentikApplicationEnsureAction,
  createHoopEnvFilePatchAction,
} from './actions';
import { callCluster } from './__testUtils__/callCluster';
import { restartGateway } from './__testUtils__/layouts';
import { useSandbox } from './__testUtils__/useSandbox';
import { useWorkspace } from './__testUtils__/useWorkspace';

describe('a gateway of docker compose', () => {
  const fixture = useSandbox();
  const workspace = useWorkspace();

  it('should sign people in with the environment that its patched env file gives', async () => {
    const fixtures = resolve(__dirname, '__fixtures__/layouts');
    const original = await readFile(resolve(fixtures, 'compose.env'), 'utf8');
    await workspace.write('.env', original);
    const options = {
      workspacePath: workspace.path,
      config: { otherTarget: { type: 'envFile' as const } },
    };
    const input = {
      gateway: 'main',
      path: '.env',
      writeClientSecret: true,
      allowOtherReaders: true,
    };
    await fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
    });

    await fixture.succeed(createHoopEnvFilePatchAction, input, options);

    const patched = await workspace.read('.env');
    const environment = parseEnv(patched);
    const { AUTH_METHOD: _, ...foreign } = parseEnv(original);
    expect(Object.keys(environment)).toEqual(
      expect.arrayContaining(Object.keys(foreign)),
    );
    expect(patched).toContain('# Identity provider');

    // The sandbox has no compose: a container gets the same variables from a ConfigMap.
    await callCluster(fixture.sandbox, 'PATCH', 'configmaps/hoopgateway', {
      data: { AUTH_METHOD: null, ...environment },
    });
    await restartGateway(fixture.sandbox);

    expect(await fixture.authMethod()).toBe('oidc');
    const { authentik, gateway, users } = fixture.sandbox;
    const response = await fetch(`${gateway.url}/api/login`);
    const { login_url: loginUrl } = await response.json();
    const { token } = await signInWithBrowser({
      loginUrl,
      username: users[0].username,
      password: users[0].password,
      origins: [authentik.url, gateway.url].map(url => new URL(url).origin),
    });
    expect(token).toBeDefined();

    const again = await fixture.succeed(
      createHoopEnvFilePatchAction,
      input,
      options,
    );
    expect(again.outputs).toMatchObject({ changed: false });
  });
});
