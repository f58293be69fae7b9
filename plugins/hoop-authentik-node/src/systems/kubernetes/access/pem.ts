import { createPrivateKey, X509Certificate } from 'node:crypto';
import { InputError } from '@backstage/errors';

/**
 * Decodes a `…-data` field of a kubeconfig.
 *
 * @param where - the field, for messages
 * @internal
 */
export function decodeBase64Field(value: string, where: string): string {
  const compact = value.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact) || compact.length % 4 !== 0) {
    throw new InputError(`${where}: expected base64, found something else`);
  }
  return Buffer.from(compact, 'base64').toString('utf8');
}

/**
 * Makes sure that a text is one or more certificates in PEM form.
 *
 * @internal
 */
export function requireCertificates(pem: string, where: string): string {
  try {
    return new X509Certificate(pem) && pem;
  } catch {
    throw new InputError(
      `${where}: expected certificates in PEM form, found ${describe(pem)}`,
    );
  }
}

/**
 * Makes sure that a certificate and a private key are usable and belong together.
 *
 * @internal
 */
export function requireKeyPair(
  cert: { pem: string; where: string },
  key: { pem: string; where: string },
): { cert: string; key: string } {
  requireCertificates(cert.pem, cert.where);
  let privateKey;
  try {
    privateKey = createPrivateKey(key.pem);
  } catch {
    throw new InputError(
      `${
        key.where
      }: expected a private key in PEM form without a passphrase, found ${describe(
        key.pem,
      )}`,
    );
  }
  if (!new X509Certificate(cert.pem).checkPrivateKey(privateKey)) {
    throw new InputError(
      `${key.where} is not the private key of the certificate in ${cert.where}`,
    );
  }
  return { cert: cert.pem, key: key.pem };
}

/** Says what kind of text it is without showing any of it. */
function describe(text: string): string {
  if (!text.trim()) {
    return 'nothing';
  }
  const label = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text)?.[1];
  return label
    ? `a PEM block "${label}" that cannot be used`
    : `${text.length} characters without a PEM block`;
}
