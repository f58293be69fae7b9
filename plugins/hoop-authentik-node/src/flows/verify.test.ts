import { CHECKS } from '../integration/checks';
import { fakeSystems } from '../integration/__testUtils__/fakeSystems';
import type { SignInProof } from '../systems/signIn';
import {
  DESIRED,
  goodLoginUrl,
} from '../integration/__testUtils__/goodObservation';
import { verifyGateway } from './verify';

describe('verifyGateway', () => {
  it('should return all checks of a gateway that signs people in', async () => {
    const { systems } = fakeSystems();
    const checks = await verifyGateway(systems, {
      ...DESIRED,
      // Who administers it was asked before the switch.
      gateway: { ...DESIRED.gateway, adminGroup: 'missing' },
    });
    // Who administers the gateway is not asked any more, and a test account is not configured here.
    expect(checks).toHaveLength(CHECKS.length - 3);
    expect(checks.find(({ id }) => id === 'sign-in.login-url')?.status).toBe(
      'pass',
    );
    expect(systems.hoop.getLoginUrl).toHaveBeenCalledTimes(1);
  });

  it('should accept warnings', async () => {
    const { systems } = fakeSystems();
    systems.authentik.bindings.length = 0;
    const checks = await verifyGateway(systems, {
      ...DESIRED,
      allowedGroups: undefined,
    });
    expect(checks.map(({ status }) => status)).toContain('warn');
  });

  it('should wait for a gateway that is not ready, without asking for its sign-in', async () => {
    const { systems } = fakeSystems();
    systems.hoop.hasOidcLoaded
      .mockRejectedValueOnce(new Error('connection refused'))
      .mockResolvedValueOnce(false);
    await verifyGateway(systems, DESIRED);
    expect(systems.hoop.getLoginUrl).toHaveBeenCalledTimes(1);
    expect(systems.target.read).toHaveBeenCalledTimes(1);
  });

  it('should not call a sign-in verified that it has not asked for', async () => {
    const { systems } = fakeSystems();
    systems.hoop.hasOidcLoaded.mockResolvedValueOnce(false);
    const checks = await verifyGateway(systems, DESIRED, { timeoutMs: 0 });
    expect(checks.map(({ status }) => status)).not.toContain('skipped');
    expect(systems.hoop.getLoginUrl).toHaveBeenCalledTimes(1);
  });

  it('should say what is wrong with the sign-in, after few tries', async () => {
    const { systems } = fakeSystems();
    systems.hoop.getLoginUrl.mockResolvedValue({
      ...goodLoginUrl(),
      redirectUri: 'http://localhost/api/callback',
    });
    await expect(verifyGateway(systems, DESIRED)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(
        /^The sign-in could not be verified\. hoop login leads to the login page for this application: expected redirect URI https:\/\/hoop\.company\/api\/callback; found redirect URI http:\/\/localhost\/api\/callback\. Run/,
      ),
    });
    expect(systems.hoop.getLoginUrl).toHaveBeenCalledTimes(6);
  });

  it('should refuse a gateway whose sign-in ends before the login page', async () => {
    const { systems } = fakeSystems();
    systems.probes.probeLoginPage.mockResolvedValue({
      outcome: 'no-login-page',
    });
    await expect(
      verifyGateway(systems, DESIRED, { timeoutMs: 0 }),
    ).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('Choose an authentication flow'),
    });
  });

  it('should say which system does not answer', async () => {
    const { systems } = fakeSystems();
    systems.hoop.getInfo.mockRejectedValue(new Error('connection refused'));
    await expect(
      verifyGateway(systems, DESIRED, { timeoutMs: 0 }),
    ).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message:
        'The sign-in could not be verified. Gateway could not be read: connection refused. Correct what the error names; the log of this backend may say more.',
    });
  });

  it('should name a gateway that never loads authentik', async () => {
    const { systems } = fakeSystems();
    systems.hoop.hasOidcLoaded.mockResolvedValue(false);
    await expect(
      verifyGateway(systems, DESIRED, { timeoutMs: 250 }),
    ).rejects.toThrow('it cannot load authentik as identity provider');
    expect(systems.hoop.hasOidcLoaded.mock.calls.length).toBeGreaterThan(1);
    expect(systems.hoop.getLoginUrl).not.toHaveBeenCalled();
  });

  it('should stop waiting when it is cancelled', async () => {
    const { systems } = fakeSystems();
    const controller = new AbortController();
    systems.hoop.hasOidcLoaded.mockResolvedValue(false);
    const run = verifyGateway(systems, DESIRED, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('cancelled')), 20);
    await expect(run).rejects.toThrow();
    const asked = systems.hoop.hasOidcLoaded.mock.calls.length;
    await new Promise(resolve => {
      setTimeout(resolve, 150);
    });
    expect(systems.hoop.hasOidcLoaded).toHaveBeenCalledTimes(asked);
  });

  describe('with a test account', () => {
    const signedIn: SignInProof = {
      outcome: 'signed-in',
      groups: ['engineering'],
      isAdmin: false,
    };
    const verifyWith = async (
      proof: SignInProof,
      info: { setupRequired: boolean | undefined } = { setupRequired: false },
    ) => {
      const { systems } = fakeSystems();
      systems.hoop.getInfo.mockResolvedValue({
        version: '1.148.0',
        authMethod: 'oidc',
        ...info,
      });
      const signIn = jest.fn(async () => proof);
      const checks = await verifyGateway(
        { ...systems, signIn: { signIn } },
        DESIRED,
      );
      return {
        tries: signIn.mock.calls.length,
        found: checks.find(({ id }) => id === 'sign-in.test-account'),
      };
    };

    it('should sign it in once', async () => {
      expect(await verifyWith(signedIn)).toMatchObject({
        tries: 1,
        found: { status: 'pass' },
      });
    });

    it('should not warn of the switch that is being verified', async () => {
      const { systems } = fakeSystems();
      const reading = await systems.target.read();
      reading.state.unverifiedSwitch = { since: '2026-11-28T10:00:00Z' };
      systems.target.read.mockResolvedValue(reading);
      for (const signIn of [undefined, { signIn: async () => signedIn }]) {
        const checks = await verifyGateway({ ...systems, signIn }, DESIRED);
        expect(
          checks.find(({ id }) => id === 'kubernetes.rollout'),
        ).toMatchObject({ status: 'pass' });
      }
    });

    it('should refuse a gateway that does not let it in', async () => {
      await expect(
        verifyWith({
          outcome: 'refused',
          by: 'gateway',
          reason: 'its callback ends in an error',
        }),
      ).rejects.toThrow(/The sign-in could not be verified.*callback ends/s);
    });

    it('should not refuse for a second factor', async () => {
      expect(
        await verifyWith({ outcome: 'unsupported', stage: 'ak-stage-x' }),
      ).toMatchObject({ found: { status: 'warn' } });
    });

    it('should not make it the first user, who becomes administrator', async () => {
      expect(await verifyWith(signedIn, { setupRequired: true })).toMatchObject(
        { tries: 0, found: { status: 'skipped' } },
      );
    });

    it('should not try it where the gateway does not report whether it would be the first', async () => {
      expect(
        await verifyWith(signedIn, { setupRequired: undefined }),
      ).toMatchObject({
        tries: 0,
        found: { status: 'skipped', actual: expect.stringContaining('1.59.2') },
      });
    });
  });
});
