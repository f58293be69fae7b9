import type {
  Gateway,
  HoopAuthentikService,
} from 'backstage-plugin-hoop-authentik-node';
import type { ActionOptions } from './ActionOptions';
import { refuseWhileInUse } from './applicationUse';
import type { ResolvedGateway } from './resolveGateway';

const BASE_URL = 'https://authentik.company';
const ISSUER = `${BASE_URL}/application/o/hoop/`;
const CLIENT_ID = 'client-of-hoop';

/** Two gateways of one authentik: "main", which is asked for, and "other", whose environment says nothing of authentik. */
function start() {
  const hoop = {
    hasApiKey: false,
    getInfo: jest.fn(async () => ({ authMethod: 'oidc' })),
    getAuthConfig: jest.fn(async () => ({ oidc: { issuer: ISSUER } })),
    getLoginUrl: jest.fn(async () => ({ clientId: CLIENT_ID })),
  };
  const target = {
    capabilities: { showsEnvironment: true },
    refusal: undefined,
    read: jest.fn(async () => ({
      state: {
        settings: { IDP_ISSUER: { value: undefined } },
        outcome: { method: 'local' },
        overrides: [],
      },
    })),
  };
  /** Of those that do not have the one instance. */
  const instances: Record<string, { name: string; baseUrl: string }> = {};
  const gatewayOf = (name: string) =>
    ({
      config: {
        name,
        url: `https://${name}.company`,
        authentik: instances[name]?.name ?? 'default',
        application: 'hoop',
        adminGroup: 'admin',
        allowedGroups: [],
      },
      authentik: instances[name] ?? { name: 'default', baseUrl: BASE_URL },
      systems: {
        authentik: {
          getApplication: async () => ({
            provider: 7,
            providerModel: 'authentik_providers_oauth2.oauth2provider',
          }),
          getProvider: async () => ({ clientId: CLIENT_ID }),
        },
        hoop,
        target,
      },
    } as unknown as Gateway);
  const main = gatewayOf('main');
  const gateways: Partial<HoopAuthentikService> = {
    gatewayNames: () => ['main', 'other'],
    getGateway: name => (name === 'main' ? main : gatewayOf(name)),
  };
  return {
    hoop,
    target,
    instances,
    refuse: () =>
      refuseWhileInUse(
        { gateways } as ActionOptions,
        {
          gateway: main,
          desired: { application: { slug: 'hoop' } },
        } as ResolvedGateway,
        {},
        main,
      ),
  };
}

type Started = ReturnType<typeof start>;

describe('refuseWhileInUse', () => {
  it.each<[string, (started: Started) => void]>([
    ['its sign-in leads to the application', () => {}],
    [
      'its API tells so',
      ({ hoop }) => {
        hoop.hasApiKey = true;
        hoop.getLoginUrl.mockRejectedValue(new Error('not asked for'));
      },
    ],
    [
      'it calls OpenID by its older name',
      ({ hoop }) => hoop.getInfo.mockResolvedValue({ authMethod: 'idp' }),
    ],
    [
      'its authentik is the same server, declared once more',
      ({ instances }) => {
        instances.other = { name: 'again', baseUrl: BASE_URL };
      },
    ],
  ])(
    'should take an application for used whatever the environment says when %s',
    async (_, change) => {
      const started = start();
      change(started);
      await expect(started.refuse()).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringContaining(
          'the gateway "other" signs people in with the application "hoop"',
        ),
      });
    },
  );

  it.each<[string, (started: Started) => void]>([
    [
      'it signs people in by itself',
      ({ hoop }) => hoop.getInfo.mockResolvedValue({ authMethod: 'local' }),
    ],
    [
      'it belongs to another authentik',
      ({ instances }) => {
        instances.other = { name: 'b', baseUrl: 'https://b.company' };
      },
    ],
    [
      'its sign-in leads elsewhere',
      ({ hoop }) => hoop.getLoginUrl.mockResolvedValue({ clientId: 'other' }),
    ],
    [
      'its API tells of another provider',
      ({ hoop }) => {
        hoop.hasApiKey = true;
        hoop.getAuthConfig.mockResolvedValue({
          oidc: { issuer: 'https://other.company/' },
        });
      },
    ],
    [
      'what it stores is what was read',
      ({ target }) => {
        target.capabilities.showsEnvironment = false;
      },
    ],
  ])('should let an application go when %s', async (_, change) => {
    const started = start();
    change(started);
    await expect(started.refuse()).resolves.toBeUndefined();
  });

  it('should treat a gateway that does not tell like any system out of reach', async () => {
    const { hoop, refuse } = start();
    hoop.getInfo.mockRejectedValue(new Error('gateway "other" is down'));
    await expect(refuse()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining(
        'whether the gateway "other" uses the application "hoop" could not be told: gateway "other" is down',
      ),
    });
  });
});
