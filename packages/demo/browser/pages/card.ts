import type { Locator, Page } from 'playwright-core';
import type { Visitor } from '../visitor';

/** Page of the entity that stands for the gateway. */
export const ENTITY_PATH = '/catalog/default/resource/hoop';

/** Requests of the card, to delay them or to answer them otherwise. */
export const CARD_REQUESTS = '**/api/hoop-authentik/integrations/**';

/** The page of all gateways, below its header. */
export function gatewaysPage(page: Page): Locator {
  return page.getByRole('region', { name: 'Access gateways' });
}

/** The card of the plugin, as a person finds it on the page: by roles, names and texts. */
export class Card {
  readonly root: Locator;
  readonly refresh: Locator;
  readonly retry: Locator;
  readonly loading: Locator;
  readonly alert: Locator;

  static async open(visitor: Visitor): Promise<Card> {
    await visitor.open(ENTITY_PATH);
    const card = new Card(visitor.page);
    await card.root.waitFor();
    return card;
  }

  constructor(page: Page) {
    this.root = page.getByRole('article').filter({
      has: page.getByRole('heading', { name: 'Hoop.dev access', exact: true }),
    });
    this.refresh = this.root.getByRole('button', {
      name: 'Refresh',
      exact: true,
    });
    this.retry = this.root.getByRole('button', { name: 'Retry', exact: true });
    this.loading = this.root.getByRole('status', { name: 'Loading' });
    this.alert = this.root.getByRole('alert');
  }

  /** Its badge, when it shows a state. */
  inState(state: string): Locator {
    return this.root.getByRole('status').getByText(state, { exact: true });
  }

  async untilState(state: string): Promise<void> {
    const shown = await this.inState(state)
      .waitFor()
      .then(
        () => true,
        () => false,
      );
    if (!shown) {
      const text = await this.root.innerText();
      throw new Error(`The card does not become "${state}" but says:\n${text}`);
    }
  }

  /** Refreshes once a refresh that is under way has ended: until then the button does nothing. */
  async observe(): Promise<void> {
    await this.root
      .locator('[aria-label="Refresh"][aria-disabled="false"]')
      .click();
  }

  /** The one button, or one in the list of problems. */
  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }

  /** A problem by its title, with whatever is said about it. */
  problem(title: string): Locator {
    return this.root
      .getByRole('region', { name: 'Problems' })
      .getByRole('listitem')
      .filter({ hasText: title });
  }

  /** Chooses from the menu. */
  async choose(item: string): Promise<void> {
    await this.button('More actions').click();
    await this.root
      .page()
      .getByRole('menuitem', { name: item, exact: true })
      .click();
  }

  /** The tab with all checks. */
  async viewAllChecks(): Promise<Locator> {
    await this.root.getByRole('link', { name: 'View all checks' }).click();
    const checks = this.root.page().getByRole('region', { name: 'Checks' });
    await checks.waitFor();
    return checks;
  }

  copy(what: string): Locator {
    return this.root.getByRole('button', {
      name: `Copy: ${what}`,
      exact: true,
    });
  }
}
