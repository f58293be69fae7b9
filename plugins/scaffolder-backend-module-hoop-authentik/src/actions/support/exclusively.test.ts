import {
  DefaultHoopAuthentikService,
  type BeginRunOptions,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import {
  createAuthentikApplicationDeleteAction,
  createAuthentikApplicationEnsureAction,
  createAuthentikBindingEnsureAction,
  createHoopAccessGrantAction,
  createHoopEnvFilePatchAction,
  createHoopGatewayConfigureAction,
  createHoopGatewayDisconnectAction,
  createHoopGatewayPreflightAction,
  createHoopGatewayRestartAction,
  createHoopGatewayRotateSecretAction,
  createHoopGatewayVerifyAction,
  createHoopHelmValuesPatchAction,
} from '..';
import { portalOf, rootConfigOf } from '../../__testUtils__/portal';
import { runAction } from '../../__testUtils__/runAction';

/** Nothing listens there: a run that gets as far as a system ends. */
const NOWHERE = 'http://127.0.0.1:1';
const IN_USE = new Error('The gateway "main" is in use');

describe('exclusively', () => {
  const gateways = DefaultHoopAuthentikService.create({
    config: rootConfigOf({
      hoopAuthentik: {
        authentik: [{ baseUrl: NOWHERE, token: 't' }],
        gateways: [
          {
            name: 'main',
            url: NOWHERE,
            apiKey: 'hpk_x',
            target: { type: 'gatewayApi' },
          },
        ],
      },
    }),
  });
  const asked: BeginRunOptions[] = [];
  let ended = 0;

  afterAll(() => gateways.close());

  beforeEach(() => {
    asked.length = 0;
    ended = 0;
  });

  const options = (inUse: boolean) => ({
    ...portalOf(),
    gateways,
    runs: {
      begin: async (run: BeginRunOptions) => {
        asked.push(run);
        if (inUse) {
          throw IN_USE;
        }
        return {
          id: 'the-run',
          signal: new AbortController().signal,
          created: [],
          confirm: async () => {},
          record: async () => {},
          forget: async () => {},
          unverifiedSwitch: undefined,
          keepSwitch: async () => {},
          clearSwitch: async () => {},
          grants: [],
          keepGrant: async () => {},
          end: async () => {
            ended++;
          },
        };
      },
      present: async () => {},
    },
  });

  const input = { gateway: 'main', confirm: 'main', name: 'Hoop', group: 'x' };

  const WRITING = [
    createAuthentikApplicationEnsureAction,
    createAuthentikApplicationDeleteAction,
    createAuthentikBindingEnsureAction,
    createHoopAccessGrantAction,
    createHoopGatewayConfigureAction,
    // It undoes a switch that an earlier run has left.
    createHoopGatewayPreflightAction,
    createHoopGatewayRestartAction,
    createHoopGatewayRotateSecretAction,
    createHoopGatewayDisconnectAction,
  ].map(create => [create(options(true)).id, create] as const);

  it.each([true, false])(
    'should read anew what the task has read if it had to wait for another run: %s',
    async waits => {
      const held = gateways.getGateway('main');
      const forget = jest.fn();
      const systemsOf = jest
        .spyOn(held, 'systemsOf')
        .mockReturnValue({ ...held.systems, forget });
      const { runs, ...others } = options(false);
      const create = createHoopGatewayPreflightAction({
        ...others,
        runs: {
          ...runs,
          begin: async run => {
            if (waits) {
              run.log('Waiting for the gateway');
            }
            return runs.begin(run);
          },
        },
      });
      await runAction<any, any>(create, input);
      systemsOf.mockRestore();
      // Once more because the work fails here.
      expect(forget).toHaveBeenCalledTimes(waits ? 2 : 1);
    },
  );

  it.each(WRITING)('should hold the gateway during %s', async (id, create) => {
    const refused = await runAction<any, any>(create(options(true)), input);
    expect(refused.error).toBe(IN_USE);
    expect(refused.outputs).toEqual({});
    expect(asked).toEqual([
      expect.objectContaining({
        gateway: 'main',
        taskId: 'the-task',
        action: id,
      }),
    ]);
    const failed = await runAction<any, any>(create(options(false)), input);
    expect(failed.error).toBeDefined();
    expect(ended).toBe(1);
  });

  it.each(WRITING)(
    'should not ask for the gateway in a dry run of %s',
    async (_, create) => {
      await runAction<any, any>(create(options(true)), input, {
        isDryRun: true,
      });
      expect(asked).toEqual([]);
    },
  );

  it.each(
    [
      createHoopGatewayVerifyAction,
      createHoopHelmValuesPatchAction,
      createHoopEnvFilePatchAction,
    ].map(create => [create(options(true)).id, create] as const),
  )(
    'should leave %s, which writes to no gateway, without a lease',
    async (_, create) => {
      await runAction<any, any>(
        create({ ...options(true), verifyTimeoutMs: 0 }),
        { ...input, path: 'x' },
        { workspacePath: '/nowhere', signal: AbortSignal.timeout(2_000) },
      );
      expect(asked).toEqual([]);
    },
  );
});
