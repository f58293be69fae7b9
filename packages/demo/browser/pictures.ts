import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { ROOT } from '../src/backendProcess';
import type { Visitor } from './visitor';

const DIR = join(ROOT, 'docs/images');
/** Of every surface, to be looked at; not part of the documentation. */
const SURFACES_DIR = join(ROOT, 'test-results/surfaces');
const THEMES = ['light', 'dark'] as const;
/** Tall enough for every card. */
const WHOLE_CARD = { width: 1280, height: 1500 };
const PADDING = 12;

/** Takes the pictures of the documentation along the way, when asked to. */
export class Pictures {
  readonly enabled: boolean;

  constructor(options: { enabled: boolean }) {
    this.enabled = options.enabled;
  }

  /** A card in both themes. */
  async card(
    visitor: Visitor,
    card: Locator,
    name: string,
    ready: Locator,
  ): Promise<void> {
    await this.part(visitor, card, `card-${name}`, ready);
  }

  /**
   * A part of a page in both themes.
   *
   * @param ready - what it shows by then: the portal starts afresh when the theme changes
   */
  async part(
    visitor: Visitor,
    part: Locator,
    name: string,
    ready: Locator,
  ): Promise<void> {
    if (!this.enabled) {
      return;
    }
    const { page } = visitor;
    const viewport = page.viewportSize() ?? WHOLE_CARD;
    await page.setViewportSize(WHOLE_CARD);
    await withoutPointer(page);
    for (const theme of THEMES) {
      await visitor.useTheme(theme);
      await ready.waitFor();
      const box = await part.boundingBox();
      if (!box) {
        throw new Error(`${name} is not on the page`);
      }
      await take(page, `${name}-${theme}`, {
        x: box.x - PADDING,
        y: box.y - PADDING,
        width: box.width + 2 * PADDING,
        height: box.height + 2 * PADDING,
      });
    }
    await visitor.useTheme('light');
    await ready.waitFor();
    await page.setViewportSize(viewport);
  }

  /** What the window shows of a surface. */
  async screen(page: Page, name: string): Promise<void> {
    if (this.enabled) {
      await withoutPointer(page);
      await take(page, join(SURFACES_DIR, name));
    }
  }

  /** What the window shows, from the top to a height. */
  async window(page: Page, name: string, height: number): Promise<void> {
    if (!this.enabled) {
      return;
    }
    const viewport = page.viewportSize() ?? WHOLE_CARD;
    await page.setViewportSize({ ...viewport, height });
    await withoutPointer(page);
    await take(page, name);
    await page.setViewportSize(viewport);
  }
}

/** Nothing looks hovered in a picture. */
async function withoutPointer(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
}

async function take(
  page: Page,
  name: string,
  clip?: { x: number; y: number; width: number; height: number },
): Promise<void> {
  const path = `${resolve(DIR, name)}.png`;
  await mkdir(dirname(path), { recursive: true });
  await page.screenshot({
    path,
    clip,
    animations: 'disabled',
    caret: 'hide',
  });
}
