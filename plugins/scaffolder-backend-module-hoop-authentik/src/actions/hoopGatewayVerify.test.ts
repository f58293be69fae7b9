import { callCluster } from '../__testUtils__/callCluster';
import { textOf } from '../__testUtils__/runAction';
import { callAuthentik, readSystemState } from '../__testUtils__/systemState';
import { ENTITY_REF } from '../__testUtils__/entities';
import { useSandbox } from '../__testUtils__/useSandbox';
import { createHoopGatewayVerifyAction } from './hoopGatewayVerify';

describe('hoop:gateway:verify', () => {
  const fixture = useSandbox();

  it('should prove that people can sign in, and write nothing', async () => {
    await fixture.connect();
    const before = await readSystemState(fixture.sandbox);
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(createHoopGatewayVerifyAction, {
      entityRef: ENTITY_REF,
    });

    const { url } = fixture.sandbox.gateway;
    expect(run.outputs).toEqual({
      gateway: 'main',
      gatewayUrl: url,
      adminUrl: `${fixture.sandbox.authentik.url}/if/admin/#/core/applications/hoop`,
      verified: true,
      passed: expect.any(Number),
      warnings: [expect.stringContaining('sign in')],
      summary: `${run.outputs.passed} checks passed, 1 warning: anyone with an authentik account can sign in`,
      commands: [`hoop config create --api-url ${url}`, 'hoop login'],
    });
    expect(run.outputs.passed).toBeGreaterThan(15);
    expect(textOf(run)).toContain('pass    Gateway has loaded authentik');
    expect(textOf(run)).not.toMatch(/^(fail|unknown)/m);
    expect(run.log.at(-1)).toEqual(['info', run.outputs.summary]);
    expect(run.log.map(([level]) => level)).not.toContain('error');
    expect(await writesSince()).toEqual([]);
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should say what is missing when the gateway still signs people in locally', async () => {
    const error = await fixture.fail(createHoopGatewayVerifyAction, {
      gateway: 'main',
      timeoutSeconds: 1,
    });

    expect(error.name).toBe('InputError');
    expect(error.message).toMatch(/^The sign-in could not be verified\. /);
    expect(error.message).toContain(
      'Application exists: expected an application with the slug "hoop"; found none.',
    );
    expect(error.message).toContain(
      'Gateway signs people in with OpenID Connect: expected oidc; found local.',
    );
  });

  it('should find that the redirect URI was removed', async () => {
    await fixture.connect();
    const { providers } = await readSystemState(fixture.sandbox);
    const [{ pk }] = providers as Array<{ pk: number }>;
    await callAuthentik(fixture.sandbox, 'PATCH', `/providers/oauth2/${pk}/`, {
      redirect_uris: [
        { matching_mode: 'strict', url: 'https://other.example/callback' },
      ],
    });

    const error = await fixture.fail(createHoopGatewayVerifyAction, {
      gateway: 'main',
      timeoutSeconds: 1,
    });

    expect(error.message).toContain(
      `${fixture.sandbox.gateway.url}/api/callback`,
    );
    expect(error.message).toContain('https://other.example/callback');
  });

  it('should find another client secret than the one in authentik without showing either', async () => {
    await fixture.connect();
    await callCluster(fixture.sandbox, 'PATCH', 'secrets/hoopgateway-idp', {
      data: {
        IDP_CLIENT_SECRET: Buffer.from('some-other-secret').toString('base64'),
      },
    });

    const error = await fixture.fail(
      createHoopGatewayVerifyAction,
      { gateway: 'main', timeoutSeconds: 1 },
      { secrets: ['some-other-secret'] },
    );

    expect(error.message).toContain(
      'IDP_CLIENT_SECRET=the secret in authentik; found IDP_CLIENT_SECRET=another value',
    );
  });

  it('should verify nothing in a dry run', async () => {
    const { seq } = await fixture.sandbox.control.requests();

    const run = await fixture.succeed(
      createHoopGatewayVerifyAction,
      { gateway: 'main' },
      { isDryRun: true },
    );

    expect(run.outputs).toMatchObject({
      verified: false,
      passed: 0,
      warnings: [],
    });
    expect((await fixture.sandbox.control.requests(seq)).requests).toEqual([]);
  });

  it('should stop trying when it is cancelled', async () => {
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 500);
    const started = Date.now();

    const error = await fixture.fail(
      createHoopGatewayVerifyAction,
      { gateway: 'main', timeoutSeconds: 60 },
      { signal: cancel.signal },
    );

    expect(error.name).toBe('AbortError');
    expect(Date.now() - started).toBeLessThan(5_000);
  });
});
