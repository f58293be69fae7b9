import { createHash } from 'node:crypto';
import { mockServices } from '@backstage/backend-test-utils';
import {
  DefaultHoopAuthentikService,
  type StoredSwitch,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { connectGateway } from '../__testUtils__/connectGateway';
import { gatewayConfig } from '../__testUtils__/gatewayConfig';
import { Observer } from './Observer';

jest.setTimeout(60_000);

describe('a gateway that stores its settings itself', () => {
  let sandbox: SandboxProcess;
  let gateways: DefaultHoopAuthentikService;
  let record: StoredSwitch | undefined;

  beforeAll(async () => {
    sandbox = await startSandboxProcess({ rolloutDelayMs: 50 });
    const data = gatewayConfig(sandbox, {
      apiKey: sandbox.gateway.apiKey,
      target: { type: 'gatewayApi' },
    });
    await connectGateway(data);
    gateways = DefaultHoopAuthentikService.create({
      config: mockServices.rootConfig({ data }),
    });
  });

  afterAll(async () => {
    await gateways?.close();
    await sandbox?.stop();
  });

  const observed = async () => {
    const observer = new Observer({
      gateways,
      runs: {
        getSwitch: async gateway => (gateway === 'main' ? record : undefined),
      },
    });
    const report = (
      await observer.observe({ gateway: 'main', application: 'hoop' })
    )('resource:default/hoop');
    return {
      state: report.state,
      check: report.checks.find(
        ({ id }) => id === 'gateway.stored-configuration',
      ),
    };
  };

  it('should show a switch that no run has verified, until its record is cleared', async () => {
    const { systems } = gateways.getGateway('main');
    const { authMethod, oidc } = await systems.hoop.getAuthConfig();
    const written = createHash('sha256')
      .update(
        JSON.stringify({
          AUTH_METHOD: authMethod,
          IDP_CLIENT_ID: oidc?.clientId,
          IDP_GROUPS_CLAIM: oidc?.groupsClaim,
          IDP_ISSUER: oidc?.issuer,
        }),
      )
      .digest('base64');
    const since = '2026-11-28T10:00:00.000Z';

    record = { since, previousMethod: 'local', written };
    expect(await observed()).toMatchObject({
      state: 'connected',
      check: {
        status: 'warn',
        actual: expect.stringContaining(`the switch of ${since} is unverified`),
        remedy: expect.stringContaining('or undoes it'),
        fix: { action: 'repair' },
      },
    });

    record = { since, previousMethod: 'oidc', written };
    expect((await observed()).check?.remedy).toContain('is kept nowhere');

    // Another process has changed the settings since.
    record = { since, previousMethod: 'local', written: `${'A'.repeat(43)}=` };
    expect((await observed()).check?.status).toBe('pass');

    record = undefined;
    expect((await observed()).check?.status).toBe('pass');
  });
});
