import {
  actionsRegistryServiceFactory,
  actionsServiceFactory,
} from '@backstage/backend-defaults/alpha';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import mcpActionsPlugin from '@backstage/plugin-mcp-actions-backend';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { connectGateway } from '../__testUtils__/connectGateway';
import { gatewayConfig } from '../__testUtils__/gatewayConfig';
import { hoopAuthentikPlugin } from '../plugin';

jest.setTimeout(120_000);

const ENTITY = 'resource:default/hoop';

describe('the MCP server of a backend', () => {
  let sandbox: SandboxProcess;
  let backend: Awaited<ReturnType<typeof startTestBackend>>;
  const client = new Client({ name: 'a model', version: '1.0.0' });
  const permissions = mockServices.permissions.mock();
  const answers: unknown[] = [];

  beforeAll(async () => {
    sandbox = await startSandboxProcess({ rolloutDelayMs: 200 });
    const config = gatewayConfig(sandbox);
    await connectGateway(config);
    allow(() => AuthorizeResult.ALLOW);
    backend = await startTestBackend({
      features: [
        hoopAuthentikPlugin,
        mcpActionsPlugin,
        // The test utils' own do not go through HTTP.
        actionsRegistryServiceFactory,
        actionsServiceFactory,
        permissions.factory,
        mockServices.rootConfig.factory({
          data: {
            ...config,
            backend: { actions: { pluginSources: ['hoop-authentik'] } },
          },
        }),
        catalogServiceMock.factory({
          entities: [
            {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Resource',
              metadata: {
                name: 'hoop',
                annotations: { 'hoop.dev/gateway': 'main' },
              },
            },
          ],
        }),
      ],
    });
    await client.connect(
      new StreamableHTTPClientTransport(
        new URL(`http://127.0.0.1:${backend.server.port()}/api/mcp-actions/v1`),
        {
          requestInit: {
            headers: { authorization: mockCredentials.user.header() },
          },
        },
      ),
    );
  });

  afterAll(async () => {
    await client.close();
    await backend?.stop();
    await sandbox?.stop();
  });

  function allow(
    result: (
      permission: string,
    ) => AuthorizeResult.ALLOW | AuthorizeResult.DENY,
  ) {
    const decide = async (
      requests: ReadonlyArray<{ permission: { name: string } }>,
    ) =>
      requests.map(({ permission }) => ({ result: result(permission.name) }));
    permissions.authorize.mockImplementation(decide);
    permissions.authorizeConditional.mockImplementation(decide);
  }

  const call = async (name: string, input: Record<string, unknown>) => {
    const answer = await client.callTool({ name, arguments: input });
    answers.push(answer);
    const [{ text }] = answer.content as Array<{ text: string }>;
    return { text, failed: answer.isError === true };
  };

  it('should offer every action with what a model needs to choose it, and none that writes to a gateway', async () => {
    const { tools } = await client.listTools();
    answers.push(tools);
    for (const { description, annotations, inputSchema } of tools) {
      expect(description?.length).toBeGreaterThan(100);
      expect(annotations).toMatchObject({ destructiveHint: false });
      expect(inputSchema.type).toBe('object');
    }
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/get-integration$/),
        expect.stringMatching(/list-integrations$/),
        expect.stringMatching(/check-gateway$/),
        expect.stringMatching(/plan-connection$/),
      ]),
    );
  });

  it('should answer what an integration is like, and what would change', async () => {
    const named = async (action: string) =>
      (await client.listTools()).tools.find(({ name }) =>
        name.endsWith(action),
      )!.name;
    const checked = await call(await named('check-gateway'), {
      gateway: 'main',
    });
    expect(checked).toMatchObject({ failed: false });
    expect(checked.text).toContain('"connected"');
    const planned = await call(await named('plan-connection'), {
      gateway: 'main',
    });
    expect(planned).toMatchObject({ failed: false });
    const got = await call(await named('get-integration'), {
      entityRef: ENTITY,
    });
    expect(got).toMatchObject({ failed: false });
    expect(got.text).toContain('"main"');

    allow(() => AuthorizeResult.DENY);
    for (const [action, input] of [
      ['check-gateway', { gateway: 'main' }],
      ['plan-connection', { gateway: 'main' }],
      ['get-integration', { entityRef: ENTITY }],
    ] as const) {
      expect(await call(await named(action), input)).toMatchObject({
        failed: true,
        text: expect.stringMatching(/NotAllowedError|NotFoundError/),
      });
    }
    allow(() => AuthorizeResult.ALLOW);
    const unknown = await call(await named('check-gateway'), {
      gateway: 'mian',
    });
    expect(unknown).toMatchObject({ failed: true });
    expect(unknown.text).toContain('Did you mean');
  });

  it('should have shown the model no secret', async () => {
    const secrets = (await sandbox.control.secrets()).filter(
      secret => secret.length >= 8,
    );
    expect(secrets.length).toBeGreaterThan(3);
    const said = JSON.stringify(answers);
    expect(said.length).toBeGreaterThan(2_000);
    expect(secrets.filter(secret => said.includes(secret))).toEqual([]);
  });
});
