import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { GatewayWorkbench } from '../GatewayWorkbench';

const METHODS = ['local', 'oidc', 'idp', 'saml'];

export function publicStatements(workbench: GatewayWorkbench): void {
  it('publicserverinfo tells the method, and whether anybody has signed up', async () => {
    const { status, contentType, body } = await workbench.get(
      '/api/publicserverinfo',
    );
    assert.equal(status, 200);
    assert.match(contentType, /^application\/json/);
    const info = body as { auth_method: string; setup_required?: boolean };
    assert.ok(METHODS.includes(info.auth_method), info.auth_method);
    // Absent before 1.59.2.
    assert.ok(['boolean', 'undefined'].includes(typeof info.setup_required));
  });

  it('every answer names the version in its Server header', async () => {
    const { server } = await workbench.get('/api/publicserverinfo');
    assert.match(server, /^hoopgateway\/\S+$/);
    const { version } = await workbench.client.getInfo();
    assert.equal(`hoopgateway/${version}`, server);
  });

  it('it tells that it lives', async () => {
    const { status, body } = await workbench.get('/api/healthz');
    assert.equal(status, 200);
    assert.deepEqual(body, { liveness: 'OK' });
  });
}
