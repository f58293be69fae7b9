import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** Stricter than a URL, since people paste commands with the gateway's URL into a shell. */
const HOST_PATTERN = /^(\[[0-9a-f:.]+\]|[\w.-]+)$/i;

/** Hosts whose traffic does not leave this machine. */
const LOOPBACK_PATTERN = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/i;

/** Permits plain HTTP beyond this machine, for example where a service mesh encrypts it. */
const ALLOW_HTTP = 'dangerouslyAllowHttp';

/**
 * Checks the URL of a server.
 *
 * @param where - its key or field, for messages
 * @returns the URL without a trailing slash
 * @throws InputError without the credentials that may be in the value
 * @internal
 */
export function requireHttpUrl(value: string, where: string): string {
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
    const shown = url
      ? `${url.protocol}//${url.host}${url.pathname}`
      : withoutUser(value);
    throw new InputError(
      `${where} must be an http(s) URL without credentials, query or fragment; found ${
        shown ? `"${shown}"` : 'nothing'
      }`,
    );
  }
  return value.replace(/\/+$/, '');
}

/**
 * Reads the URL of a system that receives tokens and secrets, without a trailing slash.
 *
 * @param key - where `config` is in app-config
 * @throws InputError for a value that is not such a URL, or that sends them unencrypted without permission to do so
 * @internal
 */
export function readUrl(config: Config, field: string, key: string): string {
  const url = requireHttpUrl(config.getString(field).trim(), `${key}.${field}`);
  const { protocol, hostname } = new URL(url);
  if (
    protocol === 'http:' &&
    !LOOPBACK_PATTERN.test(hostname) &&
    !config.getOptionalBoolean(ALLOW_HTTP)
  ) {
    throw new InputError(
      `${key}.${field} must be an https URL, since it receives tokens and secrets; found "${url}". If something else encrypts the traffic, set ${key}.${ALLOW_HTTP}.`,
    );
  }
  return url;
}

/** A text that is not a valid URL may still start with a user name and a password. */
function withoutUser(value: string): string {
  return value.slice(value.lastIndexOf('@') + 1);
}
