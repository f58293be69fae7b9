import type { FurtherGateway } from '../start/furtherGateways';
import { portalConfig } from '../start/portalConfig';

const gateways = [
  {
    name: 'production',
    sandbox: {
      authentik: {
        url: 'http://127.0.0.1:1',
        tokens: { leastPrivilege: 'token' },
      },
      gateway: { url: 'http://127.0.0.1:2' },
      kubernetes: {
        kubeconfigPath: '/tmp/kubeconfig',
        namespace: 'hoop',
        deployment: 'hoopgateway',
      },
    },
  },
] as unknown as FurtherGateway[];

describe('portalConfig', () => {
  it('should keep what app-config.yaml declares, and add the further gateways', async () => {
    const { catalog, hoopAuthentik } = await portalConfig(gateways);

    expect(hoopAuthentik).toMatchObject({
      authentik: [
        { name: 'default' },
        { name: 'production', baseUrl: 'http://127.0.0.1:1' },
      ],
      gateways: [
        { name: 'main', authentik: 'default' },
        {
          name: 'production',
          title: 'Production gateway',
          authentik: 'production',
          url: 'http://127.0.0.1:2',
        },
      ],
    });
    expect(catalog.locations).toContainEqual({
      type: 'file',
      target: expect.stringMatching(/examples\/gateways\.yaml$/),
    });
    expect(catalog.locations.length).toBeGreaterThan(2);
  });
});
