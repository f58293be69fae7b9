import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accessibilityProblems } from '../accessibility';
import { Card } from '../pages/card';
import { Template } from '../pages/template';
import type { Scene } from '../scene';
import type { Visitor } from '../visitor';

const PHONE = { width: 320, height: 900 };

/** What the form of a template finds and says before anything runs. */
export function formTests({ stage, pictures }: Scene): void {
  describe('The form', () => {
    // The journey fills it in in the light; the portal starts afresh when the theme changes.
    let visitor: Visitor;
    let form: Template;
    before(async () => {
      visitor = await stage().visit();
      await visitor.page.emulateMedia({ colorScheme: 'dark' });
      // The form shows the state that the portal remembers, once the gateway has been observed.
      await (await Card.open(visitor)).untilState('Not connected');
      form = await Template.choose(visitor);
    });
    after(() => visitor.leave());

    /** As it is now, and on a phone. */
    async function isUsable(): Promise<void> {
      const { page } = visitor;
      const problems = await accessibilityProblems(form.form);
      // The colour of the scaffolder's own errors is that of the theme.
      assert.deepEqual(
        problems.filter(problem => !/id="\w+__error"/.test(problem)),
        [],
      );
      const viewport = page.viewportSize() ?? PHONE;
      await page.setViewportSize(PHONE);
      assert.deepEqual(await form.beyondTheEdge(), []);
      await page.setViewportSize(viewport);
    }

    it('finds a mistyped gateway, and shows that the right one can be connected', async () => {
      await form.type('Gateway', 'resource:default/hop');
      await form.press('Next');
      await form.says(/Did you mean "resource:default\/hoop"\?/);
      await isUsable();

      const [option] = await form.options('Gateway');
      assert.match(option, /Hoop\.dev gateway[^]*Not connected/);
      await form.pick('Gateway', /Hoop\.dev gateway/);
      await form.says('It can be connected.');
      await isUsable();
      await form.press('Next');
    });

    it('warns before everyone is let in', async () => {
      await form.choose('Everyone with an authentik account');
      await form.says(/^Anyone who has an account in authentik/);
      await isUsable();
      await form.choose('Only members of these groups');
    });

    it('finds a mistyped group, and offers those that exist', async () => {
      const groups = (await form.options('Groups')).join('\n');
      assert.match(groups, /admin[^]*administrators · 1 member/);
      await form.type('Groups', 'enginering');
      await form.press('Next');
      await form.says(
        'authentik has no group "enginering". Did you mean "engineering"?',
      );
      await isUsable();

      await form.remove('enginering');
      await form.pick('Groups', /^engineering/);
      await form.press('Next');
    });

    it('finds a mistyped certificate and flow', async () => {
      const certificates = (await form.options('Signing key')).join('\n');
      assert.match(certificates, /RSA · expires on/);
      await form.type('Signing key', 'authentik Self-signed Certificat');
      await form.type('Authorization flow', 'no-such-flow');
      await form.press('Review');
      await form.says(/Did you mean "authentik Self-signed Certificate"\?/);
      await form.says(/authentik has no flow "no-such-flow" for this purpose/);
      await isUsable();
      await pictures.window(visitor.page, 'template-typos-dark', 1100);

      await form.type('Signing key', '');
      await form.type('Authorization flow', '');
    });

    it('says before the run what will happen', async () => {
      await form.says(/sign-in is interrupted for about a minute/);
      await form.says('Members of engineering can sign in.');
      await isUsable();

      const reviewed = (await form.review()).join('\n');
      assert.match(reviewed, /Gateway\s+resource:default\/hoop/);
      assert.match(reviewed, /Access\s+Only members of these groups/);
      assert.match(reviewed, /What will happen\s+.*restarted once/);
      await form.button('Connect').waitFor();
    });

    it('left no error in the console', () => {
      const errors = visitor.errors();
      // The form logs what it refuses.
      assert.deepEqual(
        errors.filter(error => !error.startsWith('Form validation failed')),
        [],
      );
    });
  });
}
