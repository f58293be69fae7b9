import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { GatewayWorkbench } from '../GatewayWorkbench';

const PROTECTED = ['/api/serverinfo', '/api/serverconfig/auth', '/api/users'];

export function errorStatements(workbench: GatewayWorkbench): void {
  it('without a token every protected path is 401 with a message', async () => {
    for (const path of PROTECTED) {
      const { status, contentType, body } = await workbench.get(path);
      assert.equal(status, 401, path);
      assert.match(contentType, /^application\/json/);
      assert.equal(typeof (body as { message: unknown }).message, 'string');
    }
  });

  it('a wrong token and a wrong key are 401 too, and not repeated', async () => {
    const wrong = 'no-credential-of-this-gateway';
    const credentials: Array<Record<string, string>> = [
      { authorization: `Bearer ${wrong}` },
      { 'api-key': wrong },
    ];
    for (const headers of credentials) {
      const { status, text } = await workbench.get('/api/serverinfo', headers);
      assert.equal(status, 401);
      assert.ok(!text.includes(wrong));
    }
  });

  it('a redirect to another host is refused with 422, where there is a sign-in', async () => {
    if (await workbench.usesOidc()) {
      const { status, body } = await workbench.get(
        '/api/login?redirect=https%3A%2F%2Felsewhere.invalid%2F',
      );
      assert.equal(status, 422);
      assert.match((body as { message: string }).message, /redirect/);
    } else {
      const { status } = await workbench.get(
        '/api/login?redirect=https%3A%2F%2Felsewhere.invalid%2F',
      );
      assert.equal(status, 403);
    }
  });
}
