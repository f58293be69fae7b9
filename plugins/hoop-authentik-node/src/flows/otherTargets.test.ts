import { authConfigError } from '../systems/hoop/authConfigErrors';
import { answerOf } from '../http/__testUtils__/answerOf';
import { GatewayApiTarget, FileTarget } from '../targets';
import { configureGateway } from './connect';
import { integrationReport } from '../integration';
import { observeIntegration } from '../integration/observe';
import { restartGateway } from './restart';
import { rotateClientSecret } from './rotate';
import {
  changingPlan,
  fakeSystems,
  type FakeSystems,
} from '../integration/__testUtils__/fakeSystems';
import {
  DESIRED,
  goodAuthConfig,
} from '../integration/__testUtils__/goodObservation';
import { SecretValue } from '../core';

const log = () => {};

const STORED_ELSEWHERE = {
  provider_name: 'okta',
  auth_method: 'local',
  oidc_config: null,
};

const claim = { slug: 'hoop', redirectUri: DESIRED.redirectUri };

describe('a gateway whose settings are in a file', () => {
  const create = () => {
    const { systems } = fakeSystems();
    return { ...systems, target: new FileTarget({ type: 'helmValues' }) };
  };

  it.each([
    [
      'configure',
      'The gateway "prod" was not changed.',
      (systems: ReturnType<typeof create>) =>
        configureGateway(systems, DESIRED, { log }),
    ],
    [
      'plan',
      'The gateway "prod" was not changed.',
      (systems: ReturnType<typeof create>) =>
        configureGateway(systems, DESIRED, { log, dryRun: true }),
    ],
    [
      'rotate',
      'The client secret was not rotated.',
      (systems: ReturnType<typeof create>) =>
        rotateClientSecret(systems, DESIRED, { claim, log }),
    ],
    [
      'restart',
      'The gateway was not restarted.',
      (systems: ReturnType<typeof create>) =>
        restartGateway(systems, DESIRED, { log }),
    ],
  ])('should refuse to %s before anything is asked', async (_, what, run) => {
    const systems = create();
    await expect(run(systems)).rejects.toMatchObject({
      name: 'InputError',
      message: `${what} ${systems.target.refusal}`,
    });
    expect(systems.authentik.calls).toEqual([]);
    expect(systems.hoop.getInfo).not.toHaveBeenCalled();
  });
});

describe('a gateway that stores its settings itself', () => {
  it.each([true, false])(
    'should not be restarted, nor planned to be (dry run: %s)',
    async dryRun => {
      const { systems } = fakeSystems();
      const target = new GatewayApiTarget(systems.hoop);
      await expect(
        restartGateway({ ...systems, target }, DESIRED, { log, dryRun }),
      ).resolves.toMatchObject({ restarted: false });
      await expect(
        restartGateway({ ...systems, target }, DESIRED, {
          log,
          dryRun,
          always: true,
        }),
      ).rejects.toThrow('take effect without a restart');
    },
  );
});

describe('a stored configuration beside the settings of a cluster', () => {
  const create = () => {
    const fake = fakeSystems();
    const { plan, apply } = changingPlan();
    fake.state.plan = plan;
    fake.systems.hoop.hasApiKey = true;
    return { ...fake, apply };
  };

  it('should refuse a configuration without effect', async () => {
    const { systems, apply } = create();
    systems.hoop.getAuthConfig.mockResolvedValue(
      goodAuthConfig(STORED_ELSEWHERE),
    );
    await expect(
      configureGateway(systems, DESIRED, { log }),
    ).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(
        /was not changed\. .*stored in the gateway: AUTH_METHOD=local.*UPDATE private\.authconfig/,
      ),
    });
    expect(apply).not.toHaveBeenCalled();
  });

  it('should keep a secret from being rotated past it', async () => {
    const { systems } = create();
    systems.hoop.getAuthConfig.mockResolvedValue(
      goodAuthConfig({ provider_name: 'other' }),
    );
    const before = systems.authentik.providers[0].clientSecret;
    await expect(
      rotateClientSecret(systems, DESIRED, { claim, log }),
    ).rejects.toThrow(/IDP_CLIENT_SECRET=another value/);
    expect(systems.authentik.providers[0].clientSecret).toBe(before);
  });

  it('should stop the switch when the key is not accepted', async () => {
    const { systems, apply } = create();
    systems.hoop.getAuthConfig.mockRejectedValue(new Error('key refused'));
    await expect(
      configureGateway(systems, DESIRED, { log }),
    ).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining('key refused'),
    });
    expect(apply).not.toHaveBeenCalled();
  });

  it('should not keep a gateway that is down from being fixed', async () => {
    const { systems, apply } = create();
    systems.hoop.getAuthConfig.mockRejectedValueOnce(new Error('down'));
    systems.hoop.hasOidcLoaded.mockRejectedValueOnce(new Error('down'));
    await configureGateway(systems, DESIRED, { log });
    expect(apply).toHaveBeenCalledTimes(1);
  });

  it('should not keep a gateway that cannot load its provider from being fixed', async () => {
    const { systems, apply } = create();
    systems.hoop.getAuthConfig.mockRejectedValueOnce(
      new Error('answered 500 (failed loading IDP provider)'),
    );
    systems.hoop.hasOidcLoaded.mockResolvedValueOnce(false);
    await configureGateway(systems, DESIRED, { log });
    expect(apply).toHaveBeenCalledTimes(1);
  });

  it.each([401, 403])(
    'should still stop the switch of such a gateway when it refuses the key with %s',
    async status => {
      const { systems, apply } = create();
      systems.hoop.getAuthConfig.mockRejectedValue(
        authConfigError(
          {
            system: 'gateway "prod"',
            method: 'GET',
            path: '/api/serverconfig/auth',
          },
          answerOf({ status, body: { message: 'access denied' } }),
        ),
      );
      systems.hoop.hasOidcLoaded.mockResolvedValueOnce(false);
      await expect(
        configureGateway(systems, DESIRED, { log }),
      ).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message: expect.stringContaining("expected an administrator's key"),
      });
      expect(apply).not.toHaveBeenCalled();
    },
  );
});

