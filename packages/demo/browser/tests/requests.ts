import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Card, gatewaysPage } from '../pages/card';
import { refuseManaging } from '../requestFixtures';
import type { Scene } from '../scene';
import type { Visitor } from '../visitor';

const REASON = 'The team needs the databases.';
const COMMENT = 'Use the staging gateway instead.';

/** From asking to a gateway that is connected; it was disconnected before. */
export function requestTests({ stage }: Scene): void {
  describe('A request', () => {
    let developer: Visitor;
    let approver: Visitor;
    before(async () => {
      developer = await stage().visit();
      approver = await stage().visit();
      await refuseManaging(developer.page);
    });
    after(async () => {
      await developer.leave();
      await approver.leave();
    });

    async function ask(): Promise<void> {
      const card = await Card.open(developer);
      await card.button('Request connection').click();
      const dialog = developer.page.getByRole('dialog');
      await dialog.getByRole('checkbox', { name: 'Engineering' }).check();
      await dialog.getByRole('textbox', { name: 'Reason' }).fill(REASON);
      await dialog.getByRole('button', { name: 'Send request' }).click();
      await dialog.getByText('Your request is sent.').waitFor();
      await dialog.getByRole('button', { name: 'Close' }).click();
      await card.root.getByRole('link', { name: 'Your request' }).waitFor();
    }

    async function openToDecide() {
      await approver.open('/hoop-gateways?tab=requests');
      await gatewaysPage(approver.page)
        .getByRole('button', { name: 'Connect Company gateway to authentik' })
        .click();
      const drawer = approver.page.getByRole('dialog');
      await drawer.getByText(REASON).waitFor();
      return drawer;
    }

    it('that is declined shows why', async () => {
      await ask();
      const drawer = await openToDecide();
      await drawer.getByRole('textbox', { name: 'Comment' }).fill(COMMENT);
      await drawer.getByRole('button', { name: 'Decline' }).click();
      await drawer.getByText('Declined', { exact: true }).waitFor();

      await developer.open('/hoop-gateways?tab=requests&view=mine');
      await gatewaysPage(developer.page).getByText(COMMENT).waitFor();
    });

    it('that is approved connects the gateway', async () => {
      await ask();
      const drawer = await openToDecide();
      const plan = drawer.getByRole('region', {
        name: 'What would change now',
      });
      await plan.getByText('IDP_ISSUER').first().waitFor();
      await drawer.getByRole('button', { name: 'Approve' }).click();
      await drawer
        .getByText('Completed', { exact: true })
        .waitFor({ timeout: 120_000 });

      const card = await Card.open(developer);
      await card.untilState('Connected');
      assert.deepEqual(developer.errors(), []);
      assert.deepEqual(approver.errors(), []);
    });
  });
}
