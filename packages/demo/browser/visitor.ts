import type { Browser, BrowserContext, Page } from 'playwright-core';
import { recordStreams, type RecordedStreams } from './streams';

/** A person with a browser profile of their own, and a record of what reached that browser. */
export class Visitor {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #portalUrl: string;
  readonly #streams: RecordedStreams;
  readonly #answers: Array<{ place: string; body: Promise<string> }> = [];
  readonly #errors: string[] = [];

  static async arrive(browser: Browser, portalUrl: string): Promise<Visitor> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 1000 },
      reducedMotion: 'reduce',
      locale: 'en-GB',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    return new Visitor(context, page, portalUrl, await recordStreams(page));
  }

  private constructor(
    context: BrowserContext,
    page: Page,
    portalUrl: string,
    streams: RecordedStreams,
  ) {
    this.#context = context;
    this.#portalUrl = portalUrl;
    this.#streams = streams;
    this.page = page;
    page.setDefaultTimeout(20_000);
    page.on('pageerror', error => this.#errors.push(String(error)));
    page.on('console', message => {
      if (message.type() === 'error') {
        this.#errors.push(`${message.text()} (${message.location().url})`);
      }
    });
    page.on('response', response => {
      this.#answers.push({
        place: `answer of ${new URL(response.url()).pathname}`,
        body: response.text().catch(() => ''),
      });
    });
    page.on('websocket', socket =>
      socket.on('framereceived', ({ payload }) =>
        this.#answers.push({
          place: 'websocket',
          body: Promise.resolve(String(payload)),
        }),
      ),
    );
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${this.#portalUrl}${path}`);
  }

  /** Changes what the operating system prefers, which the portal follows. */
  async useTheme(theme: 'light' | 'dark'): Promise<void> {
    await this.page.emulateMedia({ colorScheme: theme });
    await this.page.locator(`[data-theme-mode="${theme}"]`).first().waitFor();
  }

  /** Errors of the page and of its console so far. */
  errors(): string[] {
    return [...this.#errors];
  }

  /** Everything the browser was told so far, and what it shows and keeps now. */
  async received(): Promise<Record<string, string>> {
    const state = await this.#context.storageState({ indexedDB: true });
    const answers = await Promise.all(
      this.#answers.map(async ({ place, body }, index) => [
        `${place} (${index})`,
        await body,
      ]),
    );
    return {
      ...Object.fromEntries(answers),
      ...Object.fromEntries(
        this.#streams().map(({ place, text }) => [place, text]),
      ),
      page: await this.page.content(),
      address: this.page.url(),
      'session storage': await this.page.evaluate(() =>
        JSON.stringify(sessionStorage),
      ),
      'cookies, local storage and databases': JSON.stringify(state),
    };
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }
}
