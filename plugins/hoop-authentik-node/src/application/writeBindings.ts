import type { CallOptions } from '../core';
import type {
  AuthentikBinding,
  AuthentikClient,
} from '../systems/authentik/types';
import type { BindingChange } from './planBindings';

/**
 * Carries out the changes of an application's bindings in their order.
 *
 * @param onWrite - called after each request that changed something
 * @internal
 */
export async function writeBindings(
  client: AuthentikClient,
  target: string,
  changes: BindingChange[],
  onWrite: () => void,
  options?: CallOptions,
): Promise<void> {
  const created: AuthentikBinding[] = [];
  for (const { kind, pk, fields } of changes) {
    options?.signal?.throwIfAborted();
    if (kind === 'create') {
      created.push(await client.createBinding(target, fields, options));
    } else if (kind === 'update') {
      await client.updateBinding(pk!, target, fields, options);
    } else {
      await client.deleteBinding(pk!, options);
    }
    onWrite();
  }
  if (created.length > 0) {
    await removeTwins(client, target, created, onWrite, options);
  }
}

/**
 * authentik accepts the same binding twice, so that of several writers who miss one each creates it. Each looks again
 * afterwards and keeps the one with the smallest key, which is the same for all; who looks last sees them all.
 */
async function removeTwins(
  client: AuthentikClient,
  target: string,
  created: AuthentikBinding[],
  onWrite: () => void,
  options?: CallOptions,
): Promise<void> {
  const present = await client.listBindings(target, options);
  for (const binding of created) {
    const [, ...twins] = present
      .filter(one => isTwin(one, binding))
      .sort((a, b) => (a.pk < b.pk ? -1 : 1));
    for (const { pk } of twins) {
      if (await client.deleteBinding(pk, options)) {
        onWrite();
      }
    }
  }
}

/** Alike in everything but the key. */
function isTwin(one: AuthentikBinding, other: AuthentikBinding): boolean {
  return (
    one.group === other.group &&
    one.user === other.user &&
    one.policy === other.policy &&
    one.order === other.order &&
    one.enabled === other.enabled &&
    one.negate === other.negate &&
    one.timeout === other.timeout &&
    one.failureResult === other.failureResult
  );
}
