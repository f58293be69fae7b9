import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InputError } from '@backstage/errors';
import { SecretValue } from '../../../core';

/**
 * Reads a text file that the configuration names. Errors name the file and the reason, never its contents.
 *
 * @param what - what the file is, such as `token file of user "deployer"`
 * @internal
 */
export async function readTextFile(
  path: string,
  what: string,
): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new InputError(
      `${what} ${path} cannot be read: ${describeFileError(error)}`,
    );
  }
}

function describeFileError(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case 'ENOENT':
      return 'expected a file, found none';
    case 'EISDIR':
      return 'expected a file, found a directory';
    case 'EACCES':
    case 'EPERM':
      return 'the backend may not read it';
    default:
      return code ?? 'unknown reason';
  }
}

/**
 * Returns the bearer token for the next request.
 *
 * @internal
 */
export type TokenSource = () => Promise<SecretValue>;

/** A token that never changes. @internal */
export function fixedToken(token: SecretValue): TokenSource {
  return async () => token;
}

/**
 * A token in a file that another process renews, such as the projected token of a service account. The file is read for
 * each request, so a renewed token counts immediately. While the file cannot be read, such as during its replacement, the
 * last good token is used, as in client-go; the cluster refuses it once it has expired.
 *
 * @internal
 */
export function tokenFromFile(path: string, what: string): TokenSource {
  let last: SecretValue | undefined;
  return async () => {
    try {
      const token = (await readTextFile(path, what)).trim();
      if (!token) {
        throw new InputError(
          `${what} ${path} is empty: expected a bearer token`,
        );
      }
      if (/\s/.test(token)) {
        throw new InputError(
          `${what} ${path} contains more than one word: expected one bearer token`,
        );
      }
      last = new SecretValue(token);
    } catch (error) {
      if (!last) {
        throw error;
      }
    }
    return last;
  };
}

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
 * Checks that a text is one or more certificates in PEM form.
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
 * Checks that a certificate and a private key are usable and belong together.
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

/** The kind of a text, without any of it. */
function describe(text: string): string {
  if (!text.trim()) {
    return 'nothing';
  }
  const label = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text)?.[1];
  return label
    ? `a PEM block "${label}" that cannot be used`
    : `${text.length} characters without a PEM block`;
}
