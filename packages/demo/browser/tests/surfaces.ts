import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { accessibilityProblems } from '../accessibility';
import { Card, ENTITY_PATH, gatewaysPage } from '../pages/card';
import { refuseManaging, REQUESTS, showRequests } from '../requestFixtures';
import type { Scene } from '../scene';
import type { Visitor } from '../visitor';

const SIZES = [
  { width: 1440, height: 1000 },
  { width: 320, height: 800 },
];

interface Surface {
  name: string;
  /** Leads to it; resolves with what belongs to the plugin. */
  open: (visitor: Visitor) => Promise<Locator>;
  /** What shows that it is complete. */
  ready: (part: Locator) => Locator;
}

const SURFACES: Surface[] = [
  {
    name: 'access-tab',
    open: async visitor => {
      await visitor.open(`${ENTITY_PATH}/access`);
      return visitor.page.getByRole('main');
    },
    ready: part => part.getByRole('region', { name: 'Who has access' }),
  },
  {
    name: 'gateways-page',
    open: async visitor => {
      await visitor.open('/hoop-gateways');
      return gatewaysPage(visitor.page);
    },
    ready: part => part.getByRole('row').filter({ hasText: 'Company gateway' }),
  },
  {
    name: 'requests',
    open: async visitor => {
      await visitor.open('/hoop-gateways?tab=requests');
      return gatewaysPage(visitor.page);
    },
    ready: part => part.getByText('Declined', { exact: true }),
  },
  {
    name: 'request-detail',
    open: async visitor => {
      await visitor.open('/hoop-gateways?request=pending');
      return visitor.page.getByRole('dialog');
    },
    ready: part => part.getByRole('button', { name: 'Approve' }),
  },
  {
    name: 'template-dialog',
    open: async visitor => {
      const card = await Card.open(visitor);
      await card.choose('Rotate secret');
      return visitor.page.getByRole('dialog');
    },
    ready: part => part.getByRole('button', { name: 'Review' }),
  },
  {
    name: 'request-dialog',
    open: async visitor => {
      await refuseManaging(visitor.page);
      const card = await Card.open(visitor);
      await card.button('Request access').click();
      return visitor.page.getByRole('dialog');
    },
    ready: part => part.getByRole('button', { name: 'Send request' }),
  },
];

/** Every surface in both themes, on a desk and on a phone. */
export function surfaceTests({ stage, pictures }: Scene): void {
  describe('Every surface', () => {
    let visitor: Visitor;
    beforeEach(async () => {
      visitor = await stage().visit();
      await showRequests(visitor.page);
    });
    afterEach(() => visitor.leave());

    for (const surface of SURFACES) {
      it(`is readable in both themes and at both widths: ${surface.name}`, () =>
        isReadable(surface));
    }

    async function isReadable({ name, open, ready }: Surface): Promise<void> {
      const { page } = visitor;
      for (const size of SIZES) {
        await page.setViewportSize(size);
        for (const theme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme: theme });
          const part = await open(visitor);
          await ready(part).first().waitFor();
          const where = `${name}, ${theme}, ${size.width} px`;
          assert.deepEqual(await accessibilityProblems(part), [], where);
          assert.equal(await overflowOf(part), 0, `${where} is too wide`);
          await pictures.screen(page, `${name}-${size.width}-${theme}`);
          await page.unroute('**/api/permission/authorize');
        }
      }
      assert.deepEqual(visitor.errors(), []);
    }

    it('speaks German where the viewer does, checks included', async () => {
      const { page } = visitor;
      await page.addInitScript(() => localStorage.setItem('language', 'de'));
      await visitor.open(`${ENTITY_PATH}/access`);
      const checks = page.getByRole('region', { name: 'Prüfungen' });
      await checks.getByRole('button', { name: /^Alle \(/ }).click();
      await checks.getByText('Redirect-URI ist strict und genau').waitFor();
      await checks.getByText('Gateway hat authentik geladen').waitFor();
      await pictures.screen(page, 'access-tab-german');
      assert.deepEqual(visitor.errors(), []);
    });

    it('shows a request in every state', async () => {
      for (const { state } of REQUESTS) {
        await visitor.open(`/hoop-gateways?request=${state}`);
        const drawer = visitor.page.getByRole('dialog');
        await drawer.getByText('Reason', { exact: true }).waitFor();
        assert.deepEqual(await accessibilityProblems(drawer), [], state);
        await pictures.screen(visitor.page, `request-${state}-1440-light`);
      }
    });
  });
}

async function overflowOf(part: Locator): Promise<number> {
  return part.evaluate(element => element.scrollWidth - element.clientWidth);
}
