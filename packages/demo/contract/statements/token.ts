import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Workbench } from '../Workbench';

export function tokenStatements(workbench: Workbench): void {
  it('a valid token tells whose it is', async () => {
    const self = await workbench.client.getSelf();
    assert.ok(Number.isInteger(self.pk));
    assert.notEqual(self.username, '');
  });

  it('any valid token may ask for the version', async () => {
    assert.match(await workbench.client.getVersion(), /^\d{4}\.\d{1,2}\.\d+/);
  });

  it('every failure to authenticate is 403, with the reason in the detail', async () => {
    const none = /credentials were not provided/;
    for (const [authorization, reason] of [
      ['', none],
      ['Bearer ', none],
      ['Bearer not-a-token', /Token invalid\/expired/],
      // Versions differ in which of the two they say.
      ['Basic bm9ib2R5Om5vdGhpbmc=', /not provided|Unsupported/],
    ] as const) {
      const answer = await workbench.raw('GET', 'core/users/me/', {
        authorization,
      });
      assert.equal(answer.status, 403, `with "${authorization}"`);
      assert.match(JSON.parse(answer.text).detail, reason);
    }
  });

  it('a refused token is told as our own trouble, without the token', async () => {
    const token = 'no-token-of-this-server';
    const { client } = workbench.connect(token);
    await assert.rejects(client.getSelf(), error => {
      assert.ok(error instanceof Error);
      assert.equal(error.name, 'ServiceUnavailableError');
      assert.match(error.message, /rejected the API token/);
      assert.ok(!error.message.includes(token));
      return true;
    });
  });
}
