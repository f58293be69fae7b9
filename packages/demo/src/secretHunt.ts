import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A secret found where it must not be; the secret itself is not repeated. @internal */
export interface SecretHit {
  place: string;
  /** Which of the secrets, by position. */
  index: number;
}

/** Shorter ones would be found by chance. */
const SHORTEST_HUNTED = 8;

/**
 * Looks for secrets in texts, also in the encodings in which they travel.
 *
 * @internal
 */
export function huntSecrets(
  secrets: string[],
  places: Record<string, string | Buffer>,
): SecretHit[] {
  const hunted = secrets.filter(secret => secret.length >= SHORTEST_HUNTED);
  return Object.entries(places).flatMap(([place, text]) => {
    const haystack = Buffer.isBuffer(text) ? text : Buffer.from(text);
    return hunted.flatMap((secret, index) =>
      formsOf(secret).some(form => haystack.includes(form))
        ? [{ place, index }]
        : [],
    );
  });
}

function formsOf(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ];
}

/** Every file below a directory, by path. @internal */
export async function readAllFiles(
  dir: string,
): Promise<Record<string, Buffer>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile());
  const contents = await Promise.all(
    files.map(async file => {
      const path = join(file.parentPath, file.name);
      return [path, await readFile(path)] as const;
    }),
  );
  return Object.fromEntries(contents);
}
