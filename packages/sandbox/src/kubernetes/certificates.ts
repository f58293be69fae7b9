import { asn1 } from 'node-forge';
import { KeyPool } from '../keys/keyPool';
import { certificateOf, oid, pemOf, sequence } from '../keys/x509';

/** PEM texts of a throwaway certificate authority and a server certificate for loopback. @internal */
export interface LoopbackCertificates {
  ca: string;
  certificate: string;
  key: string;
}

const { Class, Type } = asn1;

const THIRTY_DAYS_MS = 30 * 24 * 60 * 60 * 1000;

function primitive(type: asn1.Type, bytes: string): asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, type, false, bytes);
}

const TRUE = primitive(Type.BOOLEAN, '\u00ff');

function extension(
  id: string,
  value: asn1.Asn1,
  isCritical = false,
): asn1.Asn1 {
  return sequence(
    oid(id),
    ...(isCritical ? [TRUE] : []),
    primitive(Type.OCTETSTRING, asn1.toDer(value).getBytes()),
  );
}

/** Bits from the left; the first byte says how many of the last are unused. */
function keyUsage(unused: number, bits: number): asn1.Asn1 {
  return extension(
    '2.5.29.15',
    primitive(Type.BITSTRING, String.fromCharCode(unused, bits)),
    true,
  );
}

function subjectAlternative(tag: number, bytes: string): asn1.Asn1 {
  return asn1.create(Class.CONTEXT_SPECIFIC, tag, false, bytes);
}

const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** @internal */
export function createLoopbackCertificates(): LoopbackCertificates {
  const pool = new KeyPool();
  const authority = pool.take('ec');
  const server = pool.take('ec');
  const expires = new Date(Date.now() + THIRTY_DAYS_MS);
  const issuer: [string, string][] = [
    ['2.5.4.3', 'Sandbox certificate authority'],
  ];
  const signer = { type: 'ec', privateKey: authority.privateKey } as const;
  const ca = certificateOf({
    subject: issuer,
    publicKey: authority.publicKey,
    signer,
    expires,
    extensions: [
      extension('2.5.29.19', sequence(TRUE), true),
      // Signs certificates and revocations.
      keyUsage(1, 0b0000_0110),
    ],
  });
  const certificate = certificateOf({
    subject: [['2.5.4.3', 'Sandbox Kubernetes API']],
    issuer,
    publicKey: server.publicKey,
    signer,
    expires,
    extensions: [
      extension('2.5.29.19', sequence()),
      // Digital signature.
      keyUsage(7, 0b1000_0000),
      // For servers.
      extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
      extension(
        '2.5.29.17',
        sequence(
          subjectAlternative(DNS_NAME, 'localhost'),
          subjectAlternative(IP_ADDRESS, String.fromCharCode(127, 0, 0, 1)),
        ),
      ),
    ],
  });
  return {
    ca: pemOf(ca),
    certificate: pemOf(certificate),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
