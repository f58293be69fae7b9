import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isFocused, tabTo } from '../keyboard';
import { Card } from '../pages/card';
import type { Scene } from '../scene';
import type { Visitor } from '../visitor';

/** Everything the card offers, without a mouse. */
export function keyboardTests({ stage }: Scene): void {
  describe('The keyboard', () => {
    let visitor: Visitor;
    let card: Card;
    before(async () => {
      visitor = await stage().visit();
      card = await Card.open(visitor);
      await card.untilState('Connected');
    });
    after(() => visitor.leave());

    it('refreshes and stays where it is', async () => {
      const { page } = visitor;
      await tabTo(card.refresh);
      const answered = page.waitForResponse('**/api/hoop-authentik/**/refresh');
      await page.keyboard.press('Enter');
      assert.equal((await answered).status(), 202);

      await card.untilState('Connected');
      assert.ok(await isFocused(card.refresh));
    });

    it('copies a command', async () => {
      const { page } = visitor;
      await tabTo(card.copy('Create the client configuration'));
      await page.keyboard.press('Enter');
      await page.getByText('Text copied to clipboard').waitFor();

      assert.equal(
        await page.evaluate(() => navigator.clipboard.readText()),
        `hoop config create --api-url ${stage().sandbox.gateway.url}`,
      );
    });

    it('opens the menu, and closes it where it was', async () => {
      const { page } = visitor;
      const menu = card.button('More actions');
      await tabTo(menu);
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: 'Disconnect' }).waitFor();

      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
      assert.ok(await isFocused(menu));
    });

    it('starts a rotation, and leaves it', async () => {
      const { page } = visitor;
      await tabTo(card.button('More actions'));
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Review' }).waitFor();

      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    });

    it('opens a check on the tab', async () => {
      const { page } = visitor;
      await tabTo(card.root.getByRole('link', { name: 'View all checks' }));
      await page.keyboard.press('Enter');
      const row = page
        .getByRole('region', { name: 'Checks' })
        .getByRole('button', { name: /Gateway has loaded authentik/ });
      await tabTo(row);
      await page.keyboard.press('Space');
      assert.equal(await row.getAttribute('aria-expanded'), 'true');
    });
  });
}
