import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';
import { findSharedSecret } from './sharedSecret';
import type { PossibleUser } from './uses';

const BASE_URL = 'https://authentik.company';

/** A gateway that signs people in with the application "hoop", or cannot be asked, or keeps its settings in a file. */
function gateway(
  name: string,
  { known = true, file = '' }: { known?: boolean; file?: string } = {},
): PossibleUser {
  return {
    config: { name, application: 'hoop' },
    authentik: { baseUrl: BASE_URL },
    systems: {
      authentik: new FakeAuthentikClient(),
      hoop: {
        hasApiKey: false,
        getInfo: async () => ({ authMethod: 'oidc' }),
        getAuthConfig: jest.fn(),
        getLoginUrl: jest.fn(),
      },
      target: {
        capabilities: { showsEnvironment: true },
        description: file,
        refusal: file && `Its settings are kept in ${file}.`,
        read: async () => {
          if (!known) {
            throw new Error('it is down');
          }
          return {
            state: {
              settings: {
                IDP_ISSUER: { value: `${BASE_URL}/application/o/hoop/` },
              },
              outcome: { method: 'oidc' },
              overrides: [],
            },
          };
        },
      },
    },
  };
}

const find = (others: PossibleUser[], allowShared?: boolean) => {
  const main = gateway('main');
  const all = [main, ...others];
  return findSharedSecret(
    {
      gatewayNames: () => all.map(({ config }) => config.name),
      getGateway: name => all.find(({ config }) => config.name === name)!,
    },
    { gateway: main, claim: { slug: 'hoop' } },
    { allowShared },
  );
};

describe('findSharedSecret', () => {
  it('should find nothing where no other gateway uses the application', async () => {
    await expect(find([])).resolves.toBeUndefined();
  });

  it('should ask no gateway for one whose settings are not written here', async () => {
    const main = gateway('main', { file: 'a file' });
    await expect(
      findSharedSecret(
        {
          gatewayNames: () => {
            throw new Error('unexpected call');
          },
          getGateway: () => main,
        },
        { gateway: main, claim: { slug: 'hoop' } },
        {},
      ),
    ).resolves.toBeUndefined();
  });

  it('should refuse, naming the gateways, the consequence and what to do', async () => {
    await expect(find([gateway('a'), gateway('b')])).rejects.toMatchObject({
      name: 'InputError',
      message:
        'The client secret was not rotated: the gateway "a" signs people in with the application "hoop"; ' +
        'the gateway "b" signs people in with the application "hoop". ' +
        'After a rotation, people cannot sign in to such a gateway until it has the new secret. ' +
        'Give each gateway its own application, or set allowShared. ' +
        'Then, right after the rotation: run hoop:gateway:configure for "a" and "b".',
    });
  });

  it('should also refuse where a gateway cannot be asked, and say to ask again', async () => {
    await expect(
      find([gateway('a'), gateway('b', { known: false })]),
    ).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(
        /the gateway "a" signs people in .*; whether the gateway "b" uses the application "hoop" cannot be determined: it is down\. .* run the task again once all of them can be asked, or set allowShared\. /,
      ),
    });
  });

  it('should name every gateway in the warning where sharing is allowed', async () => {
    const shared = await find(
      [gateway('a'), gateway('b', { known: false })],
      true,
    );
    expect(shared?.warning).toMatch(
      /people cannot sign in to them until they have the new one: the gateway "a" .*; whether the gateway "b" /,
    );
  });

  it('should name no action that refuses the gateway as a follow-up', async () => {
    const file = gateway('b', { file: 'a Helm values file' });
    await expect(
      find([gateway('a'), file, gateway('c', { known: false })], true),
    ).resolves.toMatchObject({
      followUp:
        'run hoop:gateway:configure for "a" and "c"; put the secret where "b" reads it (a Helm values file) and restart it',
    });
    await expect(find([file], true)).resolves.toMatchObject({
      followUp:
        'put the secret where "b" reads it (a Helm values file) and restart it',
    });
  });
});
