import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { callCluster } from '../__testUtils__/callCluster';
import { textOf } from '../__testUtils__/runAction';
import {
  readSystemState,
  withoutRestartMark,
  type SystemState,
} from '../__testUtils__/systemState';
import { ENTITY_REF } from '../__testUtils__/entities';
import {
  useSandbox,
  type SandboxRunOptions,
} from '../__testUtils__/useSandbox';
import { createHoopGatewayDisconnectAction } from './hoopGatewayDisconnect';

describe('hoop:gateway:disconnect', () => {
  const fixture = useSandbox();

  /** A portal that can find out who has a local account. */
  const withKey = (options: SandboxRunOptions = {}): SandboxRunOptions => ({
    ...options,
    config: { apiKey: fixture.sandbox.gateway.apiKey, ...options.config },
  });

  const disconnect = (input: object = {}, options?: SandboxRunOptions) =>
    fixture.succeed(
      createHoopGatewayDisconnectAction,
      { gateway: 'main', ...input },
      withKey(options),
    );

  const fail = (input: object = {}, options?: SandboxRunOptions) =>
    fixture.fail(
      createHoopGatewayDisconnectAction,
      { gateway: 'main', ...input },
      withKey(options),
    );

  const inCluster = ({ configMaps, secrets, template }: SystemState) => ({
    configMaps,
    secrets,
    template,
  });

  it('should leave the cluster as it was before the gateway was connected, and keep the application', async () => {
    const before = withoutRestartMark(await readSystemState(fixture.sandbox));
    await fixture.connect();
    const connected = await readSystemState(fixture.sandbox);

    const run = await disconnect({ gateway: undefined, entityRef: ENTITY_REF });

    expect(run.outputs).toEqual({
      gateway: 'main',
      application: 'hoop',
      changes: 7,
      restarted: true,
      deletedApplication: false,
      deletedProvider: false,
      writes: 4,
    });
    const after = withoutRestartMark(await readSystemState(fixture.sandbox));
    expect(inCluster(after)).toEqual(inCluster(before));
    expect(after.applications).toEqual(connected.applications);
    expect(after.providers).toEqual(connected.providers);
    expect(await fixture.authMethod()).toBe('local');
    expect(textOf(run)).toContain(
      'The gateway signs people in with local accounts',
    );
    expect(textOf(run)).toContain('Secret hoop/hoopgateway-idp deleted');
  });

  it('should write nothing the second time, and connect again', async () => {
    await fixture.connect();
    await disconnect();
    const writesSince = await fixture.watchWrites();

    const run = await disconnect();

    expect(run.outputs).toMatchObject({
      changes: 0,
      restarted: false,
      writes: 0,
    });
    expect(await writesSince()).toEqual([]);
    await fixture.connect();
    expect(await fixture.authMethod()).toBe('oidc');
  });

  it('should delete the application once the gateway no longer uses it', async () => {
    const before = withoutRestartMark(await readSystemState(fixture.sandbox));
    await fixture.connect();

    const run = await disconnect({ deleteApplication: true, confirm: 'hoop' });

    expect(run.outputs).toMatchObject({
      deletedApplication: true,
      deletedProvider: true,
      writes: 6,
    });
    expect(withoutRestartMark(await readSystemState(fixture.sandbox))).toEqual(
      before,
    );
  });

  it.each([undefined, 'Hoop'])(
    'should change nothing where the deletion is confirmed with %p',
    async confirm => {
      await fixture.connect();
      const writesSince = await fixture.watchWrites();

      const error = await fail({ deleteApplication: true, confirm });

      expect(error.name).toBe('InputError');
      expect(error.message).toContain(
        'Nothing was changed: confirm must repeat the slug of the application, "hoop"; found ',
      );
      expect(await writesSince()).toEqual([]);
    },
  );

  it('should refuse to delete an application that another gateway uses', async () => {
    await fixture.connect();
    const before = await readSystemState(fixture.sandbox);

    const error = await fail(
      { deleteApplication: true, confirm: 'hoop' },
      { config: { second: {} } },
    );

    expect(error.message).toContain('the gateway "second" signs people');
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should keep the other variables of an object that carries the settings as well', async () => {
    await fixture.connect();
    await callCluster(fixture.sandbox, 'PATCH', 'secrets/hoopgateway-idp', {
      stringData: { OTHER: 'kept' },
    });

    const run = await disconnect();

    expect(run.outputs).toMatchObject({ restarted: true });
    const { secrets, configMaps } = await readSystemState(fixture.sandbox);
    expect(secrets['hoopgateway-idp']).toEqual({
      OTHER: Buffer.from('kept').toString('base64'),
    });
    expect(configMaps).not.toHaveProperty('hoopgateway-idp');
    expect(await fixture.authMethod()).toBe('local');
  });

  it('should plan and write nothing in a dry run', async () => {
    await fixture.connect();
    const before = await readSystemState(fixture.sandbox);

    const run = await disconnect(
      { deleteApplication: true, confirm: 'hoop' },
      { isDryRun: true },
    );

    expect(textOf(run)).toContain('7 changes (dry run: nothing is written)');
    expect(textOf(run)).toContain('2 changes (dry run: nothing is written)');
    expect(run.outputs).toMatchObject({ restarted: false, writes: 0 });
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should restore the settings when the gateway does not start', async () => {
    await fixture.connect();
    const before = withoutRestartMark(await readSystemState(fixture.sandbox));
    await fixture.sandbox.control.rollout('crash');

    const error = await fail({ deleteApplication: true, confirm: 'hoop' });

    expect(error.name).toBe('GatewayRolloutError');
    expect(error.message).toContain('was asked to crash');
    expect(error.message).toContain('Previous settings restored.');
    expect(withoutRestartMark(await readSystemState(fixture.sandbox))).toEqual(
      before,
    );
    expect(await fixture.authMethod()).toBe('oidc');
  });

  it('should restore the settings when cancelled during the rollout', async () => {
    await fixture.connect();
    const before = withoutRestartMark(await readSystemState(fixture.sandbox));
    const cancel = new AbortController();

    const error = await fail(
      {},
      {
        signal: cancel.signal,
        onLog: line => line.startsWith('Rollout:') && cancel.abort(),
      },
    );

    expect(error.name).toBe('AbortError');
    expect(withoutRestartMark(await readSystemState(fixture.sandbox))).toEqual(
      before,
    );
    expect(await fixture.authMethod()).toBe('oidc');
  });

  it('should refuse where something that it does not touch would keep other sign-in on', async () => {
    await fixture.connect();
    await callCluster(fixture.sandbox, 'PATCH', 'configmaps/hoopgateway', {
      data: { AUTH_METHOD: 'idp' },
    });
    const before = await readSystemState(fixture.sandbox);

    const error = await fail();

    expect(error.name).toBe('InputError');
    expect(error.message).toMatch(
      /^The gateway "main" was not changed\. AUTH_METHOD would still be set by key "AUTH_METHOD" of ConfigMap "hoopgateway"/,
    );
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should refuse people who may not manage gateways, and unknown gateways', async () => {
    await fixture.connect();
    const before = await readSystemState(fixture.sandbox);

    await expect(
      fail({}, { permission: AuthorizeResult.DENY }),
    ).resolves.toMatchObject({ name: 'NotAllowedError' });
    await expect(fail({ gateway: 'gone' })).resolves.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('Unknown gateway "gone"'),
    });
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });
});
