import type { Locator, Page } from 'playwright-core';
import type { Visitor } from '../visitor';

const TITLE = 'Connect a Hoop.dev gateway to authentik';

/** Time for authentik, the cluster and the gateway to come round. */
const RUN_WITHIN_MS = 90_000;

/** The software template, as a person goes through it. */
export class Template {
  readonly #page: Page;

  /** Finds it among the templates of the portal. */
  static async choose(visitor: Visitor): Promise<Template> {
    const { page } = visitor;
    await visitor.open('/create');
    const choose = page.getByRole('button', { name: 'Choose' });
    // The innermost box around both is the template's card.
    await page
      .locator('div')
      .filter({ has: page.getByRole('heading', { name: TITLE, exact: true }) })
      .filter({ has: choose })
      .last()
      .locator(choose)
      .click();
    return new Template(page);
  }

  private constructor(page: Page) {
    this.#page = page;
  }

  async pickEntity(name: string): Promise<void> {
    await this.#page.getByRole('textbox', { name: 'Catalog entity' }).click();
    await this.#page.getByRole('option', { name, exact: true }).click();
    await this.#press('Next');
  }

  /** Fills in the second page and stays on it. */
  async chooseGroups(name: string, group: string): Promise<void> {
    await this.#fill('Name', name);
    await this.#chooseGroup(group);
  }

  /** Goes on to the third page and fills it in. */
  async listUnder(heading: string): Promise<void> {
    await this.#press('Next');
    await this.#fill('Listed under', heading);
  }

  /** Goes on to the last page; resolves with what it shows, row by row. */
  async review(): Promise<string[]> {
    await this.#press('Review');
    const rows = this.#page.getByRole('row');
    await rows.first().waitFor();
    return rows.allInnerTexts();
  }

  /** Starts the task and follows it to its end. */
  async run(): Promise<void> {
    await this.#press('Connect');
    await this.#page.waitForURL('**/create/tasks/*');
    const finished = this.#page.getByText('Finished step Verify the sign-in');
    const failed = this.#page.getByText('Run completed with status: failed');
    await finished.or(failed).first().waitFor({ timeout: RUN_WITHIN_MS });
    if (await failed.isVisible()) {
      const log = await this.#page.getByRole('article').innerText();
      throw new Error(`The task failed:\n${log}`);
    }
  }

  /** A link among the outputs of the finished task. */
  output(name: string): Locator {
    return this.#page.getByRole('link', { name: new RegExp(`^${name}`) });
  }

  async #chooseGroup(group: string): Promise<void> {
    const groups = this.#page.getByRole('textbox', { name: 'Groups' });
    await groups.fill(group);
    await groups.press('Enter');
    // Leaves the field, which closes its list of groups.
    await groups.press('Tab');
  }

  async #fill(label: string, value: string): Promise<void> {
    await this.#page
      .getByRole('textbox', { name: label, exact: true })
      .fill(value);
  }

  async #press(name: string): Promise<void> {
    await this.#page.getByRole('button', { name, exact: true }).click();
  }
}

/** A template in the dialog that a card opens. */
export class TemplateDialog {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('dialog');
  }

  async press(name: string): Promise<void> {
    await this.root.getByRole('button', { name, exact: true }).click();
  }

  /** Goes through a form that is filled in already, follows the task to its end, and closes the dialog. */
  async run(button: string): Promise<void> {
    await this.press('Review');
    await this.press(button);
    const done = this.root.getByText('Done', { exact: true });
    const failed = this.root.getByText('The task failed', { exact: true });
    await done.or(failed).waitFor({ timeout: RUN_WITHIN_MS });
    if (await failed.isVisible()) {
      throw new Error(await this.root.innerText());
    }
  }

  async close(): Promise<void> {
    await this.press('Close');
    await this.root.waitFor({ state: 'detached' });
  }
}
