import { AuthentikServerError } from '../../systems/authentik';
import { FakeAuthentikClient } from '../__testUtils__/FakeAuthentikClient';
import { createOwnApplication, createOwnPair, createOwnProvider } from '.';
import { recordsInMemory, type CreatedObject } from '../records';
import { deleteOwnApplication, deleteOwnProvider } from '../writes';

describe('what is created', () => {
  let client: FakeAuthentikClient;
  const names = ({ created }: { created: readonly CreatedObject[] }) =>
    created.map(({ kind, name }) => `${kind} ${name}`).sort();
  const pair = {
    application: { name: 'Hoop', slug: 'hoop' },
    provider: { name: 'Provider', clientId: 'our-client-id' },
    bindings: [],
  };

  beforeEach(() => {
    client = new FakeAuthentikClient();
  });

  it('should be recorded before the request, once, and forgotten after the deletion', async () => {
    const run = recordsInMemory();
    const record = jest.spyOn(run, 'record');
    const before: number[] = [];
    client.onWrite = () => before.push(run.created.length);

    const provider = await createOwnProvider(client, pair.provider, { run });
    const application = await createOwnApplication(
      client,
      { ...pair.application, provider: provider.object.pk },
      { run },
    );
    expect(names(run)).toEqual(['application hoop', 'provider Provider']);
    expect(before).toEqual([1, 2]);

    client.onWrite = () => {};
    await deleteOwnApplication(client, application, { run });
    expect(names(run)).toEqual(['provider Provider']);
    await deleteOwnProvider(client, provider, { run });
    expect(names(run)).toEqual([]);

    await createOwnPair(client, pair, { run });
    expect(names(run)).toEqual(['application hoop', 'provider Provider']);
    expect(record).toHaveBeenCalledTimes(4);
  });

  it('should not be created where it cannot be recorded', async () => {
    const reason = new Error('the gateway was lost');
    const run = {
      ...recordsInMemory(),
      record: async () => {
        throw reason;
      },
    };
    await expect(createOwnPair(client, pair, { run })).rejects.toBe(reason);
    await expect(
      createOwnProvider(client, pair.provider, { run }),
    ).rejects.toBe(reason);
    expect(client.calls).toEqual([]);
  });

  it.each<[string, () => void]>([
    [
      'refused for a missing permission',
      () => client.refused.add('createApplication'),
    ],
    [
      'refused since another system has the name',
      () => client.addApplication({ name: 'Payroll', slug: 'hoop' }),
    ],
  ])('should be forgotten where it was %s', async (_, arrange) => {
    arrange();
    const run = recordsInMemory();
    await expect(
      createOwnApplication(client, pair.application, { run }),
    ).rejects.toThrow();
    expect(names(run)).toEqual([]);
  });

  it('should be forgotten where another writer was first', async () => {
    client.createApplicationWithProvider = async () => ({ applied: false });
    client.addApplication({ name: 'Payroll', slug: 'hoop' });
    const run = recordsInMemory();
    await expect(createOwnPair(client, pair, { run })).resolves.toEqual({
      applied: false,
      application: undefined,
    });
    expect(names(run)).toEqual([]);
  });

  it('should stay recorded where the answer was lost', async () => {
    client.createApplication = async () => {
      throw new AuthentikServerError('no answer');
    };
    const run = recordsInMemory();
    await expect(
      createOwnApplication(client, pair.application, { run }),
    ).rejects.toThrow('no answer');
    expect(names(run)).toEqual(['application hoop']);
  });
});
