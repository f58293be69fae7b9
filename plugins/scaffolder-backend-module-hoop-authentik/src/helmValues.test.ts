import {
  createAuthentikApplicationEnsureAction,
  createHoopGatewayVerifyAction,
  createHoopHelmValuesPatchAction,
} from './actions';
import { loadObjects, readLayout } from './__testUtils__/layouts';
import { renderChart } from './__testUtils__/renderChart';
import { callAuthentik } from './__testUtils__/systemState';
import { useSandbox } from './__testUtils__/useSandbox';
import { useWorkspace } from './__testUtils__/useWorkspace';

const DATABASE = 'postgres://hoop:not-a-database@postgres.sandbox.invalid/hoop';

interface Case {
  title: string;
  /** Of the values file, beside API_URL. */
  values: string;
  /** As given to the action. */
  existingSecret?: string;
  /** The Secret that the gateway reads in the end, without the client secret. */
  secret: { name: string; data: Record<string, string> };
}

const CASES: Case[] = [
  {
    title: 'a Secret for the client secret alone',
    values: `  POSTGRES_DB_URI: ${DATABASE}\n`,
    existingSecret: 'hoop-idp',
    secret: { name: 'hoop-idp', data: {} },
  },
  {
    title: 'the Secret that the gateway depends on',
    values: 'existingSecret: hoop-extra\n',
    secret: { name: 'hoop-extra', data: { POSTGRES_DB_URI: DATABASE } },
  },
];

describe('a gateway of the Helm chart', () => {
  const fixture = useSandbox();
  const workspace = useWorkspace();

  it.each(CASES)(
    'should load OpenID from its patched values and $title',
    async ({ values, existingSecret, secret }) => {
      const { sandbox } = fixture;
      await workspace.write(
        'values.yaml',
        `config:\n  API_URL: ${sandbox.gateway.url}\n  LOG_LEVEL: info\n${values}`,
      );
      await fixture.succeed(createAuthentikApplicationEnsureAction, {
        gateway: 'main',
      });

      await fixture.succeed(
        createHoopHelmValuesPatchAction,
        { gateway: 'main', path: 'values.yaml', existingSecret },
        { workspacePath: workspace.path },
      );

      const { results } = await callAuthentik(
        sandbox,
        'GET',
        '/providers/oauth2/',
      );
      const rendered = renderChart(await workspace.read('values.yaml'));
      await loadObjects(sandbox, [
        {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: secret.name },
          stringData: {
            ...secret.data,
            IDP_CLIENT_SECRET: results[0].client_secret,
          },
        },
        ...rendered,
      ]);

      expect(await fixture.authMethod()).toBe('oidc');
      // Only a gateway that has loaded its provider knows where to send people.
      const login = await fetch(`${sandbox.gateway.url}/api/login`);
      expect(login.status).toBe(200);
      await fixture.succeed(
        createHoopGatewayVerifyAction,
        { gateway: 'main' },
        { config: { target: { settingsIn: 'secret', secret: secret.name } } },
      );
    },
  );

  it('should be as in the fixture of that layout', async () => {
    const { sandbox } = fixture;
    await fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
    });
    const [config, , deployment] = await readLayout(
      sandbox,
      'chart-patched-values.yaml',
    );
    const { API_URL, LOG_LEVEL, POSTGRES_DB_URI } = config.stringData ?? {};
    await workspace.write(
      'values.yaml',
      JSON.stringify({ config: { API_URL, LOG_LEVEL, POSTGRES_DB_URI } }),
    );

    const { outputs } = await fixture.succeed(
      createHoopHelmValuesPatchAction,
      { gateway: 'main', path: 'values.yaml', existingSecret: 'hoop-idp' },
      { workspacePath: workspace.path },
    );

    const rendered = renderChart(await workspace.read('values.yaml'));
    expect(rendered[0].stringData).toEqual({
      ...config.stringData,
      IDP_CLIENT_ID: outputs.clientId,
    });
    expect(deployment).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              {
                envFrom: [
                  { secretRef: { name: 'hoop-config' } },
                  { secretRef: { name: 'hoop-idp' } },
                ],
              },
            ],
          },
        },
      },
    });
  });
});
