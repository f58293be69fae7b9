import { DefaultHoopClient } from '../../systems/hoop';
import { DefaultKubernetesClient } from '../../systems/kubernetes';
import { createAuthentikClient } from '../../systems/authentik';
import { SecretValue } from '../../core';
import { guardWrites } from './guardWrites';

class Client {
  readonly url = 'https://hoop.company';
  readonly #calls: string[] = [];

  get calls() {
    return this.#calls;
  }

  async getInfo(name: string) {
    this.#calls.push(`getInfo ${name}`);
    return name;
  }

  async updateProvider(pk: number) {
    this.#calls.push(`updateProvider ${pk}`);
    return pk;
  }
}

/** Everything that can be called on a client, as written in its class or object. */
function methodsOf(client: object): string[] {
  const prototype = Object.getPrototypeOf(client);
  const own = prototype === Object.prototype ? client : prototype;
  return Object.getOwnPropertyNames(own).filter(
    name =>
      name !== 'constructor' &&
      typeof Object.getOwnPropertyDescriptor(own, name)?.value === 'function',
  );
}

/** The methods that are not called where nothing may be written. */
async function guardedOf(client: object): Promise<string[]> {
  const guarded: string[] = [];
  for (const name of methodsOf(client)) {
    const refused = new Error('no');
    const { [name]: method } = guardWrites(
      { [name]: async () => undefined },
      async () => {
        throw refused;
      },
    );
    const outcome = await method().catch(error => error);
    if (outcome === refused) {
      guarded.push(name);
    }
  }
  return guarded.sort();
}

describe('guardWrites', () => {
  it('should ask before a write, and pass reads and properties', async () => {
    const client = new Client();
    const confirm = jest.fn(async () => {});
    const guarded = guardWrites(client, confirm);
    expect(guarded.url).toBe('https://hoop.company');
    expect(await guarded.getInfo('x')).toBe('x');
    expect(confirm).not.toHaveBeenCalled();
    expect(await guarded.updateProvider(7)).toBe(7);
    expect(confirm).toHaveBeenCalledTimes(1);
    confirm.mockRejectedValue(new Error('the gateway was lost'));
    await expect(guarded.updateProvider(8)).rejects.toThrow('lost');
    expect(client.calls).toEqual(['getInfo x', 'updateProvider 7']);
  });

  it('should say which writes are part of a way back', async () => {
    const confirm = jest.fn(async (_: object) => {});
    const { setAll } = guardWrites(
      { setAll: async (..._: unknown[]) => {} },
      confirm,
    );
    await setAll('x', { lane: 'wayBack' });
    await setAll('x', { lane: 'task' });
    await setAll('x');
    await setAll();
    expect(confirm.mock.calls.map(([options]) => [options])).toEqual(
      ['wayBack', 'task', undefined, undefined].map(lane => [{ lane }]),
    );
  });

  it('should guard every method that changes something', async () => {
    const authentik = createAuthentikClient({
      name: 'default',
      baseUrl: 'http://127.0.0.1:1',
      token: new SecretValue('t'),
    });
    expect(await guardedOf(authentik)).toEqual([
      'createApplication',
      'createApplicationWithProvider',
      'createBinding',
      'createKeyPair',
      'createProvider',
      'deleteApplication',
      'deleteBinding',
      'deleteKeyPair',
      'deleteProvider',
      'setApplicationIconUrl',
      'updateApplication',
      'updateBinding',
      'updateProvider',
    ]);
    expect(
      await guardedOf(
        DefaultHoopClient.create({ name: 'x', url: 'http://127.0.0.1:1' }),
      ),
    ).toEqual(['putAuthConfig']);
    expect(
      await guardedOf(Object.create(DefaultKubernetesClient.prototype)),
    ).toEqual(['create', 'delete', 'patch']);
    await authentik.close();
  });
});
