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

  /** What is filled in. */
  get form(): Locator {
    return this.#page.locator('form');
  }

  /** Texts and inputs of the form that the window cuts off. */
  async beyondTheEdge(): Promise<string[]> {
    return this.form.evaluate(form =>
      [...form.querySelectorAll('*')]
        .filter(
          element =>
            element.childElementCount === 0 &&
            element.getBoundingClientRect().right > window.innerWidth,
        )
        .map(({ outerHTML }) => outerHTML),
    );
  }

  button(name: string): Locator {
    return this.#page.getByRole('button', { name, exact: true });
  }

  /** Types into a field and leaves it. */
  async type(label: string, text: string): Promise<void> {
    const field = this.#field(label);
    await field.fill(text);
    await field.press('Tab');
  }

  /** Chooses from the list of a field. */
  async pick(label: string, option: RegExp): Promise<void> {
    await this.#field(label).click();
    await this.#page.getByRole('option', { name: option }).click();
  }

  /** The options of a field, as people read them. */
  async options(label: string): Promise<string[]> {
    await this.#field(label).click();
    const options = this.#page.getByRole('option');
    await options.first().waitFor();
    const texts = await options.allInnerTexts();
    await this.#field(label).press('Escape');
    return texts;
  }

  /** Takes a group out again. */
  async remove(chip: string): Promise<void> {
    await this.#page.getByRole('button', { name: chip }).press('Backspace');
  }

  async choose(radio: string): Promise<void> {
    await this.#page.getByRole('radio', { name: radio }).check();
  }

  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  /** Waits for a text of the form, which a list of mistakes may repeat. */
  async says(text: string | RegExp): Promise<void> {
    await this.#page.getByText(text).first().waitFor();
  }

  /** Goes on to the last page; resolves with what it shows, row by row. */
  async review(): Promise<string[]> {
    await this.press('Review');
    const rows = this.#page.getByRole('row');
    await rows.first().waitFor();
    return rows.allInnerTexts();
  }

  #field(label: string): Locator {
    return this.#page.getByRole('textbox', { name: label });
  }
}

/** A template in the dialog that a card opens. */
export class TemplateDialog {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('dialog');
  }

  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }

  field(label: string): Locator {
    return this.root.getByRole('textbox', { name: label });
  }

  /** An option of the list that is open, which is not inside the dialog. */
  option(name: string): Locator {
    return this.root.page().getByRole('option', { name: new RegExp(name) });
  }

  /** A link among the outputs of the finished task. */
  output(name: string): Locator {
    return this.root.getByRole('link', { name: new RegExp(`^${name}`) });
  }

  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  /** Goes through a form that is filled in already, follows the task to its end, and closes the dialog. */
  async run(button: string): Promise<void> {
    await this.press('Review');
    await this.press(button);
    await this.end();
  }

  /** Follows the task to its end. */
  async end(): Promise<void> {
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
