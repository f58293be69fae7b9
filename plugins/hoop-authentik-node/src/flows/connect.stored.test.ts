import { configureGateway } from './connect';
import {
  changingPlan,
  changingSystems,
  type FakeSystems,
} from '../integration/__testUtils__/fakeSystems';
import {
  DESIRED,
  goodAuthConfig,
  goodLoginUrl,
  goodState,
} from '../integration/__testUtils__/goodObservation';

const log = () => {};

describe('configureGateway where no API key shows what the gateway stores', () => {
  const leadsTo = (clientId: string) => ({ ...goodLoginUrl(), clientId });

  const start = () => {
    const fake = changingSystems();
    const { apply, restore, finish } = fake;
    fake.state.current.settings.IDP_CLIENT_ID.value = 'before';
    apply.mockImplementation(async () => {
      fake.state.current = goodState();
      fake.systems.hoop.getLoginUrl.mockResolvedValue(goodLoginUrl());
      return { writes: 3, restore, finish };
    });
    return fake;
  };

  it('should write nothing where its sign-in leads to another client than its environment', async () => {
    const { systems, apply } = start();
    systems.hoop.getLoginUrl.mockResolvedValue(leadsTo('stored'));
    await expect(
      configureGateway(systems, DESIRED, { log }),
    ).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(
        /was not changed\. .*found client id another value \(6 characters\): a configuration is probably stored in the gateway/,
      ),
    });
    expect(apply).not.toHaveBeenCalled();
  });

  it('should call no success what has only the right environment', async () => {
    const { systems, state } = start();
    state.current = goodState();
    state.plan = changingPlan({ changes: [], restart: false }).plan;
    systems.hoop.getLoginUrl.mockResolvedValue(leadsTo('stored'));
    await expect(configureGateway(systems, DESIRED, { log })).rejects.toThrow(
      'a configuration is probably stored in the gateway',
    );
  });

  it('should switch a gateway that does what its environment said before', async () => {
    const { systems, apply } = start();
    systems.hoop.getLoginUrl.mockResolvedValue(leadsTo('before'));
    await configureGateway(systems, DESIRED, { log });
    expect(apply).toHaveBeenCalledTimes(1);
  });

  it.each<[string, (fake: FakeSystems) => void, object]>([
    [
      'an API key shows more',
      ({ systems }) => {
        systems.hoop.hasApiKey = true;
        systems.hoop.getAuthConfig.mockResolvedValueOnce(
          goodAuthConfig({}, { client_id: 'before' }),
        );
      },
      {},
    ],
    [
      'it has loaded no provider',
      ({ systems }) => systems.hoop.hasOidcLoaded.mockResolvedValueOnce(false),
      {},
    ],
    ['nothing may be left behind', () => {}, { dryRun: true }],
  ])(
    'should not ask where its sign-in leads when %s',
    async (_, change, options) => {
      const fake = start();
      change(fake);
      const apply = jest.fn(async () => {
        throw new Error('far enough');
      });
      fake.state.plan.apply = apply;
      await configureGateway(fake.systems, DESIRED, {
        log,
        ...options,
      }).catch(() => {});
      expect(apply).toHaveBeenCalledTimes('dryRun' in options ? 0 : 1);
      expect(fake.systems.hoop.getLoginUrl).not.toHaveBeenCalled();
    },
  );
});
