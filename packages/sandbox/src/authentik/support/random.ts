import { createHash, randomBytes, randomUUID } from 'node:crypto';

const ALPHABET =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** @internal */
export function randomString(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // Values past the last full multiple would favour early letters.
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

/** @internal */
export function randomHex(length: number): string {
  return randomBytes(Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length);
}

/** @internal */
export function newUuid(): string {
  return randomUUID();
}

/** @internal */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
