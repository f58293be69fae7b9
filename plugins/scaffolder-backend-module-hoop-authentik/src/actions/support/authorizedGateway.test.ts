import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import { NotAllowedError } from '@backstage/errors';
import {
  DefaultHoopAuthentikService,
  type PresentedRequest,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import {
  CREDENTIALS,
  portalOf,
  rootConfigOf,
} from '../../__testUtils__/portal';
import { authorizedGateway } from './authorizedGateway';

describe('authorizedGateway', () => {
  const gateways = DefaultHoopAuthentikService.create({
    config: rootConfigOf({
      hoopAuthentik: {
        authentik: [{ baseUrl: 'https://auth.company', token: 't' }],
        gateways: ['payments', 'data'].map(name => ({
          name,
          url: `https://${name}.company`,
          target: { type: 'helmValues' },
        })),
      },
    }),
  });

  afterAll(() => gateways.close());

  const asked: unknown[] = [];
  const conditional: PolicyDecision = {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'hoop-authentik',
    resourceType: 'hoop-gateway',
    conditions: {
      rule: 'IS_GATEWAY',
      resourceType: 'hoop-gateway',
      params: { names: ['payments'] },
    },
  };

  beforeEach(() => {
    asked.length = 0;
  });

  /** As a policy that lets the user manage the gateway `payments` only. */
  const authorized = (
    gateway: string,
    decision: PolicyDecision = conditional,
  ) =>
    authorizedGateway(
      {
        ...portalOf(),
        gateways,
        permissions: {
          authorizeConditional: async requests => requests.map(() => decision),
          authorize: async requests => {
            asked.push(...requests);
            return requests.map(({ resourceRef }) => ({
              result:
                resourceRef === 'payments'
                  ? AuthorizeResult.ALLOW
                  : AuthorizeResult.DENY,
            }));
          },
        },
      },
      { input: { gateway }, getInitiatorCredentials: async () => CREDENTIALS },
      'hoop:gateway:configure',
    );

  it('should give a gateway that the policy lets the user manage', async () => {
    const { gateway } = await authorized('payments');
    expect(gateway.config.name).toBe('payments');
    expect(asked).toEqual([
      expect.objectContaining({ resourceRef: 'payments' }),
    ]);
  });

  it('should refuse another gateway, by its name', async () => {
    await expect(authorized('data')).rejects.toMatchObject({
      name: 'NotAllowedError',
      message:
        'You need the permission hoop-authentik.gateway.manage for the gateway "data". Ask your portal administrators.',
    });
  });

  it('should not ask twice where the policy allows every gateway', async () => {
    await authorized('data', { result: AuthorizeResult.ALLOW });
    expect(asked).toEqual([]);
  });

  it('should not name the gateways to a user who may manage none', async () => {
    await expect(
      authorized('nope', { result: AuthorizeResult.DENY }),
    ).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.not.stringContaining('payments'),
    });
  });

  describe('with a request', () => {
    const shown: PresentedRequest[] = [];

    beforeEach(() => {
      shown.length = 0;
    });

    const present = (input: object, isDryRun = false, refusal?: Error) =>
      authorizedGateway(
        {
          ...portalOf({ permission: AuthorizeResult.DENY }),
          gateways,
          runs: {
            ...portalOf().runs,
            present: async request => {
              shown.push(request);
              if (refusal) {
                throw refusal;
              }
            },
          },
        },
        {
          input: { gateway: 'payments', request: 'id.attempt', ...input },
          task: { id: 'the-task' },
          user: { ref: 'user:default/owner' },
          isDryRun,
          getInitiatorCredentials: async () => CREDENTIALS,
        },
        'hoop:gateway:configure',
      );

    it('should need no permission to manage where it is approved, and show all of its inputs', async () => {
      await present({ allowLockout: true });
      expect(shown).toEqual([
        {
          request: 'id.attempt',
          taskId: 'the-task',
          user: 'user:default/owner',
          action: 'hoop:gateway:configure',
          gateway: 'payments',
          application: 'payments',
          inputs: { gateway: 'payments', allowLockout: true },
        },
      ]);
    });

    it.each([
      ['is refused', {}, false, new NotAllowedError('Not approved for this')],
      ['is empty', { request: '' }, false, undefined],
      ['is presented in a dry run', {}, true, undefined],
    ])(
      'should not stand in for it where it %s',
      async (_, input, dry, refusal) => {
        await expect(present(input, dry, refusal)).rejects.toMatchObject({
          name: 'NotAllowedError',
        });
        expect(shown).toHaveLength(refusal ? 1 : 0);
      },
    );
  });
});
