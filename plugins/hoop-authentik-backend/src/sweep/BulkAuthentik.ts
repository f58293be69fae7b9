import type {
  AuthentikBinding,
  AuthentikClient,
  AuthentikGroupMembers,
  AuthentikKeyPair,
  AuthentikProvider,
  AuthentikUse,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import {
  AuthentikPermissionError,
  type CallOptions,
} from 'backstage-plugin-hoop-authentik-node';

/**
 * What one sweep reads of one authentik: whole lists, each once, whatever the number of applications. The providers come
 * first, and where authentik does not answer that request, no other one is sent.
 *
 * @internal
 */
export class BulkAuthentik {
  readonly #client: AuthentikClient;
  readonly #options: CallOptions;
  readonly #reads = new Map<string, Promise<unknown>>();

  constructor(client: AuthentikClient, options: CallOptions) {
    this.#client = client;
    this.#options = options;
  }

  providers(): Promise<AuthentikProvider[]> {
    return this.#once('providers', () =>
      this.#client.listProviders(this.#options),
    );
  }

  /** By primary key of what they are bound to. */
  bindings(): Promise<Map<string, AuthentikBinding[]>> {
    return this.#once('bindings', async () => {
      const all = await this.afterGate(() =>
        this.#client.listAllBindings(this.#options),
      );
      const byTarget = new Map<string, AuthentikBinding[]>();
      for (const binding of all) {
        const bound = byTarget.get(binding.target) ?? [];
        bound.push(binding);
        byTarget.set(binding.target, bound);
      }
      for (const bound of byTarget.values()) {
        bound.sort((a, b) => a.order - b.order);
      }
      return byTarget;
    });
  }

  keyPairs(): Promise<AuthentikKeyPair[]> {
    return this.#once('keyPairs', () =>
      this.afterGate(() => this.#client.listKeyPairs(this.#options)),
    );
  }

  groupMembers(name: string): Promise<AuthentikGroupMembers | undefined> {
    return this.#once(`group ${name}`, () =>
      this.afterGate(() => this.#client.findGroupMembers(name, this.#options)),
    );
  }

  /** The providers that use a key, as authentik itself lists them. */
  async keyPairUses(pk: string): Promise<AuthentikUse[]> {
    const providers = await this.providers();
    return providers
      .filter(
        ({ signingKey, encryptionKey }) =>
          signingKey === pk || encryptionKey === pk,
      )
      .map(provider => ({
        model: provider.metaModelName.split('.').at(-1)!,
        pk: `${provider.pk}`,
        name: provider.name,
      }));
  }

  /** Sends a request only where authentik answers; that it refuses the list of providers is an answer. */
  async afterGate<T>(read: () => Promise<T>): Promise<T> {
    try {
      await this.providers();
    } catch (error) {
      if (!(error instanceof AuthentikPermissionError)) {
        throw error;
      }
    }
    return read();
  }

  #once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#reads.get(key) as Promise<T> | undefined;
    const reading = known ?? read();
    this.#reads.set(key, reading);
    return reading;
  }
}
