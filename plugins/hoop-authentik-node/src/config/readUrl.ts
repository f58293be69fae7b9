import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { describeInput, parseGoUrl, parseUrl } from '../core';

/** Stricter than a URL, since people paste commands with the gateway's URL into a shell. */
const HOST_PATTERN = /^(\[[0-9a-f:.]+\]|[\w.-]+)$/i;

/** A host and a port, in any script, without characters that a URL hides, encodes or drops. */
const AS_WRITTEN = /^(\[[0-9a-f:.]+\]|[\p{L}\p{M}\p{N}_.-]+)(:\d+)?$/iu;

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
  const url = /\s/.test(value) ? undefined : parseUrl(value);
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

/**
 * Reads the URL from which a gateway builds its redirect URI, as it is written: authentik compares that URI byte for byte.
 *
 * @throws InputError as {@link readUrl}, and for a URL of which the gateway would make another one
 * @internal
 */
export function readGatewayUrl(config: Config, key: string): string {
  const url = readUrl(config, 'url', key);
  const parts = parseGoUrl(url);
  if (parts?.path) {
    // The gateway drops the path of its API_URL from the redirect URI, so OpenID sign-in fails with one.
    throw new InputError(
      `${key}.url must be an origin such as https://hoop.company, without a path; found ${describeInput(
        url,
      )}`,
    );
  }
  if (
    !parts ||
    !AS_WRITTEN.test(parts.host) ||
    parts.hasUser ||
    /[?#]/.test(url)
  ) {
    throw new InputError(
      `${key}.url must be a scheme, "://" and a host, as in https://hoop.company, since the gateway builds its redirect URI from exactly that; found ${describeInput(
        new URL(url).host,
      )} in another form`,
    );
  }
  return `${parts.scheme}://${parts.host}`;
}

/**
 * Reads the base URL of an authentik, which every issuer starts with byte for byte.
 *
 * @throws InputError as {@link readUrl}, and for a spelling that no answer of authentik has
 * @internal
 */
export function readIssuerUrl(config: Config, key: string): string {
  const url = readUrl(config, 'baseUrl', key);
  const asked = new URL(url.replace(/[?#]$/, '')).href.replace(/\/+$/, '');
  if (url !== asked) {
    throw new InputError(
      `${key}.baseUrl must be written as authentik is asked for it, since the issuer starts with it byte for byte: expected ${describeInput(
        asked,
      )}, found ${describeInput(url)}`,
    );
  }
  return url;
}

/** A text that is not a valid URL may still start with a user name and a password. */
function withoutUser(value: string): string {
  return value.slice(value.lastIndexOf('@') + 1);
}
