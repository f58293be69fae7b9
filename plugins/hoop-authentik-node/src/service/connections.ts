import { readFileSync } from 'node:fs';
import { ServiceUnavailableError } from '@backstage/errors';
import type {
  AccessConfig,
  AuthentikInstanceConfig,
  GatewayConfig,
} from '../config/types';
import { reasonOf, SecretValue } from '../core';
import type { ConnectionOptions } from '../http';
import { type ApiToken, OAuthToken } from '../systems/authentik';
import {
  requireCertificates,
  requireKeyPair,
  tokenFromFile,
} from '../systems/kubernetes';

/** How an authentik instance is reached. @internal */
export function connectionToInstance(
  instance: Pick<AuthentikInstanceConfig, 'name'> & AccessConfig,
): ConnectionOptions {
  return connectionOf(instance, settingOf(instance));
}

/** How a gateway is reached. @internal */
export function connectionToGateway(
  gateway: Pick<GatewayConfig, 'name'> & AccessConfig,
): ConnectionOptions {
  return connectionOf(gateway, `hoopAuthentik.gateways[name=${gateway.name}]`);
}

/**
 * What gives the token of an instance, and what has to be closed afterwards.
 *
 * @internal
 */
export function apiTokenOf(
  instance: AuthentikInstanceConfig,
  connection: ConnectionOptions,
): { token: ApiToken; close(): Promise<void> } {
  const { credential, name, baseUrl } = instance;
  const none = async () => {};
  if ('token' in credential) {
    return { token: { get: async () => credential.token }, close: none };
  }
  if ('tokenFile' in credential) {
    const get = fileToken(
      credential.tokenFile,
      `${settingOf(instance)}.tokenFile`,
    );
    return { token: { get }, close: none };
  }
  const { clientId, credential: own } = credential.oauth;
  const token = new OAuthToken({
    ...connection,
    name,
    baseUrl,
    clientId,
    credential:
      'clientSecret' in own
        ? own
        : {
            assertion: fileToken(
              own.tokenFile,
              `${settingOf(instance)}.oauth.tokenFile`,
            ),
          },
  });
  return { token, close: () => token.close() };
}

function settingOf({ name }: Pick<AuthentikInstanceConfig, 'name'>): string {
  return `hoopAuthentik.authentik[name=${name}]`;
}

function connectionOf(
  { caFile, clientCertificate, internalUrl, headers, timeoutMs }: AccessConfig,
  setting: string,
): ConnectionOptions {
  return {
    internalUrl,
    extraHeaders: headers,
    timeoutMs,
    ...(caFile === undefined
      ? {}
      : {
          // With an empty file, TLS would trust the system's authorities instead of the configured one.
          ca: usable(() =>
            requireCertificates(
              readPem(caFile, `${setting}.caFile`, 'the certificate authority'),
              named(`${setting}.caFile`),
            ),
          ),
        }),
    ...(clientCertificate && readPair(clientCertificate, setting)),
  };
}

function readPair(
  { certFile, keyFile }: NonNullable<AccessConfig['clientCertificate']>,
  setting: string,
): Pick<ConnectionOptions, 'cert' | 'key'> {
  const at = `${setting}.clientCertificate`;
  const { cert, key } = usable(() =>
    requireKeyPair(
      {
        pem: readPem(certFile, `${at}.certFile`, 'a certificate'),
        where: named(`${at}.certFile`),
      },
      {
        pem: readPem(keyFile, `${at}.keyFile`, 'a private key'),
        where: named(`${at}.keyFile`),
      },
    ),
  );
  return { cert, key: new SecretValue(key) };
}

/** The caller cannot fix what is wrong with a file, so it is not a bad request, and may not know the path. */
function named(setting: string): string {
  return `The file named as ${setting} in app-config`;
}

function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ServiceUnavailableError(reasonOf(error));
  }
}

function readPem(file: string, setting: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ServiceUnavailableError(
      `${named(
        setting,
      )} cannot be read (${code}); expected ${what} as a PEM file that the backend may read`,
    );
  }
}

/** Read for each request, so that a renewed token counts immediately. */
function fileToken(file: string, setting: string): ApiToken['get'] {
  const read = tokenFromFile(file, named(setting));
  return async () => {
    try {
      return await read();
    } catch (error) {
      throw new ServiceUnavailableError(
        reasonOf(error).replaceAll(` ${file}`, ''),
      );
    }
  };
}
