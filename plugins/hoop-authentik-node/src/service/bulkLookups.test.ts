import { FakeAuthentikClient } from '../application/__testUtils__/FakeAuthentikClient';
import { answerInBulk, BulkLists } from './bulkLookups';

describe('answerInBulk', () => {
  const setUp = () => {
    const client = new FakeAuthentikClient();
    const lists = new BulkLists();
    const names = Array.from({ length: 20 }, (_, index) => `p-${index}`);
    names.forEach(name => client.addProvider({ name }));
    return { client, lists, names };
  };

  it('should answer many look-ups of many tasks from one list', async () => {
    const { client, lists, names } = setUp();
    const found = await Promise.all(
      names.map(name => answerInBulk(client, lists).findProviderByName(name)),
    );
    expect(found.map(one => one?.name)).toEqual(names);
    expect(client.calls.filter(call => call === 'listProviders')).toHaveLength(
      1,
    );
    expect(client.calls).toHaveLength(5);
  });

  it('should list anew after a write, and ask for the single object where that is wanted', async () => {
    const { client, lists, names } = setUp();
    const bulk = answerInBulk(client, lists);
    await Promise.all(names.map(name => bulk.findProviderByName(name)));
    client.providers = [];
    lists.forget();
    await expect(bulk.findProviderByName('p-1')).resolves.toBeUndefined();
    await bulk.findProviderByName('p-1', { fresh: true });
    expect(client.calls.slice(5)).toEqual([
      'listProviders',
      'findProviderByName',
    ]);
  });

  it('should find the bindings of one application in the list of all', async () => {
    const { client, lists } = setUp();
    const bulk = answerInBulk(client, lists);
    client.addBinding('one', { group: 'g', order: 0 });
    client.addBinding('other', { group: 'g', order: 0 });
    const found = await Promise.all(
      Array.from({ length: 8 }, () => bulk.listBindings('one')),
    );
    expect(new Set(found.map(bindings => bindings.length))).toEqual(
      new Set([1]),
    );
    expect(client.calls).toHaveLength(5);
  });
});
