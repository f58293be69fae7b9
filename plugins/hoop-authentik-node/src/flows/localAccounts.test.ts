import type { GatewayAdministrator } from '../systems/hoop/types';
import { changingSystems } from '../integration/__testUtils__/fakeSystems';
import { DESIRED } from '../integration/__testUtils__/goodObservation';
import { configureGateway } from './connect';
import { disconnectGateway } from './disconnect';

const LOCAL = { email: 'Root@company.example', isLocal: true };
const TIED = { email: 'jane@company.example', isLocal: false };

describe('local accounts', () => {
  const lines: string[] = [];
  const log = (line: string, level = 'info') => lines.push(`${level}: ${line}`);

  beforeEach(() => {
    lines.length = 0;
  });

  /** A gateway on OpenID that uses local sign-in once its target was changed. */
  function start(administrators?: GatewayAdministrator[]) {
    const fake = changingSystems();
    const { hoop } = fake.systems;
    const answer = (authMethod: string, setupRequired = false) =>
      hoop.getInfo.mockImplementation(async () => ({
        version: '1.148.0',
        authMethod,
        setupRequired,
      }));
    answer('oidc');
    fake.apply.mockImplementation(async () => {
      answer('local');
      return { writes: 3, restore: fake.restore, finish: fake.finish };
    });
    hoop.hasApiKey = administrators !== undefined;
    hoop.listAdministrators.mockImplementation(
      async () => administrators ?? [],
    );
    return { ...fake, hoop, answer };
  }

  describe('before a gateway is disconnected', () => {
    it.each<[string, GatewayAdministrator[] | undefined, RegExp]>([
      [
        'every administrator has signed in with OpenID',
        [TIED],
        /^The gateway "prod" was not changed\. No administrator can sign in with a local account: none of the 1 active ones has an account of the gateway itself\. .* Set allowLockout to switch anyway\. .*POST \/api\/users/,
      ],
      ['it knows no active administrator', [], /none of the 0 active ones/],
      [
        'app-config has no key to find out',
        undefined,
        /cannot be determined without an API key of the gateway\. .*Set the gateway's apiKey in app-config to find out\. Set allowLockout/,
      ],
    ])('should be refused where %s', async (_, administrators, message) => {
      const { systems, apply } = start(administrators);
      for (const dryRun of [false, true]) {
        await expect(
          disconnectGateway(systems, DESIRED, { log, dryRun }),
        ).rejects.toMatchObject({
          name: 'InputError',
          message: expect.stringMatching(message),
        });
      }
      expect(apply).not.toHaveBeenCalled();
    });

    it('should be refused where the gateway does not answer, as an outage', async () => {
      const { systems, hoop, apply } = start([LOCAL]);
      hoop.getInfo.mockRejectedValue(new Error('refused'));
      hoop.listAdministrators.mockRejectedValue(new Error('refused'));
      await expect(
        disconnectGateway(systems, DESIRED, { log }),
      ).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message: expect.stringContaining('cannot be determined: refused.'),
      });
      expect(apply).not.toHaveBeenCalled();
    });

    it('should go on where an administrator has a local account', async () => {
      const { systems } = start([TIED, LOCAL]);
      await expect(
        disconnectGateway(systems, DESIRED, { log }),
      ).resolves.toMatchObject({ writes: 3 });
      expect(lines).toEqual([
        'info: Administrators with a local account: 1 of 2; whether they know its password cannot be read.',
      ]);
    });

    it('should go on where no one has an account, since the first to register administers it', async () => {
      const { systems, answer } = start();
      answer('oidc', true);
      await expect(
        disconnectGateway(systems, DESIRED, { log }),
      ).resolves.toMatchObject({ writes: 3 });
    });

    it.each([[[TIED]], [[]], [undefined]])(
      'should go on where that is accepted, and say what is left to do (%j)',
      async administrators => {
        const { systems, hoop } = start(administrators);
        hoop.getInfo.mockRejectedValueOnce(new Error('down'));
        await disconnectGateway(systems, DESIRED, {
          log,
          allowLockout: true,
        });
        expect(lines).toEqual([
          expect.stringMatching(/^warn: .* docs\/local-accounts\.md/),
        ]);
      },
    );
  });

  describe('after a gateway was disconnected', () => {
    it('should restore the settings where the last administrator signed in with OpenID in between', async () => {
      const { systems, hoop, restore, finish } = start([LOCAL]);
      hoop.listAdministrators.mockResolvedValueOnce([LOCAL]);
      hoop.listAdministrators.mockResolvedValueOnce([TIED]);
      await expect(
        disconnectGateway(systems, DESIRED, { log }),
      ).rejects.toMatchObject({
        name: 'GatewayRolloutError',
        message: expect.stringMatching(
          /^The gateway came up but locks its administrators out\. No administrator can sign in .* Previous settings restored\./,
        ),
      });
      expect(restore).toHaveBeenCalledTimes(1);
      expect(finish).not.toHaveBeenCalled();
    });

    it('should say so where that cannot be read any more', async () => {
      const { systems, hoop, restore } = start([LOCAL]);
      hoop.listAdministrators.mockResolvedValueOnce([LOCAL]);
      hoop.listAdministrators.mockRejectedValueOnce(new Error('reset'));
      await disconnectGateway(systems, DESIRED, { log });
      expect(restore).not.toHaveBeenCalled();
      expect(lines).toEqual([
        expect.stringMatching(/^warn: .* cannot be determined: reset\./),
      ]);
    });
  });

  describe('after an automatic way back', () => {
    /** A connection that fails its verification. */
    async function failToConnect(administrators?: GatewayAdministrator[]) {
      const { systems, hoop, answer, apply, restore, finish } =
        start(administrators);
      apply.mockImplementation(async () => {
        hoop.hasOidcLoaded.mockResolvedValue(false);
        return { writes: 3, restore, finish };
      });
      restore.mockImplementation(async () => {
        answer('local');
      });
      await expect(
        configureGateway(systems, DESIRED, { log, verify: { timeoutMs: 0 } }),
      ).rejects.toMatchObject({
        name: 'GatewayRolloutError',
        message: expect.stringContaining('Previous settings restored.'),
      });
      expect(restore).toHaveBeenCalledTimes(1);
    }

    it.each<[GatewayAdministrator[] | undefined, RegExp]>([
      [undefined, /^warn: .* cannot be determined without an API key/],
      [[TIED], /^warn: No administrator can sign in with a local account/],
      [[LOCAL], /^info: Administrators with a local account: 1 of 1/],
    ])('should say what is known of %j', async (administrators, line) => {
      await failToConnect(administrators);
      expect(lines.filter(one => line.test(one))).toHaveLength(1);
    });
  });
});
