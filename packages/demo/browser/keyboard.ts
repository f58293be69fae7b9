import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';

/** More than the portal and what it shows have together. */
const MOST_STOPS = 60;

/** Reaches something with the tab key alone. */
export async function tabTo(target: Locator): Promise<void> {
  const page = target.page();
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await isFocused(target)) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  assert.fail(`the tab key does not lead to ${target}`);
}

/** Whether the next key goes there. */
export async function isFocused(target: Locator): Promise<boolean> {
  return target.evaluate(element => element === document.activeElement);
}
