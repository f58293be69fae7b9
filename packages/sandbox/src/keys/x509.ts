import { randomBytes, sign, type KeyObject } from 'node:crypto';
import { asn1 } from 'node-forge';
import type { KeyType } from './keyPool';

const { Class, Type } = asn1;

const DAY_MS = 24 * 60 * 60 * 1000;

const SIGNATURE_OID: Record<KeyType, string> = {
  rsa: '1.2.840.113549.1.1.11',
  ec: '1.2.840.10045.4.3.2',
  ed25519: '1.3.101.112',
};

/** @internal */
export function sequence(...parts: asn1.Asn1[]): asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts);
}

/** @internal */
export function oid(dotted: string): asn1.Asn1 {
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

/** Attributes of a name by their object identifiers. @internal */
export type DistinguishedName = [type: string, value: string][];

/** @internal */
export interface CertificateContent {
  subject: DistinguishedName;
  /** The subject itself unless given. */
  issuer?: DistinguishedName;
  publicKey: KeyObject;
  signer: { type: KeyType; privateKey: KeyObject };
  expires: Date;
  extensions?: asn1.Asn1[];
}

/** A certificate in DER. Built by hand, since node-forge itself only signs with RSA keys. @internal */
export function certificateOf({
  subject,
  issuer = subject,
  publicKey,
  signer,
  expires,
  extensions = [],
}: CertificateContent): Buffer {
  const algorithm = sequence(
    oid(SIGNATURE_OID[signer.type]),
    ...(signer.type === 'rsa'
      ? [asn1.create(Class.UNIVERSAL, Type.NULL, false, '')]
      : []),
  );
  const nameOf = (name: DistinguishedName) =>
    sequence(...name.map(([type, value]) => rdn(type, value)));
  // The first byte keeps the serial number positive and free of leading zeros, which DER forbids.
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(15)]);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
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
    nameOf(issuer),
    sequence(utcTime(new Date(Date.now() - DAY_MS)), utcTime(expires)),
    nameOf(subject),
    asn1.fromDer(spki.toString('latin1')),
    ...(extensions.length > 0
      ? [
          asn1.create(Class.CONTEXT_SPECIFIC, 3, true, [
            sequence(...extensions),
          ]),
        ]
      : []),
  );
  const signature = sign(
    signer.type === 'ed25519' ? null : 'sha256',
    Buffer.from(asn1.toDer(tbs).getBytes(), 'latin1'),
    signer.privateKey,
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

/** @internal */
export function pemOf(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return [
    '-----BEGIN CERTIFICATE-----',
    ...lines,
    '-----END CERTIFICATE-----',
    '',
  ].join('\n');
}
