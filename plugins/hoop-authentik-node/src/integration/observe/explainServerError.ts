import { AuthentikServerError } from '../../systems/authentik';
import type { CallOptions } from '../../core';
import type {
  AuthentikClient,
  AuthentikProvider,
} from '../../systems/authentik/types';
import { unusableKeyType } from '../../application/requirements';
import type { Observation } from '../types';
import { UnusableSigningKeyError } from './UnusableSigningKeyError';
import { observed } from './observation';

/**
 * A server error over what authentik publishes may be an outage, or the work of the signing key. Only the type of the
 * key tells, and it is only asked for then.
 *
 * @internal
 */
export async function explainServerError<T>(
  authentik: AuthentikClient,
  reading: Promise<Observation<T>>,
  provider: Promise<Observation<AuthentikProvider | undefined>>,
  options: CallOptions,
): Promise<Observation<T>> {
  const found = await reading;
  if (found.ok || !(found.error instanceof AuthentikServerError)) {
    return found;
  }
  const joined = await provider;
  const signingKey = joined.ok ? joined.value?.signingKey : undefined;
  if (signingKey === undefined) {
    return found;
  }
  const pairs = await observed(authentik.listKeyPairs(options));
  const pair = pairs.ok
    ? pairs.value.find(({ pk }) => pk === signingKey)
    : undefined;
  const keyType = pair && unusableKeyType(pair);
  return keyType
    ? {
        ok: false,
        error: new UnusableSigningKeyError(found.error.message, keyType),
      }
    : found;
}
