import { InputError } from '@backstage/errors';
import { FakeAuthentikClient } from '../application/__testUtils__/FakeAuthentikClient';
import { SecretValue } from '../core';
import { findInMemory, ReadMemory, shareReads } from './sharedReads';

function fakeClient() {
  const calls: string[] = [];
  return {
    calls,
    group: undefined as { pk: string } | undefined,
    async getApplication(slug: string, _options?: object) {
      calls.push(`getApplication ${slug}`);
      return { slug };
    },
    async findGroup(name: string, _options?: object) {
      calls.push(`findGroup ${name}`);
      return this.group;
    },
    async probeClientSecret(
      _client: { clientSecret: SecretValue },
      _options?: object,
    ) {
      calls.push('probeClientSecret');
      return 'accepted';
    },
    async updateApplication(slug: string) {
      calls.push(`updateApplication ${slug}`);
    },
  };
}

describe('shareReads', () => {
  const setUp = () => {
    const client = fakeClient();
    const memory = new ReadMemory();
    const lookups = new ReadMemory();
    const share = (own = memory) =>
      shareReads(client, own, { lookups, onWrite: () => own.forget() });
    return { client, share };
  };

  it('should read once for all steps of a task, until one of them writes', async () => {
    const { client, share } = setUp();
    await Promise.all([
      share().getApplication('hoop', { signal: undefined }),
      share().getApplication('hoop', { lane: 'task' }),
    ]);
    await share().getApplication('other');
    expect(client.calls).toEqual([
      'getApplication hoop',
      'getApplication other',
    ]);

    await share().updateApplication('hoop');
    await share().getApplication('hoop');
    expect(client.calls.slice(2)).toEqual([
      'updateApplication hoop',
      'getApplication hoop',
    ]);
  });

  it('should share look-ups between tasks, and look again for what was not found', async () => {
    const { client, share } = setUp();
    await expect(share().findGroup('admin')).resolves.toBeUndefined();
    client.group = { pk: 'g' };
    await expect(share().findGroup('admin')).resolves.toEqual({ pk: 'g' });
    await share(new ReadMemory()).findGroup('admin');
    await share(new ReadMemory()).getApplication('hoop');
    await share(new ReadMemory()).getApplication('hoop');
    expect(client.calls).toEqual([
      'findGroup admin',
      'findGroup admin',
      'getApplication hoop',
      'getApplication hoop',
    ]);
  });

  it('should ask anew where that is wanted, and after a failure', async () => {
    const { client, share } = setUp();
    await share().getApplication('hoop');
    await share().getApplication('hoop', { fresh: true });
    expect(client.calls).toHaveLength(2);

    const failing = jest.fn(async () => {
      throw new Error('no');
    });
    const memory = new ReadMemory();
    const shared = shareReads({ getKeys: failing }, memory, { onWrite() {} });
    await expect(shared.getKeys()).rejects.toThrow('no');
    await expect(shared.getKeys()).rejects.toThrow('no');
    expect(failing).toHaveBeenCalledTimes(2);
  });

  it('should distinguish two secrets', async () => {
    const { client, share } = setUp();
    const [one, other] = [new SecretValue('one'), new SecretValue('other')];
    await share().probeClientSecret({ clientSecret: one });
    await share().probeClientSecret({ clientSecret: one });
    await share().probeClientSecret({ clientSecret: other });
    expect(client.calls).toHaveLength(2);
  });

  it('should take an empty last parameter for what it is: no options', async () => {
    const { client, share } = setUp();
    await share().getApplication('hoop', {});
    await share().getApplication('hoop', { signal: undefined });
    await share().getApplication('hoop');
    expect(client.calls).toEqual(['getApplication hoop']);
  });

  it('should remember that a request is invalid, and that there is no application yet', async () => {
    const { client, share } = setUp();
    const failures = [new InputError('invalid'), new Error('outage')];
    client.findGroup = async name => {
      client.calls.push(name);
      throw failures[client.calls.length > 2 ? 1 : 0];
    };
    for (const name of ['invalid', 'invalid', 'other']) {
      await expect(share().findGroup(name)).rejects.toBe(failures[0]);
    }
    expect(client.calls).toEqual(['invalid', 'other']);
    for (let time = 0; time < 2; time++) {
      await expect(share().findGroup('out')).rejects.toBe(failures[1]);
    }
    expect(client.calls.slice(2)).toEqual(['out', 'out']);

    client.calls.length = 0;
    client.getApplication = async slug => {
      client.calls.push(slug);
      return undefined as never;
    };
    await share().getApplication('new');
    await share().getApplication('new');
    await share().updateApplication('new');
    await share().getApplication('new');
    expect(client.calls).toEqual(['new', 'updateApplication new', 'new']);
  });

  it('should end the wait of a cancelled step alone', async () => {
    const { share } = setUp();
    const reason = new Error('cancelled');
    const cancelled = share().getApplication('hoop', {
      signal: AbortSignal.abort(reason),
    });
    await expect(cancelled).rejects.toBe(reason);
    await expect(share().getApplication('hoop')).resolves.toEqual({
      slug: 'hoop',
    });
  });
});

describe('findInMemory', () => {
  it('should find by its name what was read in another way, and ask for the rest', async () => {
    const client = new FakeAuthentikClient();
    const provider = client.addProvider({ name: 'Provider for Hoop' });
    const memory = new ReadMemory();
    const lookups = new ReadMemory();
    const shared = findInMemory(
      shareReads(client, memory, { lookups, onWrite: () => memory.forget() }),
      memory,
      lookups,
    );
    const admin = await client.findGroup('admin');
    await shared.getProvider(provider.pk);
    await shared.findGroupMembers('admin');
    client.calls.length = 0;
    await expect(
      shared.findProviderByName('Provider for Hoop'),
    ).resolves.toMatchObject({ pk: provider.pk });
    await expect(shared.findGroup('admin')).resolves.toMatchObject({
      pk: admin!.pk,
      name: 'admin',
    });
    expect(client.calls).toEqual([]);

    await shared.findProviderByName('Another');
    await shared.findGroup('developers');
    await shared.findGroup('admin', { fresh: true });
    await shared.deleteProvider(provider.pk);
    await expect(
      shared.findProviderByName('Provider for Hoop'),
    ).resolves.toBeUndefined();
    expect(client.calls).toEqual([
      'findProviderByName',
      'findGroup',
      'findGroup',
      'deleteProvider',
      'findProviderByName',
    ]);
  });
});

describe('ReadMemory', () => {
  it('should not grow with every name that it is asked for', async () => {
    jest.useFakeTimers();
    try {
      const memory = new ReadMemory();
      const ask = (from: number, count: number) =>
        Promise.all(
          Array.from({ length: count }, (_, index) =>
            memory.recall('findGroup', [`g${from + index}`], 5_000, async () =>
              Promise.resolve('found'),
            ),
          ),
        );

      await ask(0, 2_500);
      expect(memory.size).toBe(1_000);

      jest.advanceTimersByTime(5_001);
      await ask(2_500, 1);
      expect(memory.size).toBe(1);
    } finally {
      jest.useRealTimers();
    }
  });
});
