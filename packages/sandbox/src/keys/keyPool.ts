import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/** @internal */
export type KeyType = 'rsa' | 'ec' | 'ed25519';

/** @internal */
export interface Keys {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

function generate(type: KeyType): Keys {
  switch (type) {
    case 'ec':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ed25519':
      return generateKeyPairSync('ed25519');
    default:
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
  }
}

const made: Record<KeyType, Keys[]> = { rsa: [], ec: [], ed25519: [] };

/**
 * Hands out key pairs, none twice until it is reset. An RSA key takes tenths of a second to make, so those of a reset pool,
 * and those of other pools of this process, are used again.
 *
 * @internal
 */
export class KeyPool {
  #taken: Record<KeyType, number> = { rsa: 0, ec: 0, ed25519: 0 };

  take(type: KeyType): Keys {
    const next = this.#taken[type];
    this.#taken[type] += 1;
    made[type][next] ??= generate(type);
    return made[type][next];
  }

  reset(): void {
    this.#taken = { rsa: 0, ec: 0, ed25519: 0 };
  }
}
