import { InputError } from '@backstage/errors';

/** Reads one entry of the metadata that SOPS adds to a file; `undefined` where the file has none of that name. */
type Metadata = (name: string) => unknown;

/** What SOPS leaves in the clear where the file does not say it. */
const DEFAULT_SUFFIX = '_unencrypted';

/**
 * Refuses to edit a file that SOPS has sealed, unless its seal covers only encrypted values and none of those is edited.
 *
 * @param paths - the keys that lead to each value that is to change
 * @throws InputError naming the rule
 * @internal
 */
export function refuseSealed(
  file: string,
  metadata: Metadata,
  paths: string[][],
): void {
  if (metadata('mac') === undefined || paths.length === 0) {
    return;
  }
  if (String(metadata('mac_only_encrypted')) !== 'true') {
    throw new InputError(
      `${file} is sealed by SOPS, and any edit breaks its seal. Keep the settings in a file that is not encrypted, edit this one with sops, or encrypt it with mac_only_encrypted: true.`,
    );
  }
  const encrypted = paths.filter(path => isEncrypted(file, path, metadata));
  if (encrypted.length > 0) {
    throw new InputError(
      `${file}: by its rules, SOPS encrypts ${encrypted
        .map(path => path.join('.'))
        .join(
          ', ',
        )}, which only sops can write. Leave the settings out of its rules (encrypted_regex), keep them in another file, or edit this one with sops.`,
    );
  }
}

/** A rule applies to a value where it applies to any key that leads there. */
function isEncrypted(
  file: string,
  path: string[],
  metadata: Metadata,
): boolean {
  const rule = (name: string) => {
    const value = metadata(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const hasSuffix = (suffix: string) => path.some(key => key.endsWith(suffix));
  const matches = (pattern: string) => {
    const regex = patternOf(file, pattern);
    return path.some(key => regex.test(key));
  };
  const encryptedRegex = rule('encrypted_regex');
  const encryptedSuffix = rule('encrypted_suffix');
  const unencryptedRegex = rule('unencrypted_regex');
  if (rule('encrypted_comment_regex') || rule('unencrypted_comment_regex')) {
    return true;
  }
  if (encryptedRegex) {
    return matches(encryptedRegex);
  }
  if (unencryptedRegex) {
    return !matches(unencryptedRegex);
  }
  return encryptedSuffix
    ? hasSuffix(encryptedSuffix)
    : !hasSuffix(rule('unencrypted_suffix') ?? DEFAULT_SUFFIX);
}

/** Words, alternatives and single repeated characters: nothing that takes long on a short key. */
const HARMLESS = /^(?:[\w^$()|/-]|\.\*|\.|\\[.wd])*$/;

/** The pattern comes from the file, so only what cannot occupy the backend is evaluated. */
function patternOf(file: string, pattern: string): RegExp {
  const stars = pattern.split('*').length - 1;
  try {
    if (pattern.length <= 1_000 && stars <= 2 && HARMLESS.test(pattern)) {
      return new RegExp(pattern);
    }
  } catch {
    // Answered below.
  }
  throw new InputError(
    `${file} is sealed by SOPS with a rule that is not evaluated here: expected a pattern of names, "|", "^", "$" and ".*". Edit the file with sops.`,
  );
}
