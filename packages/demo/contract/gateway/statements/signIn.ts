import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import type { GatewayWorkbench } from '../GatewayWorkbench';

function messageIn(body: unknown): string {
  return (body as { message: string }).message;
}

export function signInStatements(workbench: GatewayWorkbench): void {
  it('a callback with an unknown state tells whether OpenID is loaded: 400 if so, else 403', async () => {
    const { status, body } = await workbench.get(
      `/api/callback?state=${randomUUID()}`,
    );
    const usesOidc = await workbench.usesOidc();
    assert.equal(status, usesOidc ? 400 : 403);
    assert.match(
      messageIn(body),
      usesOidc ? /login state/ : /OIDC provider not configured/,
    );
    assert.equal(await workbench.client.hasOidcLoaded(), usesOidc);
  });

  it('an error that comes back from the provider is 401 or, without one, 403', async () => {
    const { status, body } = await workbench.get(
      `/api/callback?error=access_denied&state=${randomUUID()}`,
    );
    assert.equal(status, (await workbench.usesOidc()) ? 401 : 403);
    assert.notEqual(messageIn(body), '');
  });

  it('login gives the URL to sign in at, in JSON, or says that there is none', async () => {
    // Once: each call leaves a login state behind.
    const { status, body } = await workbench.get('/api/login');
    if (!(await workbench.usesOidc())) {
      assert.equal(status, 403);
      assert.match(messageIn(body), /OIDC provider not configured/);
      return;
    }
    assert.equal(status, 200);
    const url = new URL((body as { login_url: string }).login_url);
    const parameters = Object.fromEntries(url.searchParams);
    assert.equal(parameters.response_type, 'code');
    assert.ok(parameters.client_id);
    assert.match(
      parameters.state,
      /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    );
    // Of API_URL only scheme and host: its path is dropped.
    const callback = new URL(parameters.redirect_uri);
    assert.equal(callback.pathname, '/api/callback');
    assert.equal(callback.host, new URL(workbench.target.url).host);
    const scopes = parameters.scope.split(' ');
    for (const scope of ['openid', 'profile', 'email']) {
      assert.ok(scopes.includes(scope), scope);
    }
    assert.equal(parameters.code_challenge, undefined);
    assert.equal(parameters.nonce, undefined);
  });
}
