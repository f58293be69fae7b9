import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { Card } from '../pages/card';
import type { Scene } from '../scene';
import type { Visitor } from '../visitor';

/** More than the portal and the card have together. */
const MOST_STOPS = 60;

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
      const answered = page.waitForResponse('**/api/hoop-authentik/**');
      await page.keyboard.press('Enter');
      assert.equal((await answered).status(), 200);

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

    it('opens and closes the checks of a system', async () => {
      const { keyboard } = visitor.page;
      const toggle = card.toggle('Gateway');
      const check = card.check('Gateway has loaded authentik');
      await tabTo(toggle);
      assert.equal(await toggle.getAttribute('aria-expanded'), 'false');

      await keyboard.press('Space');
      await check.waitFor();
      assert.equal(await toggle.getAttribute('aria-expanded'), 'true');

      await keyboard.press('Enter');
      await check.waitFor({ state: 'detached' });
    });
  });
}

async function tabTo(target: Locator): Promise<void> {
  const page = target.page();
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await isFocused(target)) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  assert.fail(`the tab key does not lead to ${target}`);
}

async function isFocused(target: Locator): Promise<boolean> {
  return target.evaluate(element => element === document.activeElement);
}
