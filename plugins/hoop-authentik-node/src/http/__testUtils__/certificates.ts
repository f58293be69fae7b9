import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** One DER element (X.690): tag, length, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const size = body.length;
  const length =
    size < 0x80 ? [size] : [0x82, Math.floor(size / 0x100), size % 0x100];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...content: Buffer[]) => der(0x30, ...content);
const integer = (value: number) => der(0x02, Buffer.from([value]));
const octets = (content: Buffer) => der(0x04, content);
const identifier = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const bits = (content: Buffer) => der(0x03, Buffer.from([0]), content);
const time = (date: Date) =>
  der(
    0x18,
    Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`),
  );

const ECDSA_WITH_SHA256 = sequence(identifier('2a8648ce3d040302'));
const BASIC_CONSTRAINTS = identifier('551d13');
const SUBJECT_ALT_NAME = identifier('551d11');
const DAY_MS = 86_400_000;

/** A name of one common name. */
function named(commonName: string): Buffer {
  const text = der(0x0c, Buffer.from(commonName));
  return sequence(der(0x31, sequence(identifier('550403'), text)));
}

function certificate(options: {
  serial: number;
  subject: string;
  publicKey: KeyObject;
  issuer: string;
  signedBy: KeyObject;
  extension: Buffer;
}): string {
  const body = sequence(
    der(0xa0, integer(2)),
    integer(options.serial),
    ECDSA_WITH_SHA256,
    named(options.issuer),
    sequence(
      time(new Date(Date.now() - DAY_MS)),
      time(new Date(Date.now() + DAY_MS)),
    ),
    named(options.subject),
    options.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(options.extension)),
  );
  const signature = sign('sha256', body, options.signedBy);
  const whole = sequence(body, ECDSA_WITH_SHA256, bits(signature));
  return `-----BEGIN CERTIFICATE-----\n${whole
    .toString('base64')
    .replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

/**
 * Makes a certificate authority and a certificate for 127.0.0.1, and a name if one is given, signed by it, both valid for a day. Made anew for each
 * run, so that no private key is kept with the sources and nothing expires.
 *
 * @internal
 */
export function issueForLoopback(name?: string): {
  ca: string;
  cert: string;
  key: string;
} {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = 'Test authority';
  const trueValue = der(0x01, Buffer.from([0xff]));
  return {
    ca: certificate({
      serial: 1,
      subject: issuer,
      publicKey: authority.publicKey,
      issuer,
      signedBy: authority.privateKey,
      extension: sequence(
        BASIC_CONSTRAINTS,
        trueValue,
        octets(sequence(trueValue)),
      ),
    }),
    cert: certificate({
      serial: 2,
      subject: 'loopback',
      publicKey: own.publicKey,
      issuer,
      signedBy: authority.privateKey,
      extension: sequence(
        SUBJECT_ALT_NAME,
        octets(
          sequence(
            der(0x87, Buffer.from([127, 0, 0, 1])),
            ...(name ? [der(0x82, Buffer.from(name))] : []),
          ),
        ),
      ),
    }),
    key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
