import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Workbench } from '../Workbench';

export function bindingStatements(workbench: Workbench): void {
  it('a change that names target and subject changes the binding and nothing more', async () => {
    const { groups } = await workbench.references();
    const { application } = await workbench.addPair('bind');
    const created = await workbench.client.createBinding(application.pk, {
      group: groups[0].pk,
      order: 0,
      timeout: 12,
    });
    const changed = await workbench.client.updateBinding(
      created.pk,
      application.pk,
      { group: groups[0].pk, order: 5, negate: true },
    );
    assert.deepEqual(changed, { ...created, order: 5, negate: true });
    assert.deepEqual(await workbench.client.listBindings(application.pk), [
      changed,
    ]);
  });

  it('the same binding twice is accepted, so that we have to look first', async () => {
    const { groups } = await workbench.references();
    const { application } = await workbench.addPair('bind-twice');
    const fields = { group: groups[0].pk, order: 0 };
    const first = await workbench.client.createBinding(application.pk, fields);
    const second = await workbench.client.createBinding(application.pk, fields);
    assert.notEqual(first.pk, second.pk);
    const listed = await workbench.client.listBindings(application.pk);
    assert.equal(listed.length, 2);
  });

  it('bindings are listed for one application, by their order', async () => {
    const { groups } = await workbench.references();
    const [group, other] = groups;
    const { application } = await workbench.addPair('bind-order', {
      bindings: [
        { group: group.pk, order: 9 },
        { group: other.pk, order: 1 },
      ],
    });
    await workbench.addPair('bind-elsewhere', {
      bindings: [{ group: group.pk, order: 0 }],
    });
    const listed = await workbench.client.listBindings(application.pk);
    assert.deepEqual(
      listed.map(binding => binding.group),
      [other.pk, group.pk],
    );
  });

  it('a binding lets nobody else in who is not named, unless it is disabled', async () => {
    const { groups } = await workbench.references();
    const { application } = await workbench.addPair('bind-access');
    const passing = async () => {
      const answer = await workbench.raw(
        'GET',
        `core/applications/${application.slug}/check_access/`,
      );
      return JSON.parse(answer.text).passing;
    };
    assert.equal(await passing(), true);
    const fields = { group: groups[0].pk, order: 0 };
    const { pk } = await workbench.client.createBinding(application.pk, fields);
    assert.equal(await passing(), false);
    await workbench.client.updateBinding(pk, application.pk, {
      ...fields,
      enabled: false,
    });
    assert.equal(await passing(), true);
  });
}
