import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { NotAllowedError } from '@backstage/errors';
import { DefaultHoopAuthentikService } from 'backstage-plugin-hoop-authentik-node/alpha';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { connectGateway } from '../__testUtils__/connectGateway';
import { gatewayConfig } from '../__testUtils__/gatewayConfig';
import { reportNamed } from '../__testUtils__/integrations';
import { Observer } from '../observation/Observer';
import { registerActions } from './registerActions';

jest.setTimeout(120_000);

describe('the actions registry', () => {
  let sandbox: SandboxProcess;
  let gateways: DefaultHoopAuthentikService;
  const registry = actionsRegistryServiceMock();
  const credentials = mockCredentials.user();
  const getByEntity = jest.fn();
  const list = jest.fn();
  const requireGateway = jest.fn();
  const create = jest.fn();

  beforeAll(async () => {
    sandbox = await startSandboxProcess({ rolloutDelayMs: 50 });
    gateways = DefaultHoopAuthentikService.create({
      config: mockServices.rootConfig({ data: gatewayConfig(sandbox) }),
    });
    registerActions(registry, {
      gateways,
      integrations: { getByEntity, list },
      observer: new Observer({
        gateways,
        runs: { getSwitch: async () => undefined },
      }),
      permits: { requireGateway },
      requests: { create },
    });
  });

  afterAll(async () => {
    await gateways?.close();
    await sandbox?.stop();
  });

  const invoke = async (name: string, input: object) => {
    const { output } = await registry.invoke({
      id: `test:${name}`,
      input: { ...input },
      credentials,
    });
    return output;
  };

  it('should only read, and ask, with a description of every action', async () => {
    const { actions } = await registry.list();
    expect(actions.map(({ id }) => id).sort()).toEqual([
      'test:check-gateway',
      'test:create-request',
      'test:get-integration',
      'test:list-integrations',
      'test:plan-connection',
    ]);
    for (const { id, attributes, description } of actions) {
      expect(attributes).toMatchObject({
        readOnly: id !== 'test:create-request',
        destructive: false,
      });
      expect(description.length).toBeGreaterThan(100);
    }
  });

  it('should ask on behalf of the caller, and only for what the API takes', async () => {
    create.mockResolvedValue({
      created: true,
      request: { id: 'r1', state: 'pending', approvers: ['group:default/sre'] },
    });
    const asked = {
      kind: 'access',
      entityRef: 'resource:default/hoop',
      subject: 'user:default/dev',
      reason: 'On call this week',
    };
    expect(await invoke('create-request', asked)).toEqual({
      id: 'r1',
      created: true,
      state: 'pending',
      approvers: ['group:default/sre'],
    });
    expect(create).toHaveBeenCalledWith(asked, { credentials });
    await expect(
      invoke('create-request', { ...asked, subject: undefined }),
    ).rejects.toThrow('The input subject is invalid');
  });

  it('should get the integration of an entity as its caller sees it', async () => {
    getByEntity.mockResolvedValue({
      ...reportNamed('main'),
      since: '2026-05-01T12:00:00Z',
      checkedAt: '2026-05-01T12:00:00Z',
      stale: false,
      refreshing: false,
    });
    const entityRef = 'resource:default/main';
    expect(await invoke('get-integration', { entityRef })).toMatchObject({
      state: 'connected',
      gateway: 'main',
      since: '2026-05-01T12:00:00Z',
    });
    expect(getByEntity).toHaveBeenCalledWith(
      { kind: 'resource', namespace: 'default', name: 'main' },
      { credentials },
    );
  });

  it('should list integrations, the worst first', async () => {
    list.mockResolvedValue({
      items: [
        {
          gateway: { name: 'main', title: 'Main' },
          state: 'drifted',
          warnings: 1,
          stale: false,
          problem: { title: 'Redirect URI is another one' },
        },
      ],
      nextCursor: 'next',
    });
    expect(
      await invoke('list-integrations', { state: ['drifted'], limit: 5 }),
    ).toEqual({
      items: [
        {
          gateway: 'main',
          state: 'drifted',
          warnings: 1,
          stale: false,
          problem: 'Redirect URI is another one',
        },
      ],
      nextCursor: 'next',
    });
    expect(list).toHaveBeenCalledWith(
      { state: ['drifted'], limit: 5, sort: 'state', order: 'asc' },
      { credentials },
    );
  });

  it.each(['check-gateway', 'plan-connection'])(
    'should refuse %s to who may not manage the gateway',
    async name => {
      requireGateway.mockRejectedValueOnce(new NotAllowedError('no'));
      const { seq } = await sandbox.control.requests();
      await expect(invoke(name, { gateway: 'main' })).rejects.toThrow('no');
      expect((await sandbox.control.requests(seq)).requests).toEqual([]);
    },
  );

  it('should plan, then find connected what was connected, and show no secret', async () => {
    const before = await invoke('plan-connection', { gateway: 'main' });
    expect(before).toMatchObject({
      application: expect.arrayContaining([
        expect.objectContaining({ to: expect.any(String) }),
      ]),
    });
    await connectGateway(gatewayConfig(sandbox));
    const after = await invoke('plan-connection', { gateway: 'main' });
    expect(before).toMatchObject({ restarts: true });
    expect(after).toEqual({
      application: [],
      gateway: [],
      restarts: false,
      notes: [],
    });
    const checked = await invoke('check-gateway', { gateway: 'main' });
    expect(checked).toMatchObject({ state: 'connected' });
    const secrets = (await sandbox.control.secrets()).filter(
      secret => secret.length >= 8,
    );
    const shown = JSON.stringify([before, after, checked]);
    expect(secrets.filter(secret => shown.includes(secret))).toEqual([]);
  });
});
