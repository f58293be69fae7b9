import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { accessibilityProblems } from '../accessibility';
import type { Scene } from '../scene';

/** What the template was for: people sign in to the gateway at authentik, in a browser that knows nothing of the portal. */
export function signInTests({ stage, pictures }: Scene): void {
  describe('The sign-in', () => {
    let context: BrowserContext;
    let page: Page;
    beforeEach(async () => {
      context = await stage().browser.newContext({
        viewport: { width: 1000, height: 640 },
      });
      page = await context.newPage();
    });
    afterEach(() => context.close());

    it('lets in a member of the bound group', async () => {
      const gateway = stage().sandbox.gateway.url;
      await openLogin();
      await page.getByText('Log in to continue to Hoop.dev.').waitFor();
      assert.deepEqual(await accessibilityProblems(page.locator('body')), []);
      await pictures.window(page, 'signin-sandbox', 640);
      await logIn('jane');
      await page.waitForURL(`${gateway}/**`);

      const cookies = await context.cookies(gateway);
      assert.ok(
        cookies.some(({ name }) => name === 'hoop_access_token'),
        'the gateway gave the browser no token',
      );
      // The gateway's pages read the cookie and send it as a bearer token; the gateway itself ignores cookies.
      const cookie = (await context.cookies(gateway)).find(
        ({ name }) => name === 'hoop_access_token',
      );
      const whoAmI = await context.request.get(`${gateway}/api/userinfo`, {
        headers: { authorization: `Bearer ${cookie?.value}` },
      });
      const { email, is_admin: isAdmin, groups } = await whoAmI.json();
      assert.deepEqual(
        { status: whoAmI.status(), email, isAdmin, groups: groups.sort() },
        {
          status: 200,
          email: 'jane@company.example',
          isAdmin: true,
          groups: ['admin', 'engineering'],
        },
      );
    });

    it('turns away everyone else', async () => {
      await openLogin();
      await logIn('bob');
      await page.getByRole('heading', { name: 'Permission denied' }).waitFor();

      const cookies = await context.cookies(stage().sandbox.gateway.url);
      assert.deepEqual(
        cookies.filter(({ name }) => name === 'hoop_access_token'),
        [],
      );
    });

    async function openLogin(): Promise<void> {
      const { authentik, gateway } = stage().sandbox;
      const answer = await context.request.get(`${gateway.url}/api/login`, {
        params: { redirect: `${gateway.url}/auth/callback` },
      });
      const { login_url: loginUrl } = await answer.json();
      assert.ok(loginUrl.startsWith(authentik.url));
      await page.goto(loginUrl);
    }

    async function logIn(username: string): Promise<void> {
      const user = stage().sandbox.users.find(one => one.username === username);
      assert.ok(user);
      await page.getByLabel('User name or e-mail').fill(user.username);
      await page.getByLabel('Password').fill(user.password);
      await page.getByRole('button', { name: 'Log in' }).click();
    }
  });
}
