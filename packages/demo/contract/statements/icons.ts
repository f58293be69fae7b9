import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Workbench } from '../Workbench';

const ICON = 'https://icons.contract.invalid/icon.png';

export function iconStatements(workbench: Workbench): void {
  it('an icon can be set on every version and is read back as given', async () => {
    const { application } = await workbench.addPair('icon');
    await workbench.client.setApplicationIconUrl(application.slug, ICON);
    const { application: read } = await workbench.readPair(application.slug);
    assert.equal(read.metaIcon, ICON);
  });

  it('from 2025.12 the icon is a field, before it has a URL of its own', async () => {
    const isField = await workbench.isAtLeast('2025.12');
    const { application } = await workbench.addPair('icon-way');
    const answer = await workbench.raw(
      'POST',
      `core/applications/${application.slug}/set_icon_url/`,
      { body: { url: ICON } },
    );
    assert.equal(answer.status, isField ? 405 : 200);
    const changed = await workbench.raw(
      'PATCH',
      `core/applications/${application.slug}/`,
      { body: { meta_icon: `${ICON}?field` } },
    );
    assert.equal(changed.status, 200);
    assert.equal(
      JSON.parse(changed.text).meta_icon,
      isField ? `${ICON}?field` : ICON,
    );
  });
}
