import type { Adapter, AdapterPayload } from 'oidc-provider';

/** @internal */
export type Records = Map<string, AdapterPayload>;

/**
 * Keeps what oidc-provider stores. It lives longer than an instance of oidc-provider, so a changed
 * application does not lose the codes that are already out.
 *
 * A used code or refresh token is simply gone: authentik does not revoke the rest of a grant when
 * one is presented again.
 *
 * @internal
 */
export class MemoryAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly records: Records,
  ) {}

  #key(id: string): string {
    return `${this.model}:${id}`;
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.records.set(this.#key(id), payload);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.records.get(this.#key(id));
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async findByUid(): Promise<undefined> {
    return undefined;
  }

  async consume(id: string): Promise<void> {
    this.records.delete(this.#key(id));
  }

  async destroy(id: string): Promise<void> {
    this.records.delete(this.#key(id));
  }

  async revokeByGrantId(): Promise<void> {
    return undefined;
  }
}
