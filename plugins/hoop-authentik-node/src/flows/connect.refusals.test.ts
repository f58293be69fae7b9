import { configureGateway } from './connect';
import {
  changingSystems,
  type FakeSystems,
} from '../integration/__testUtils__/fakeSystems';
import { DESIRED } from '../integration/__testUtils__/goodObservation';

const log = () => {};

describe('what configureGateway refuses', () => {
  it.each<[string, string, string, (fake: FakeSystems) => void]>([
    [
      'the issuer differs',
      'InputError',
      'Discovery document has the exact issuer and usable keys: expected issuer',
      ({ systems }) =>
        systems.probes.getDiscovery.mockResolvedValue({
          ...DESIRED,
          issuer: 'http://internal/',
          authorizationEndpoint: '',
          tokenEndpoint: '',
          jwksUri: '',
          idTokenSigningAlgorithms: [],
          scopes: [],
          claims: [],
        }),
    ],
    [
      'the secret is refused',
      'InputError',
      'authentik accepts the client secret',
      ({ systems }) =>
        systems.probes.probeClientSecret.mockResolvedValue(false),
    ],
    [
      'the redirect URI is missing',
      'InputError',
      'Redirect URI is strict and exact',
      ({ systems }) => {
        systems.authentik.providers[0].redirectUris = [];
      },
    ],
    [
      'the cluster cannot be reached',
      'ServiceUnavailableError',
      'The gateway "prod" was not changed. Gateway deployment could not be read: no route to cluster.',
      ({ systems }) =>
        systems.target.read.mockRejectedValue(new Error('no route to cluster')),
    ],
    [
      'the plan is refused',
      'InputError',
      'The gateway "prod" was not changed. It is paused.',
      ({ state }) => {
        state.plan = { ...state.plan, refusals: ['It is paused.'] };
      },
    ],
    [
      'Helm manages the objects',
      'InputError',
      'Deployment "hoopgateway" is managed by Helm (release "hoop"), which would undo a live edit. ' +
        'Change the values it is generated from instead, or set allowManaged to write anyway.',
      ({ state }) => {
        state.plan.owners = [
          {
            tool: 'Helm',
            object: 'Deployment "hoopgateway"',
            detail: 'release "hoop"',
          },
        ];
      },
    ],
  ])(
    'should not write anything where %s',
    async (_, errorName, message, change) => {
      const fake = changingSystems();
      const { apply } = fake;
      change(fake);
      await expect(
        configureGateway(fake.systems, DESIRED, { log }),
      ).rejects.toMatchObject({
        name: errorName,
        message: expect.stringContaining(message),
      });
      expect(apply).not.toHaveBeenCalled();
    },
  );

  it('should refuse where the gateway would have no administrator, unless that is accepted', async () => {
    const desired = {
      ...DESIRED,
      gateway: { ...DESIRED.gateway, adminGroup: 'Admin' },
    };
    const { systems, apply } = changingSystems();
    await expect(
      configureGateway(systems, desired, { log }),
    ).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(
        'At least one admin can sign in: expected a group "Admin" in authentik with an active member; found no such group.',
      ),
    });
    expect(apply).not.toHaveBeenCalled();

    await configureGateway(systems, desired, { log, allowLockout: true });
    expect(apply).toHaveBeenCalledTimes(1);
  });

  it('should waive nothing else with it', async () => {
    const { systems, apply } = changingSystems();
    systems.authentik.providers[0].encryptionKey = 'key-rsa';
    await expect(
      configureGateway(systems, DESIRED, { log, allowLockout: true }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('tokens are encrypted'),
    });
    expect(apply).not.toHaveBeenCalled();
  });

  it('should write to managed objects when allowed', async () => {
    const { systems, plan, apply } = changingSystems();
    plan.owners = [{ tool: 'Flux', object: 'x', detail: 'y' }];
    await configureGateway(systems, DESIRED, { log, allowManaged: true });
    expect(apply).toHaveBeenCalledTimes(1);
  });
});
