import { useSandbox } from '../testing/useSandbox';
import { textOf } from '../testing/runAction';
import { startInterceptor } from '../testing/startInterceptor';
import { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';
import { createHoopGatewayConfigureAction } from './hoopGatewayConfigure';
import { createHoopGatewayRestartAction } from './hoopGatewayRestart';
import { createHoopGatewayVerifyAction } from './hoopGatewayVerify';
import { writeFileSync, appendFileSync } from 'node:fs';

describe('scratch', () => {
  const fixture = useSandbox();
  const out = '/tmp/scratch-messages.txt';
  writeFileSync(out, '');
  const all = async (title: string, input: any, options: any = {}) => {
    for (const [name, create, extra] of [
      ['ensure', createAuthentikApplicationEnsureAction, {}],
      ['configure', createHoopGatewayConfigureAction, {}],
      ['restart', createHoopGatewayRestartAction, {}],
      ['verify', createHoopGatewayVerifyAction, { timeoutSeconds: 1 }],
    ] as any) {
      const { application, ...rest } = input;
      const t = Date.now();
      const r = await fixture.run(create, { ...(name === 'restart' ? rest : input), ...extra }, options);
      appendFileSync(out, `## ${title} ${name} ${Date.now() - t} ms\n${r.error?.name}: ${r.error?.message}\n--log\n${textOf(r)}\n\n`);
    }
  };
  it('x', async () => {
    await all('unknown gateway', { gateway: 'nowhere' });
    await all('unknown entity', { entityRef: 'resource:default/nothing' });
    await all('malformed entity', { entityRef: 'a:b:c' });
    await all('unattached entity', { entityRef: 'component:default/website' });
    await all('other gateway', { entityRef: 'resource:default/hoop', gateway: 'other' });
    await all('none', {});
    await all('bad slug', { gateway: 'main', application: 'no slug!' });
    await all('bad slug traversal', { gateway: 'main', application: '../x' });
    await all('reserved', { gateway: 'main', application: 'token' });
    await all('denied', { gateway: 'main' }, { permission: 'DENY' });
    await all('no permissions', { gateway: 'main' }, { config: { authentik: { token: fixture.sandbox.authentik.tokens.noPermissions } } });
    await all('wrong token', { gateway: 'main' }, { config: { authentik: { token: 'a-wrong-token-1234' } } });
  });
  it('y', async () => {
    await fixture.connect();
    await fixture.sandbox.control.faults({ system: 'kubernetes', unreachable: true });
    await all('cluster down', { gateway: 'main' });
    await fixture.sandbox.control.clearFaults();
    await fixture.sandbox.control.faults({ system: 'authentik', unreachable: true });
    await all('authentik down', { gateway: 'main' });
    await fixture.sandbox.control.clearFaults();
    await fixture.sandbox.control.faults({ system: 'gateway', unreachable: true });
    await all('gateway down', { gateway: 'main' });
    await fixture.sandbox.control.clearFaults();
    await fixture.sandbox.control.faults({ system: 'authentik', status: 401 });
    await all('authentik 401', { gateway: 'main' });
    await fixture.sandbox.control.clearFaults();
    await fixture.sandbox.control.faults({ system: 'kubernetes', status: 403 });
    await all('kube 403', { gateway: 'main' });
    await fixture.sandbox.control.clearFaults();
    const p = await startInterceptor({ url: fixture.sandbox.authentik.url, rewrite: t => t.replaceAll('authentik_providers_oauth2.oauth2provider', 'authentik_providers_proxy.proxyprovider') });
    await all('proxy', { gateway: 'main' }, { config: { authentik: { baseUrl: p.url } } });
    await p.close();
  });
  it.each(['image-pull', 'crash', 'quota'] as const)('z %s', async how => {
    await fixture.succeed(createAuthentikApplicationEnsureAction, { gateway: 'main' });
    await fixture.sandbox.control.rollout(how);
    const t = Date.now();
    const r = await fixture.run(createHoopGatewayConfigureAction, { gateway: 'main' }, { config: { target: { rolloutTimeout: 'PT4S' } } });
    appendFileSync(out, `## ${how} ${Date.now() - t} ms\n${r.error?.name}: ${r.error?.message}\n--log\n${textOf(r)}\n\n`);
  });
  it('gateway cannot reach authentik', async () => {
    await fixture.succeed(createAuthentikApplicationEnsureAction, { gateway: 'main' });
    const t = Date.now();
    const r = await fixture.run(createHoopGatewayConfigureAction, { gateway: 'main' }, { onLog: line => { if (line.includes('restarting')) void fixture.sandbox.control.faults({ system: 'authentik', path: 'well-known', unreachable: true }); } });
    appendFileSync(out, `## no authentik for gateway ${Date.now() - t} ms\n${r.error?.name}: ${r.error?.message}\n--log\n${textOf(r)}\n\n`);
  });
  it('login broken', async () => {
    await fixture.succeed(createAuthentikApplicationEnsureAction, { gateway: 'main' });
    await fixture.sandbox.control.faults({ system: 'gateway', path: '/api/login', status: 500 });
    const t = Date.now();
    const r = await fixture.run(createHoopGatewayConfigureAction, { gateway: 'main' });
    appendFileSync(out, `## login broken ${Date.now() - t} ms\n${r.error?.name}: ${r.error?.message}\n--log\n${textOf(r)}\n\n`);
  });
  it('restore fails', async () => {
    await fixture.succeed(createAuthentikApplicationEnsureAction, { gateway: 'main' });
    await fixture.sandbox.control.rollout('crash');
    const t = Date.now();
    const r = await fixture.run(createHoopGatewayConfigureAction, { gateway: 'main' }, { onLog: line => { if (line.includes('Rollout')) void fixture.sandbox.control.faults({ system: 'kubernetes', method: 'PATCH', unreachable: true }); } });
    appendFileSync(out, `## restore fails ${Date.now() - t} ms\n${r.error?.name}: ${r.error?.message}\n--log\n${textOf(r)}\n\n`);
    await fixture.sandbox.control.clearFaults();
    const r2 = await fixture.run(createHoopGatewayConfigureAction, { gateway: 'main' });
    appendFileSync(out, `again ${r2.error}\n`);
  });
  it('restore fails after verification', async () => {
    await fixture.succeed(createAuthentikApplicationEnsureAction, { gateway: 'main' });
    await fixture.sandbox.control.faults({ system: 'gateway', path: '/api/login', status: 500 });
    const t = Date.now();
    const r = await fixture.run(createHoopGatewayConfigureAction, { gateway: 'main' }, { onLog: line => { if (line.includes('Rollout')) void fixture.sandbox.control.faults({ system: 'kubernetes', method: 'PATCH', unreachable: true }); } });
    appendFileSync(out, `## restore fails after verification ${Date.now() - t} ms\n${r.error?.name}: ${r.error?.message}\n--log\n${textOf(r)}\n\n`);
  });
});
