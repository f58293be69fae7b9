import { createHash } from 'node:crypto';
import { KeyType, Keys } from '../../keys/keyPool';
import { certificateOf } from '../../keys/x509';
import type { KeyPair } from './model';
import { newUuid } from '../support/random';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * A key pair with a self-signed certificate, as authentik makes them.
 *
 * @internal
 */
export function createKeyPair(
  name: string,
  type: KeyType,
  keys: Keys,
  options: { validDays: number; shortKid: boolean },
): KeyPair {
  const expires = new Date(Date.now() + options.validDays * DAY_MS);
  const spki = keys.publicKey.export({ type: 'spki', format: 'der' });
  return {
    pk: newUuid(),
    name,
    type,
    ...keys,
    certificate: certificateOf({
      subject: [
        ['2.5.4.3', name],
        ['2.5.4.10', 'authentik'],
        ['2.5.4.11', 'Self-signed'],
      ],
      publicKey: keys.publicKey,
      signer: { type, privateKey: keys.privateKey },
      expires,
    }),
    subject: `OU=Self-signed,O=authentik,CN=${name}`,
    expires: `${expires.toISOString().slice(0, 19)}Z`,
    kid: options.shortKid
      ? createHash('md5').update(spki).digest('hex')
      : createHash('sha512').update(spki).digest('base64url'),
  };
}
