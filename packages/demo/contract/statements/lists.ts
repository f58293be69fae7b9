import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Workbench } from '../Workbench';

/** One more than the largest page, so that the list has two. */
const MORE_THAN_A_PAGE = 101;

export function listStatements(workbench: Workbench): void {
  it('each page names the next one, and the last names none', async () => {
    const found: string[] = [];
    for (let page = 1; page !== 0; ) {
      const answer = await workbench.raw(
        'GET',
        `flows/instances/?page=${page}&page_size=5`,
      );
      assert.equal(answer.status, 200);
      const { pagination, results } = JSON.parse(answer.text);
      assert.ok(results.length <= 5);
      found.push(...results.map(({ slug }: { slug: string }) => slug));
      assert.ok(pagination.next === 0 || pagination.next === page + 1);
      page = pagination.next;
    }
    const listed = await workbench.client.listFlows({});
    assert.ok(listed.length > 5, 'one page is no test');
    assert.deepEqual(
      found.toSorted(),
      listed.map(({ slug }) => slug).toSorted(),
    );
  });

  it('a page beyond the last one is 404', async () => {
    const answer = await workbench.raw('GET', 'flows/instances/?page=9999');
    assert.equal(answer.status, 404);
    assert.match(JSON.parse(answer.text).detail, /Invalid page/);
  });

  it('a list longer than the largest page is read to its end', async () => {
    const fields = await workbench.providerFields('many');
    const names = Array.from({ length: MORE_THAN_A_PAGE }, (_, index) =>
      workbench.name(`many-${index}`),
    );
    // A few at a time, for the sake of a server that others use as well.
    for (let start = 0; start < names.length; start += 8) {
      await Promise.all(
        names
          .slice(start, start + 8)
          .map(name => workbench.client.createProvider({ ...fields, name })),
      );
    }
    const listed = new Set(
      (await workbench.client.listProviders()).map(({ name }) => name),
    );
    assert.deepEqual(
      names.filter(name => !listed.has(name)),
      [],
    );
  });

  it('a provider is found by its whole name and by nothing less', async () => {
    const { provider } = await workbench.addPair('exact');
    const { client } = workbench;
    const found = await client.findProviderByName(provider.name);
    assert.equal(found?.pk, provider.pk);
    assert.equal(
      await client.findProviderByName(provider.name.slice(0, -1)),
      undefined,
    );
  });

  it('flows, an RSA key, scope mappings and groups can be looked up', async () => {
    const references = await workbench.references();
    assert.equal(references.propertyMappings.length, 3);
    const [group] = references.groups;
    assert.deepEqual(await workbench.client.findGroup(group.name), group);
  });
}
