import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** A URL takes more in a name, but people paste the command with the gateway's URL into a shell. */
const HOST_PATTERN = /^(\[[0-9a-f:.]+\]|[\w.-]+)$/i;

/** Hosts whose traffic does not leave this machine. */
const LOOPBACK_PATTERN = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/i;

/** Accepts plain HTTP beyond this machine, such as where a service mesh encrypts it. */
const ALLOW_HTTP = 'dangerouslyAllowHttp';

/**
 * Reads the URL of a system that tokens and secrets are sent to, without a trailing slash.
 *
 * @param key - where `config` stands in app-config
 * @throws InputError for what is no such URL, or sends them unencrypted without being told so
 * @internal
 */
export function readUrl(config: Config, field: string, key: string): string {
  const value = config.getString(field).trim();
  const url =
    URL.canParse(value) && !/\s/.test(value) ? new URL(value) : undefined;
  if (
    !url ||
    !['http:', 'https:'].includes(url.protocol) ||
    !HOST_PATTERN.test(url.hostname) ||
    url.username ||
    url.password ||
    url.search ||
    url.hash
  ) {
    throw new InputError(
      `${key}.${field} must be an http(s) URL without credentials, query or fragment; found "${
        url ? `${url.protocol}//${url.host}${url.pathname}` : withoutUser(value)
      }"`,
    );
  }
  if (
    url.protocol === 'http:' &&
    !LOOPBACK_PATTERN.test(url.hostname) &&
    !config.getOptionalBoolean(ALLOW_HTTP)
  ) {
    throw new InputError(
      `${key}.${field} must be an https URL, since tokens and secrets are sent there; found "${value}". Where something else encrypts what passes in between, set ${key}.${ALLOW_HTTP}.`,
    );
  }
  return value.replace(/\/+$/, '');
}

/** What cannot be read as a URL may have a name and a password in it all the same. */
function withoutUser(value: string): string {
  return value.slice(value.lastIndexOf('@') + 1);
}
