import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Card } from '../pages/card';
import { TemplateDialog } from '../pages/template';
import type { Scene } from '../scene';

/** The way back, once no one needs the connection any more. */
export function disconnectTests({ guest }: Scene): void {
  it('disconnects the gateway from the menu', async () => {
    const card = await Card.open(guest());
    await card.untilState('Connected');
    await card.choose('Disconnect');
    const dialog = new TemplateDialog(guest().page);
    // Whether the administrators have local accounts cannot be read without a key of the gateway.
    await dialog.root
      .getByRole('checkbox', { name: /administrators may be locked out/ })
      .check();
    await dialog.run('Disconnect');
    await dialog.close();

    await card.untilState('Not connected');
    await card.button('Connect to authentik').waitFor();
    assert.deepEqual(guest().errors(), []);
  });
}
