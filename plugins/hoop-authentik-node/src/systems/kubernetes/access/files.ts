import { readFile } from 'node:fs/promises';
import { InputError } from '@backstage/errors';

/**
 * Reads a text file that the configuration names. The message of a failure names the file and the reason, never any of
 * its contents.
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
    throw new InputError(`${what} ${path} cannot be read: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case 'ENOENT':
      return 'expected a file, found none';
    case 'EISDIR':
      return 'expected a file, found a directory';
    case 'EACCES':
    case 'EPERM':
      return 'the backend is not allowed to read it';
    default:
      return code ?? 'unknown reason';
  }
}
