import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { GatewayWorkbench } from '../GatewayWorkbench';

interface AuthConfig {
  auth_method: string;
  oidc_config: {
    issuer_url: string;
    client_id: string;
    client_secret: string;
    scopes: string[] | null;
    groups_claim: string;
  } | null;
  webapp_users_management_status: string;
  admin_role_name: string;
  auditor_role_name: string;
}

/** Reads only: what can be changed here decides how people sign in. */
export function administrationStatements(
  workbench: GatewayWorkbench,
  apiKey: string,
): void {
  // The two kinds of keys travel in headers of their own.
  const headers: Record<string, string> = apiKey.startsWith('hpk_')
    ? { authorization: `Bearer ${apiKey}` }
    : { 'api-key': apiKey };

  it('serverinfo tells the method, the version and its own URL', async () => {
    const { status, body } = await workbench.get('/api/serverinfo', headers);
    assert.equal(status, 200);
    const info = body as Record<string, unknown>;
    const { authMethod, version } = await workbench.client.getInfo();
    assert.equal(info.auth_method, authMethod);
    assert.equal(info.version, version);
    assert.ok(URL.canParse(String(info.api_url)));
  });

  it('serverconfig/auth tells the configuration in force', async () => {
    const { status, body } = await workbench.get(
      '/api/serverconfig/auth',
      headers,
    );
    assert.equal(status, 200);
    const config = body as AuthConfig;
    const { authMethod } = await workbench.client.getInfo();
    // `idp` is a name of the past for the same.
    assert.equal(
      config.auth_method,
      authMethod === 'idp' ? 'oidc' : authMethod,
    );
    assert.ok(
      ['active', 'inactive'].includes(config.webapp_users_management_status),
    );
    assert.ok(config.admin_role_name);
    assert.ok(config.auditor_role_name);
    if (await workbench.usesOidc()) {
      const { oidc_config: oidc } = config;
      assert.ok(oidc);
      assert.ok(URL.canParse(oidc.issuer_url));
      assert.notEqual(oidc.client_id, '');
      // In clear: whoever reads it has to take care not to show it. Not compared here, so that no failure prints it.
      assert.ok(typeof oidc.client_secret === 'string');
      // Only those that were added, where the gateway answers with its environment; null where none were stored.
      assert.ok(oidc.scopes === null || Array.isArray(oidc.scopes));
      assert.notEqual(oidc.groups_claim, '');
    } else {
      // Under local it is shown as well, whenever the environment has IDP_*. It holds the secret, so it is not compared.
      assert.equal(typeof config.oidc_config, 'object');
    }
  });
}
