import {
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { asn1 } from 'node-forge';
import type { KeyPair, KeyType } from './model';
import { newUuid } from '../support/random';

const { Class, Type } = asn1;

const DAY_MS = 24 * 60 * 60 * 1000;

const SIGNATURE_OID: Record<KeyType, string> = {
  rsa: '1.2.840.113549.1.1.11',
  ec: '1.2.840.10045.4.3.2',
  ed25519: '1.3.101.112',
};

function sequence(...parts: asn1.Asn1[]): asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts);
}

function oid(dotted: string): asn1.Asn1 {
  return asn1.create(
    Class.UNIVERSAL,
    Type.OID,
    false,
    asn1.oidToDer(dotted).getBytes(),
  );
}

function utcTime(date: Date): asn1.Asn1 {
  return asn1.create(
    Class.UNIVERSAL,
    Type.UTCTIME,
    false,
    asn1.dateToUtcTime(date),
  );
}

function rdn(type: string, value: string): asn1.Asn1 {
  const text = asn1.create(Class.UNIVERSAL, Type.UTF8, false, value);
  return asn1.create(Class.UNIVERSAL, Type.SET, true, [
    sequence(oid(type), text),
  ]);
}

/** Builds the certificate by hand: node-forge itself only signs with RSA keys. */
function selfSigned(
  type: KeyType,
  commonName: string,
  keys: { publicKey: KeyObject; privateKey: KeyObject },
  expires: Date,
): Buffer {
  const algorithm = sequence(
    oid(SIGNATURE_OID[type]),
    ...(type === 'rsa'
      ? [asn1.create(Class.UNIVERSAL, Type.NULL, false, '')]
      : []),
  );
  const name = sequence(
    rdn('2.5.4.3', commonName),
    rdn('2.5.4.10', 'authentik'),
    rdn('2.5.4.11', 'Self-signed'),
  );
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(15)]);
  const spki = keys.publicKey.export({ type: 'spki', format: 'der' });
  const tbs = sequence(
    asn1.create(Class.CONTEXT_SPECIFIC, 0, true, [
      asn1.create(Class.UNIVERSAL, Type.INTEGER, false, '\u0002'),
    ]),
    asn1.create(
      Class.UNIVERSAL,
      Type.INTEGER,
      false,
      serial.toString('latin1'),
    ),
    algorithm,
    name,
    sequence(utcTime(new Date(Date.now() - DAY_MS)), utcTime(expires)),
    name,
    asn1.fromDer(spki.toString('latin1')),
  );
  const tbsDer = Buffer.from(asn1.toDer(tbs).getBytes(), 'latin1');
  const signature = sign(
    type === 'ed25519' ? null : 'sha256',
    tbsDer,
    keys.privateKey,
  );
  const certificate = sequence(
    tbs,
    algorithm,
    asn1.create(
      Class.UNIVERSAL,
      Type.BITSTRING,
      false,
      `\u0000${signature.toString('latin1')}`,
    ),
  );
  return Buffer.from(asn1.toDer(certificate).getBytes(), 'latin1');
}

function generate(type: KeyType) {
  switch (type) {
    case 'ec':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ed25519':
      return generateKeyPairSync('ed25519');
    default:
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
  }
}

/**
 * A key pair with a self-signed certificate, as authentik makes them.
 *
 * @internal
 */
export function createKeyPair(
  name: string,
  type: KeyType,
  options: { validDays: number; shortKid: boolean },
): KeyPair {
  const keys = generate(type);
  const expires = new Date(Date.now() + options.validDays * DAY_MS);
  const spki = keys.publicKey.export({ type: 'spki', format: 'der' });
  return {
    pk: newUuid(),
    name,
    type,
    ...keys,
    certificate: selfSigned(type, name, keys, expires),
    subject: `OU=Self-signed,O=authentik,CN=${name}`,
    expires: `${expires.toISOString().slice(0, 19)}Z`,
    kid: options.shortKid
      ? createHash('md5').update(spki).digest('hex')
      : createHash('sha512').update(spki).digest('base64url'),
  };
}
