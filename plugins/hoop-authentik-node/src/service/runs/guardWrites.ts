import type { CallOptions } from '../../core';

/** How the clients of all systems name the methods that change something. */
const WRITE = /^(create|update|set|patch|put|delete)(?=[A-Z]|$)/;

/** @internal */
export function isWrite(name: string): boolean {
  return WRITE.test(name);
}

/**
 * A client that asks before each write whether it may still be made; reads pass. The options of a call are its last
 * parameter and say whether it is part of a way back.
 *
 * @param confirm - throws where it may not
 * @internal
 */
export function guardWrites<Client extends object>(
  client: Client,
  confirm: (
    options: Pick<CallOptions, 'lane'>,
    parameters: unknown[],
  ) => Promise<void>,
): Client {
  return new Proxy(client, {
    get(_, name) {
      const member: unknown = Reflect.get(client, name);
      if (typeof member !== 'function') {
        return member;
      }
      // Methods may use private members, which a proxy does not have.
      const method = member.bind(client);
      return typeof name === 'string' && isWrite(name)
        ? async (...args: unknown[]) => {
            await confirm({ lane: Object(args.at(-1)).lane }, args);
            return method(...args);
          }
        : method;
    },
  });
}
