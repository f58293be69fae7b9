import assert from 'node:assert/strict';
import { it } from 'node:test';
import { huntSecrets } from '../../src';
import { accessibilityProblems } from '../accessibility';
import { setRedirectUris } from '../authentik';
import { Card } from '../pages/card';
import { Template } from '../pages/template';
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

    await card.root
      .getByText('This gateway does not sign people in with authentik.')
      .waitFor();
    const missing = await card.check('Application exists').innerText();
    assert.match(missing, /Expected\s+an application with the slug "hoop"/);
    assert.match(missing, /Actual\s+none/);
    assert.match(missing, /Remedy\s+Connect the gateway with the software/);
    assert.deepEqual(await accessibilityProblems(card.root), []);
    await pictures.card(
      guest(),
      card.root,
      'not-connected',
      card.inState('Not connected'),
    );
  });

  it('connects it with the software template', async () => {
    const { page } = guest();
    const template = await Template.choose(guest());
    await template.pickEntity('Hoop.dev gateway');
    await template.describeApplication(APPLICATION);
    await pictures.window(page, 'template-form', 1020);

    const reviewed = (await template.review()).join('\n');
    assert.match(reviewed, /Catalog entity\s+resource:default\/hoop/);
    assert.match(reviewed, /Name\s+Hoop\.dev/);
    assert.match(reviewed, /Listed under\s+Infrastructure/);
    assert.match(reviewed, /Who can sign in\s+group:\s*engineering/);

    await template.run();
    const { authentik, gateway } = stage().sandbox;
    assert.equal(
      await template.output('Application in authentik').getAttribute('href'),
      `${authentik.url}/if/admin/#/core/applications/hoop`,
    );
    assert.equal(
      await template.output('Gateway').getAttribute('href'),
      gateway.url,
    );
    assert.equal(
      await page.getByRole('code').innerText(),
      `hoop config create --api-url ${gateway.url}\nhoop login`,
    );
    await pictures.window(page, 'template-run', 1070);
    await template.output('Entity in the catalog').click();
  });

  it('shows the connected gateway', async () => {
    const card = new Card(guest().page);
    await card.untilState('Connected');

    await card.root
      .getByText('People sign in to this gateway with authentik.')
      .waitFor();
    assert.equal(await card.check('Expected').count(), 0);
    for (const system of ['authentik', 'Kubernetes', 'Gateway']) {
      await card.toggle(system).click();
    }
    await card.check('Gateway signs people in with OpenID Connect').waitFor();
    assert.deepEqual(await accessibilityProblems(card.root), []);
    for (const system of ['authentik', 'Kubernetes', 'Gateway']) {
      await card.toggle(system).click();
    }
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
    await card.refresh.click();
    await card.untilState('Drifted');

    const check = card.check(REDIRECT_CHECK);
    await check.getByRole('img', { name: 'Fails' }).waitFor();
    const details = await check.innerText();
    const right = rightRedirectUri();
    assert.match(details, new RegExp(`Expected\\s+.*${escaped(right)}`));
    assert.match(
      details,
      new RegExp(`Actual\\s+.*${escaped(wrongRedirectUri())}`),
    );
    assert.match(details, /Remedy\s+\S+/);
    await check.getByRole('link', { name: /^Open: / }).waitFor();
    assert.deepEqual(await accessibilityProblems(card.root), []);
    await pictures.card(guest(), card.root, 'drifted', card.inState('Drifted'));
  });

  it('fixes it by running the template again', async () => {
    const template = await Template.choose(guest());
    await template.pickEntity('Hoop.dev gateway');
    await template.describeApplication(APPLICATION);
    await template.review();
    await template.run();
    await template.output('Entity in the catalog').click();

    await new Card(guest().page).untilState('Connected');
  });

  it('warns of what the mistake left behind until it is removed', async () => {
    const card = new Card(guest().page);
    const check = card.check(REDIRECT_CHECK);
    await check.getByRole('img', { name: 'Warning' }).waitFor();
    assert.match(await check.innerText(), /Remedy\s+Remove the redirect URIs/);

    await setRedirectUris(stage().sandbox, [rightRedirectUri()]);
    await card.refresh.click();
    await check.waitFor({ state: 'detached' });
    await card.untilState('Connected');
  });

  it('told the browser no secret on the way', async () => {
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
