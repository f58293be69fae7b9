import { type Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { describeInput, SecretValue } from '../core';
import { readUrl } from './readUrl';
import type { AccessConfig, AuthentikInstanceConfig } from './types';

/** A task holds its gateway for little longer without being heard of. */
const LONGEST_REQUEST_MS = 80_000;

/** What an HTTP header can carry, without spaces. */
const WORD = /^[!-~]+$/;
const LINE = /^[!-~]([ -~]*[!-~])?$/;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/** Headers that the requests set themselves, or that decide where they go. */
const OWN_HEADERS =
  /^(accept(-language)?|api-key|authorization|connection|content-.*|cookie|expect|forwarded|host|keep-alive|referer|te|trailer|transfer-encoding|upgrade|x-forwarded-(for|host|port|proto))$/i;

/**
 * Reads how a system is reached.
 *
 * @param key - where `config` is in app-config
 * @throws InputError naming the key, what was expected and what was found, without any secret
 * @internal
 */
export function readAccess(config: Config, key: string): AccessConfig {
  return {
    caFile: config.getOptionalString('caFile'),
    ...given('internalUrl', readInternalUrl(config, key)),
    ...given('headers', readHeaders(config, key)),
    ...given('clientCertificate', readClientCertificate(config)),
    ...given('timeoutMs', readTimeout(config, 'timeout', key)),
  };
}

/** A deadline of a request. @internal */
export function readTimeout(
  config: Config,
  field: string,
  key: string,
): number | undefined {
  const ms = optionalDuration(config, field);
  if (ms !== undefined && !(ms > 0 && ms <= LONGEST_REQUEST_MS)) {
    throw new InputError(
      `${key}.${field} must be more than 0 and at most ${
        LONGEST_REQUEST_MS / 1000
      } seconds, since a task holds its gateway for little longer without being heard of; found ${
        ms / 1000
      } seconds`,
    );
  }
  return ms;
}

/** @internal */
export function optionalDuration(
  config: Config,
  field: string,
): number | undefined {
  return config.has(field)
    ? durationToMilliseconds(readDurationFromConfig(config, { key: field }))
    : undefined;
}

/**
 * Reads what authentik's API accepts.
 *
 * @throws InputError where there is not exactly one of them
 * @internal
 */
export function readCredential(
  config: Config,
  key: string,
): AuthentikInstanceConfig['credential'] {
  const ways = ['token', 'tokenFile', 'oauth'].filter(one => config.has(one));
  if (ways.length > 1) {
    throw new InputError(
      `${key} must have one of "token", "tokenFile" and "oauth"; found ${ways
        .map(one => `"${one}"`)
        .join(' and ')}`,
    );
  }
  switch (ways[0]) {
    case 'tokenFile':
      return { tokenFile: config.getString('tokenFile') };
    case 'oauth':
      return {
        oauth: readOAuth(config.getConfig('oauth'), `${key}.oauth`),
      };
    default:
      return { token: new SecretValue(config.getString('token').trim()) };
  }
}

function readOAuth(config: Config, key: string) {
  const clientSecret = config.getOptionalString('clientSecret')?.trim();
  const tokenFile = config.getOptionalString('tokenFile');
  if ((clientSecret === undefined) === (tokenFile === undefined)) {
    throw new InputError(
      `${key} must have either "clientSecret" or "tokenFile" (the token of a service account, which authentik federates); found ${
        clientSecret === undefined ? 'none' : 'both'
      }`,
    );
  }
  return {
    clientId: word(config.getString('clientId').trim(), `${key}.clientId`),
    credential:
      tokenFile === undefined
        ? {
            clientSecret: new SecretValue(
              word(clientSecret!, `${key}.clientSecret`),
            ),
          }
        : { tokenFile },
  };
}

function readInternalUrl(config: Config, key: string): string | undefined {
  if (!config.has('internalUrl')) {
    return undefined;
  }
  const url = readUrl(config, 'internalUrl', key);
  const { origin, pathname } = new URL(url);
  if (pathname !== '/') {
    // authentik and the gateway build their own URLs, so their paths have to be the public ones.
    throw new InputError(
      `${key}.internalUrl must be an origin such as http://authentik-server.authentik.svc, without a path; found ${describeInput(
        url,
      )}`,
    );
  }
  return origin;
}

function readHeaders(
  config: Config,
  key: string,
): Record<string, SecretValue> | undefined {
  const headers = config.getOptionalConfig('headers');
  return (
    headers &&
    Object.fromEntries(
      headers.keys().map(name => {
        const at = `${key}.headers.${name}`;
        if (!HEADER_NAME.test(name) || OWN_HEADERS.test(name)) {
          throw new InputError(
            `${key}.headers must name HTTP headers that the requests do not set themselves; found ${describeInput(
              name,
            )}`,
          );
        }
        const value = headers.getString(name).trim();
        if (!LINE.test(value)) {
          throw new InputError(
            `${at} must be one line of printable ASCII characters; found something else`,
          );
        }
        return [name, new SecretValue(value)];
      }),
    )
  );
}

function readClientCertificate(
  config: Config,
): AccessConfig['clientCertificate'] {
  const pair = config.getOptionalConfig('clientCertificate');
  return (
    pair && {
      certFile: pair.getString('certFile'),
      keyFile: pair.getString('keyFile'),
    }
  );
}

/** A value that is not valid in a request would fail each of them, far from its cause. */
function word(value: string, where: string): string {
  if (!WORD.test(value)) {
    throw new InputError(
      `${where} must be one line of printable ASCII characters without spaces; found something else`,
    );
  }
  return value;
}

function given<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { [K in Key]?: Value } {
  return value === undefined
    ? {}
    : ({ [key]: value } as { [K in Key]?: Value });
}