describe('the state of a gateway without a cluster', () => {
  const report = async (
    type: 'gatewayApi' | 'envFile',
    change: (fake: FakeSystems['systems']) => void,
  ) => {
    const { systems } = fakeSystems();
    change(systems);
    const target =
      type === 'gatewayApi'
        ? new GatewayApiTarget(systems.hoop)
        : new FileTarget({ type });
    const observed = await observeIntegration({ ...systems, target }, DESIRED);
    return integrationReport(
      'component:default/hoop',
      {
        gateway: {
          ...DESIRED.gateway,
          title: 'Production',
          authentik: 'default',
          application: 'hoop',
          caFile: undefined,
          apiKey: undefined,
          target: { type },
        },
        authentik: {
          ...DESIRED.authentik,
          credential: { token: new SecretValue('the-token') },
          caFile: undefined,
          signingKey: undefined,
        },
      },
      DESIRED,
      observed,
    ).state;
  };

  const signsInWith = (systems: FakeSystems['systems'], authMethod: string) => {
    systems.hoop.getInfo.mockResolvedValue({
      version: '1.148.0',
      authMethod,
      setupRequired: false,
    });
    systems.hoop.hasOidcLoaded.mockResolvedValue(authMethod === 'oidc');
  };

  it.each<
    [
      string,
      string,
      'gatewayApi' | 'envFile',
      (systems: FakeSystems['systems']) => void,
    ]
  >([
    ['connected', 'it stores the settings', 'gatewayApi', () => {}],
    [
      'drifted',
      'it stores another secret',
      'gatewayApi',
      ({ hoop }) =>
        hoop.getAuthConfig.mockResolvedValue(
          goodAuthConfig({}, { client_secret: 'another' }),
        ),
    ],
    [
      'not-connected',
      'it uses local accounts and the issuer is a leftover',
      'gatewayApi',
      systems => {
        signsInWith(systems, 'local');
        systems.hoop.getAuthConfig.mockResolvedValue(
          goodAuthConfig({ auth_method: 'local' }),
        );
      },
    ],
    [
      'not-connected',
      'it uses another identity provider',
      'gatewayApi',
      ({ hoop }) =>
        hoop.getAuthConfig.mockResolvedValue(
          goodAuthConfig({}, { issuer_url: 'https://other.company/' }),
        ),
    ],
    [
      'unreachable',
      'its key is not accepted',
      'gatewayApi',
      ({ hoop }) => hoop.getAuthConfig.mockRejectedValue(new Error('refused')),
    ],
    ['connected', 'it signs people in with OpenID', 'envFile', () => {}],
    [
      'not-connected',
      'it uses local accounts',
      'envFile',
      systems => signsInWith(systems, 'local'),
    ],
    [
      'drifted',
      'it cannot load its provider',
      'envFile',
      ({ hoop }) => hoop.hasOidcLoaded.mockResolvedValue(false),
    ],
    [
      'not-connected',
      'its API shows another identity provider',
      'envFile',
      ({ hoop }) => {
        hoop.hasApiKey = true;
        hoop.getAuthConfig.mockResolvedValue(
          goodAuthConfig({}, { issuer_url: 'https://other.company/' }),
        );
      },
    ],
  ])('should be %s when %s (%s)', async (state, _, type, change) => {
    expect(await report(type, change)).toBe(state);
  });
});
