import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { accessibilityProblems } from '../accessibility';
import { Card, CARD_REQUESTS } from '../pages/card';
import { scenariosOf } from '../scenarios';
import type { Scene } from '../scene';
import type { Visitor } from '../visitor';

const UNAVAILABLE = {
  status: 503,
  json: {
    error: {
      name: 'ServiceUnavailableError',
      message: 'The integrations are not observed yet, try again in a moment',
    },
    response: { statusCode: 503 },
  },
};
const FORBIDDEN = {
  status: 403,
  json: {
    error: { name: 'NotAllowedError', message: 'Unauthorized' },
    response: { statusCode: 403 },
  },
};

/** Pixels by which the page may move when the integration arrives. */
const MOST_JUMP = 40;

/** However much is wrong, the card leaves room for the rest of the page. */
const MOST_HEIGHT = 420;

/** What the card shows while and when the backend does not answer with an integration. */
export function stateTests({ stage, pictures }: Scene): void {
  describe('The card', () => {
    let visitor: Visitor;
    beforeEach(async () => {
      visitor = await stage().visit();
    });
    afterEach(() => visitor.leave());

    it('stands still while the integration is read', async () => {
      const { page } = visitor;
      let release = () => {};
      const released = new Promise<void>(done => {
        release = done;
      });
      await page.route(CARD_REQUESTS, async route => {
        await released;
        await route.continue();
      });
      const card = await Card.open(visitor);
      await card.loading.waitFor();
      assert.deepEqual(await accessibilityProblems(card.root), []);
      await pictures.card(visitor, card.root, 'loading', card.loading);

      const before = await heightOf(card);
      release();
      await card.untilState('Connected');
      assert.equal(await card.loading.count(), 0);
      assert.ok(
        Math.abs((await heightOf(card)) - before) < MOST_JUMP,
        'the page jumps when the integration arrives',
      );
      assert.deepEqual(visitor.errors(), []);
    });

    it('says what went wrong and tries again', async () => {
      const { page } = visitor;
      await page.route(CARD_REQUESTS, route => route.fulfill(UNAVAILABLE));
      const card = await Card.open(visitor);
      await card.alert.waitFor();
      const alert = await card.alert.innerText();
      assert.match(alert, /The integration could not be read/);
      assert.match(alert, /The integrations are not observed yet/);
      assert.deepEqual(await accessibilityProblems(card.root), []);
      await pictures.card(visitor, card.root, 'error', card.alert);

      await page.unroute(CARD_REQUESTS);
      await card.retry.click();
      await card.untilState('Connected');
      assert.equal(await card.alert.count(), 0);
      assert.deepEqual(ownErrors(visitor), []);
    });

    it('keeps what it showed when a refresh fails', async () => {
      const { page } = visitor;
      const card = await Card.open(visitor);
      await card.untilState('Connected');
      await page.route(CARD_REQUESTS, route => route.fulfill(UNAVAILABLE));
      await card.refresh.click();
      await card.alert.getByText('Could not refresh').waitFor();

      await card.untilState('Connected');
      assert.deepEqual(await accessibilityProblems(card.root), []);
      await page.unroute(CARD_REQUESTS);
      await card.retry.click();
      await card.alert.waitFor({ state: 'detached' });
      assert.deepEqual(ownErrors(visitor), []);
    });

    it('names the permission to whoever may not see it', async () => {
      await visitor.page.route(CARD_REQUESTS, route =>
        route.fulfill(FORBIDDEN),
      );
      const card = await Card.open(visitor);
      const refusal = card.root.getByText(
        'You are not allowed to see this integration',
      );
      await refusal.waitFor();
      await card.root.getByText('hoop-authentik.integration.read').waitFor();

      assert.equal(await card.refresh.count(), 0);
      assert.equal(await card.alert.count(), 0);
      assert.deepEqual(await accessibilityProblems(card.root), []);
      await pictures.card(visitor, card.root, 'forbidden', refusal);
      assert.deepEqual(ownErrors(visitor), []);
    });

    it('is as readable in the dark', async () => {
      const card = await Card.open(visitor);
      await card.untilState('Connected');
      await visitor.useTheme('dark');
      await card.untilState('Connected');

      assert.deepEqual(await accessibilityProblems(card.root), []);
    });

    it('is short in every state', () => isShortAt(1440));

    it('is short in every state on a phone', () => isShortAt(320));

    async function isShortAt(width: number): Promise<void> {
      const { page } = visitor;
      await page.setViewportSize({ width, height: 1000 });
      let answer: object | undefined;
      await page.route(CARD_REQUESTS, async route =>
        answer ? route.fulfill({ json: answer }) : route.continue(),
      );
      const real = page.waitForResponse(CARD_REQUESTS);
      await Card.open(visitor);
      const states = scenariosOf(await (await real).json());
      for (const [name, state] of Object.entries(states)) {
        answer = state;
        const card = await Card.open(visitor);
        await card.root.getByText('View all checks').waitFor();
        await card.refresh.click({ trial: true });

        const height = await heightOf(card);
        assert.ok(height <= MOST_HEIGHT, `${name} is ${height} pixels tall`);
        assert.equal(await overflowOf(card), 0, `${name} is too wide`);
        for (const theme of ['light', 'dark'] as const) {
          await visitor.useTheme(theme);
          await card.root.getByText('View all checks').waitFor();
          assert.deepEqual(await accessibilityProblems(card.root), [], name);
        }
        if (width > 1000 && !['connected', 'not-connected'].includes(name)) {
          await pictures.card(
            visitor,
            card.root,
            `state-${name}`,
            card.refresh,
          );
        }
        await visitor.useTheme('light');
      }
      assert.deepEqual(visitor.errors(), []);
    }
  });
}

async function heightOf(card: Card): Promise<number> {
  return (await card.root.boundingBox())?.height ?? 0;
}

async function overflowOf(card: Card): Promise<number> {
  return card.root.evaluate(
    element => element.scrollWidth - element.clientWidth,
  );
}

/** Errors without the browser's own note that it was answered with an error, which the test made up. */
function ownErrors(visitor: Visitor): string[] {
  return visitor
    .errors()
    .filter(error => !/^Failed to load resource: .* (403|503) /.test(error));
}
