import tls, { type ConnectionOptions as TlsOptions } from 'node:tls';
import type { ConnectionOptions, HttpClientOptions } from './types';

/** The part of a client's options that says how its system is reached. @internal */
export function connectionTo({
  ca,
  cert,
  key,
  internalUrl,
  extraHeaders,
  timeoutMs,
}: ConnectionOptions): Pick<
  HttpClientOptions,
  'tls' | 'internalUrl' | 'extraHeaders' | 'timeoutMs'
> {
  return {
    internalUrl,
    extraHeaders,
    timeoutMs,
    tls:
      ca === undefined && cert === undefined
        ? undefined
        : { ca, cert, key: key?.reveal() },
  };
}

/** Says to the server behind an internal address which public one is meant. @internal */
export function forwardedHeaders({
  protocol,
  host,
  port,
}: URL): Record<string, string> {
  const scheme = protocol.slice(0, -1);
  return {
    host,
    'x-forwarded-host': host,
    'x-forwarded-port': port || (scheme === 'https' ? '443' : '80'),
    'x-forwarded-proto': scheme,
  };
}

/**
 * A server at an internal address has a certificate for that address or for its public name, and both are configured by the
 * operator: either proves its identity.
 *
 * @internal
 */
export function eitherName(
  publicUrl: URL,
  internalUrl: URL,
): TlsOptions['checkServerIdentity'] {
  return (_, certificate) => {
    const [first, second] = [publicUrl, internalUrl].map(({ hostname }) =>
      tls.checkServerIdentity(hostname.replace(/^\[|\]$/g, ''), certificate),
    );
    return first && second;
  };
}
