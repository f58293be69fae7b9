import assert from 'node:assert/strict';
import { it } from 'node:test';
import { huntSecrets } from '../../src';
import { accessibilityProblems } from '../accessibility';
import { setRedirectUris } from '../../src/authentikAdministrator';
import { tabTo } from '../keyboard';
import { Card, CARD_REQUESTS, gatewaysPage } from '../pages/card';
import { TemplateDialog } from '../pages/template';
import { scenariosOf } from '../scenarios';
import type { Scene } from '../scene';

const REDIRECT_CHECK = 'Redirect URI is strict and exact';
const APPLICATION = {
  name: 'Hoop.dev',
  listedUnder: 'Infrastructure',
  group: 'engineering',
};

/** From a gateway that is not connected to one that is, and back to it after a mistake; one person, one browser. */
export function journeyTests({ stage, guest, pictures }: Scene): void {
  const rightRedirectUri = () => `${stage().sandbox.gateway.url}/api/callback`;
  /** On the gateway's host: with another system's redirect URI the application would not be the gateway's to repair. */
  const wrongRedirectUri = () =>
    `${stage().sandbox.gateway.url}/wrong/callback`;

  it('shows a gateway that is not connected', async () => {
    const card = await Card.open(guest());
    await card.untilState('Not connected');

    await card.root.getByText('People sign in with local accounts.').waitFor();
    await card.button('Connect to authentik').waitFor();
    assert.equal(await card.root.getByRole('region').count(), 0);
    assert.deepEqual(await accessibilityProblems(card.root), []);
    await pictures.card(
      guest(),
      card.root,
      'not-connected',
      card.inState('Not connected'),
    );
  });

  it('connects it from the card, with the keyboard alone', async () => {
    const { page } = guest();
    const card = new Card(page);
    const dialog = new TemplateDialog(page);
    const press = async (button: string) => {
      await tabTo(dialog.button(button));
      await page.keyboard.press('Enter');
    };
    await tabTo(card.button('Connect to authentik'));
    await page.keyboard.press('Enter');
    await dialog.root.getByText('It can be connected.').waitFor();
    assert.deepEqual(await accessibilityProblems(dialog.root), []);
    await press('Next');

    await tabTo(dialog.field('Name'));
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(APPLICATION.name);
    await tabTo(dialog.field('Groups'));
    await page.keyboard.type(APPLICATION.group.slice(0, 5));
    await dialog.option(APPLICATION.group).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await pictures.window(page, 'template-form', 900);
    assert.deepEqual(await accessibilityProblems(dialog.root), []);
    await press('Next');

    await tabTo(dialog.field('Listed under'));
    await page.keyboard.type(APPLICATION.listedUnder);
    await dialog.root
      .getByText('Members of engineering can sign in.')
      .waitFor();
    assert.deepEqual(await accessibilityProblems(dialog.root), []);
    await press('Review');
    await press('Connect');
    await dialog.end();

    const { authentik, gateway } = stage().sandbox;
    await dialog.root.getByText(/^Connected\. \d+ checks passed\.$/).waitFor();
    assert.equal(
      await dialog.output('Application in authentik').getAttribute('href'),
      `${authentik.url}/if/admin/#/core/applications/hoop`,
    );
    assert.equal(
      await dialog.output('Gateway').getAttribute('href'),
      gateway.url,
    );
    assert.equal(
      await page.getByRole('code').innerText(),
      `hoop config create --api-url ${gateway.url}\nhoop login`,
    );
    await pictures.window(page, 'template-run', 900);
    await press('Close');
  });

  it('shows the connected gateway', async () => {
    const card = new Card(guest().page);
    await card.untilState('Connected');

    await card.root
      .getByText('People sign in with their authentik account.')
      .waitFor();
    await card.root.getByText('hoop login', { exact: true }).waitFor();
    assert.deepEqual(await accessibilityProblems(card.root), []);
    await pictures.card(
      guest(),
      card.root,
      'connected',
      card.inState('Connected'),
    );
  });

  it('finds a change made in authentik when refreshed', async () => {
    await setRedirectUris(stage().sandbox, [wrongRedirectUri()]);
    const card = new Card(guest().page);
    await card.observe();
    await card.untilState('Drifted · 2');
    await card.root
      .getByText('2 settings differ. Sign-in is broken.')
      .waitFor();

    const problem = card.problem(REDIRECT_CHECK);
    await problem.getByRole('img', { name: 'Failed' }).waitFor();
    assert.match(
      await problem.innerText(),
      new RegExp(
        `${escaped(rightRedirectUri())}.* → .*${escaped(wrongRedirectUri())}`,
      ),
    );
    assert.deepEqual(await accessibilityProblems(card.root), []);
    await pictures.card(
      guest(),
      card.root,
      'drifted',
      card.inState('Drifted · 2'),
    );
  });

  it('has the evidence on a tab', async () => {
    const checks = await new Card(guest().page).viewAllChecks();
    const row = checks.getByRole('button', { name: REDIRECT_CHECK }).first();
    await row.click();
    await checks.getByText(wrongRedirectUri()).last().waitFor();
    await checks.getByRole('button', { name: /^All \(/ }).click();
    await checks.getByText('Application exists').waitFor();
    const tab = guest().page.locator('main');
    assert.deepEqual(await accessibilityProblems(tab), []);
    await pictures.part(guest(), tab, 'access-tab', checks);
  });

  it('repairs it with the button of the card', async () => {
    const card = await Card.open(guest());
    await card.untilState('Drifted · 2');
    await card.button('Repair').click();
    const dialog = new TemplateDialog(guest().page);
    await dialog.run('Repair');
    await dialog.close();

    await card.untilState('Connected · 1 warning');
  });

  it('warns of what the mistake left behind until it is removed', async () => {
    const card = new Card(guest().page);
    const problem = card.problem(REDIRECT_CHECK);
    await problem.getByRole('img', { name: 'Warning' }).waitFor();

    await setRedirectUris(stage().sandbox, [rightRedirectUri()]);
    await card.observe();
    await problem.waitFor({ state: 'detached' });
    await card.untilState('Connected');
  });

  it('rotates the secret from the menu', async () => {
    const card = new Card(guest().page);
    await card.choose('Rotate secret');
    const dialog = new TemplateDialog(guest().page);
    await dialog.run('Rotate secret');
    await pictures.window(guest().page, 'dialog-done', 900);
    await dialog.close();
    await card.untilState('Connected');
  });

  it('restarts it with the button of the card', async () => {
    const { page } = guest();
    // Its settings change too rarely to wait for: the state is made up, the button and the task are not.
    await page.route(CARD_REQUESTS, async route => {
      const response = await route.fetch();
      const answer = await response.json();
      const restart = scenariosOf(answer).pending;
      await route.fulfill({ json: restart });
    });
    const card = await Card.open(guest());
    await card.untilState('Pending');
    await page.unroute(CARD_REQUESTS);
    await card.button('Restart').click();
    const dialog = new TemplateDialog(page);
    await dialog.run('Restart');
    await dialog.close();
    await card.untilState('Connected');
  });

  it('lists it among all gateways, on a phone as well', async () => {
    const { page } = guest();
    await page.getByRole('link', { name: 'Access gateways' }).click();
    const row = page.getByRole('row').filter({ hasText: 'Company gateway' });
    await row.getByText('Connected', { exact: true }).waitFor();
    const drifted = page.getByRole('button', { name: '0 Drifted' });
    await drifted.click();
    await page.getByText('No gateway matches.').waitFor();
    await drifted.click();
    await row.waitFor();
    await page
      .getByRole('combobox', { name: 'Owner' })
      .selectOption('group:default/platform');
    await page.waitForURL(/owner=/);
    await row.waitFor();
    await page.getByRole('button', { name: '1 Connected' }).waitFor();
    const label = page
      .getByTestId('sidebar-root')
      .getByRole('link', { name: 'Access gateways' });
    assert.equal(
      await label.evaluate(link =>
        [link, ...link.querySelectorAll('*')].some(
          element => element.scrollWidth > element.clientWidth + 1,
        ),
      ),
      false,
      'the name of the page is cut off in the sidebar',
    );
    await row.getByRole('button', { name: /^More actions for/ }).click();
    await page.getByRole('menuitem', { name: 'Rotate secret' }).waitFor();
    await page.keyboard.press('Escape');
    // Until then the page keeps the width that it had beside the menu.
    await page.getByRole('menu').waitFor({ state: 'detached' });
    const table = page.getByRole('table', { name: 'Access gateways' });
    const tiles = page.getByRole('group', { name: 'Gateways by state' });
    assert.deepEqual(await accessibilityProblems(tiles), []);
    assert.deepEqual(await accessibilityProblems(table), []);
    await pictures.part(guest(), gatewaysPage(page), 'gateways-page', row);

    const viewport = page.viewportSize();
    await page.setViewportSize({ width: 320, height: 800 });
    // The sidebar makes room in a transition; until then there is less of it.
    await page.waitForFunction(() => {
      const shown = document.querySelector('table');
      return shown && shown.scrollWidth === shown.clientWidth;
    });
    await page.setViewportSize(viewport ?? { width: 1280, height: 1000 });
    await (await Card.open(guest())).untilState('Connected');
  });

  it('sent the browser no secret on the way', async () => {
    const secrets = await stage().sandbox.control.secrets();
    const received = await guest().received();

    assert.ok(secrets.length > 0);
    assert.deepEqual(huntSecrets(secrets, received), []);
    // The hunt sees the page, the answers of the plugin and the log of the task: what is no secret is found there.
    const places = huntSecrets([APPLICATION.listedUnder], received)
      .concat(huntSecrets(['hoop config create'], received))
      .map(({ place }) => place)
      .join('\n');
    assert.match(places, /^page$/m);
    assert.match(places, /^answer of \/api\/hoop-authentik\//m);
    assert.match(places, /^stream of \/api\/scaffolder\/.*eventstream$/m);
  });

  it('left no error in the console', () => {
    assert.deepEqual(guest().errors(), []);
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
