import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';
import { refuseWhileInUse, type PossibleUser } from './uses';

const BASE_URL = 'https://authentik.company';
const ISSUER = `${BASE_URL}/application/o/hoop/`;
const CLIENT_ID = 'client-of-hoop';

/** Two gateways of one authentik: "main", whose application it is, and "other", whose environment has no settings. */
function start() {
  const authentik = new FakeAuthentikClient();
  const { pk } = authentik.addProvider({ name: 'Hoop', clientId: CLIENT_ID });
  authentik.addApplication({ name: 'Hoop', slug: 'hoop', provider: pk });
  const hoop = {
    hasApiKey: false,
    getInfo: jest.fn(async () => ({ authMethod: 'oidc' })),
    getAuthConfig: jest.fn(async () => ({ oidc: { issuer: ISSUER } })),
    getLoginUrl: jest.fn(async () => ({ clientId: CLIENT_ID })),
  };
  const target = {
    capabilities: { showsEnvironment: true },
    description: 'a target in memory',
    read: jest.fn(async () => ({
      state: {
        settings: { IDP_ISSUER: { value: undefined } },
        outcome: { method: 'local' },
        overrides: [],
      },
    })),
  };
  /** Of those that do not have the one instance. */
  const instances: Record<string, { baseUrl: string }> = {};
  const gatewayOf = (name: string): PossibleUser => ({
    config: { name, application: 'hoop' },
    authentik: instances[name] ?? { baseUrl: BASE_URL },
    systems: { authentik, hoop, target },
  });
  const main = gatewayOf('main');
  const gateways = {
    gatewayNames: () => ['main', 'other'],
    getGateway: (name: string) => (name === 'main' ? main : gatewayOf(name)),
  };
  return {
    hoop,
    target,
    instances,
    refuse: () =>
      refuseWhileInUse(
        gateways,
        { gateway: main, claim: { slug: 'hoop' } },
        { others: true },
      ),
  };
}

type Started = ReturnType<typeof start>;

describe('refuseWhileInUse', () => {
  it.each<[string, (started: Started) => void]>([
    ['its sign-in leads to the application', () => {}],
    [
      'its API says so',
      ({ hoop }) => {
        hoop.hasApiKey = true;
        hoop.getLoginUrl.mockRejectedValue(new Error('unexpected call'));
      },
    ],
    [
      'it uses the older name of OpenID',
      ({ hoop }) => hoop.getInfo.mockResolvedValue({ authMethod: 'idp' }),
    ],
    [
      'its authentik is the same server, declared a second time',
      ({ instances }) => {
        instances.other = { baseUrl: BASE_URL };
      },
    ],
  ])(
    'should refuse despite the environment of the gateway when %s',
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
      'it signs people in with local accounts',
      ({ hoop }) => hoop.getInfo.mockResolvedValue({ authMethod: 'local' }),
    ],
    [
      'it belongs to another authentik',
      ({ instances }) => {
        instances.other = { baseUrl: 'https://b.company' };
      },
    ],
    [
      'its sign-in leads elsewhere',
      ({ hoop }) => hoop.getLoginUrl.mockResolvedValue({ clientId: 'other' }),
    ],
    [
      'its API names another provider',
      ({ hoop }) => {
        hoop.hasApiKey = true;
        hoop.getAuthConfig.mockResolvedValue({
          oidc: { issuer: 'https://other.company/' },
        });
      },
    ],
    [
      'its stored configuration is its target',
      ({ target }) => {
        target.capabilities.showsEnvironment = false;
      },
    ],
  ])('should permit the deletion when %s', async (_, change) => {
    const started = start();
    change(started);
    await expect(started.refuse()).resolves.toBeUndefined();
  });

  it('should refuse as unavailable when the gateway cannot be asked', async () => {
    const { hoop, refuse } = start();
    hoop.getInfo.mockRejectedValue(new Error('gateway "other" is down'));
    await expect(refuse()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining(
        'whether the gateway "other" uses the application "hoop" cannot be determined: gateway "other" is down',
      ),
    });
  });
});
