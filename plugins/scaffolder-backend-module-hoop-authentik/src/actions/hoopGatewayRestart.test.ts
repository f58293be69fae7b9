import { callCluster } from '../__testUtils__/callCluster';
import {
  readSystemState,
  withoutRestartMark,
} from '../__testUtils__/systemState';
import { ENTITY_REF } from '../__testUtils__/entities';
import { useSandbox } from '../__testUtils__/useSandbox';
import { createHoopGatewayRestartAction } from './hoopGatewayRestart';

const RESTART = 'kubernetes PATCH /apis/apps/v1/namespaces/hoop/deployments/';

describe('hoop:gateway:restart', () => {
  const fixture = useSandbox();

  it('should leave a gateway alone that runs with its current settings', async () => {
    await fixture.connect();
    const before = await readSystemState(fixture.sandbox);
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(createHoopGatewayRestartAction, {
      entityRef: ENTITY_REF,
    });

    expect(run.outputs).toEqual({
      gateway: 'main',
      restarted: false,
      reason: 'it already runs with its current settings',
    });
    expect(await writesSince()).toEqual([]);
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should restart a gateway that started before its settings last changed, and wait until it serves', async () => {
    await fixture.connect();
    await untilNextSecond();
    await callCluster(fixture.sandbox, 'PATCH', 'configmaps/hoopgateway-idp', {
      data: { AUTH_METHOD: 'local' },
    });
    expect(await fixture.authMethod()).toBe('oidc');
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(createHoopGatewayRestartAction, {
      gateway: 'main',
    });

    expect(run.outputs).toEqual({
      gateway: 'main',
      restarted: true,
      reason: 'it started before its settings last changed',
    });
    expect(await writesSince()).toEqual([expect.stringContaining(RESTART)]);
    expect(await fixture.authMethod()).toBe('local');
  });

  it('should restart in any case when asked to', async () => {
    const before = await readSystemState(fixture.sandbox);

    const run = await fixture.succeed(createHoopGatewayRestartAction, {
      gateway: 'main',
      always: true,
    });

    expect(run.outputs).toMatchObject({
      restarted: true,
      reason: 'a restart was requested',
    });
    const after = await readSystemState(fixture.sandbox);
    expect(after).not.toEqual(before);
    expect(withoutRestartMark(after)).toEqual(withoutRestartMark(before));
  });

  it('should restart nothing in a dry run', async () => {
    const before = await readSystemState(fixture.sandbox);
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(
      createHoopGatewayRestartAction,
      { gateway: 'main', always: true },
      { isDryRun: true },
    );

    expect(run.outputs).toMatchObject({
      restarted: false,
      reason: 'a restart was requested',
    });
    expect(await writesSince()).toEqual([]);
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should refuse to restart a gateway into an environment with which it would not start', async () => {
    await fixture.connect();
    await untilNextSecond();
    await callCluster(fixture.sandbox, 'PATCH', 'configmaps/hoopgateway-idp', {
      data: { IDP_ISSUER: '' },
    });
    const writesSince = await fixture.watchWrites();

    const error = await fixture.fail(createHoopGatewayRestartAction, {
      gateway: 'main',
    });

    expect(error.name).toBe('InputError');
    expect(error.message).toMatch(
      /^The gateway was not restarted, because it would not start with its environment: .+\. Run hoop:gateway:configure first\.$/,
    );
    expect(await writesSince()).toEqual([]);
    expect(await fixture.authMethod()).toBe('oidc');
  });

  it('should say why a gateway does not start, and that its settings were not changed', async () => {
    const before = await readSystemState(fixture.sandbox);
    await fixture.sandbox.control.rollout('image-pull');

    const error = await fixture.fail(
      createHoopGatewayRestartAction,
      { gateway: 'main', always: true },
      { config: { target: { rolloutTimeout: 'PT3S' } } },
    );

    expect(error.name).toBe('GatewayRolloutError');
    expect(error.message).toMatch(
      /^The gateway did not come up after its restart: .*image.*\. The restart did not change its settings\. Check them and restart again\.$/is,
    );
    expect(withoutRestartMark(await readSystemState(fixture.sandbox))).toEqual(
      withoutRestartMark(before),
    );

    await fixture.succeed(createHoopGatewayRestartAction, {
      gateway: 'main',
      always: true,
    });
    expect(await fixture.authMethod()).toBe('local');
  });

  it('should stop waiting when it is cancelled', async () => {
    const cancel = new AbortController();

    const error = await fixture.fail(
      createHoopGatewayRestartAction,
      { gateway: 'main', always: true },
      {
        signal: cancel.signal,
        onLog: line => line.startsWith('Rollout:') && cancel.abort(),
      },
    );

    expect(error.name).toBe('AbortError');
  });
});

/** Times in Kubernetes objects have no fraction of a second, so that a change counts as later from the next one on. */
async function untilNextSecond(): Promise<void> {
  await new Promise(resolve => {
    setTimeout(resolve, 1_100);
  });
}
