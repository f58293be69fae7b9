import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { DiscoveryDocument, PublishedKey } from './types';

/** @internal */
export const discoverySchema = z
  .object({
    issuer: z.string(),
    authorization_endpoint: z.string(),
    token_endpoint: z.string(),
    jwks_uri: z.string(),
    id_token_signing_alg_values_supported: z.array(z.string()).default([]),
    scopes_supported: z.array(z.string()).default([]),
    claims_supported: z.array(z.string()).default([]),
  })
  .transform(
    (raw): DiscoveryDocument => ({
      issuer: raw.issuer,
      authorizationEndpoint: raw.authorization_endpoint,
      tokenEndpoint: raw.token_endpoint,
      jwksUri: raw.jwks_uri,
      idTokenSigningAlgorithms: raw.id_token_signing_alg_values_supported,
      scopes: raw.scopes_supported,
      claims: raw.claims_supported,
    }),
  );

/**
 * A provider without a signing key publishes `{}`.
 *
 * @internal
 */
export const jwksSchema = z
  .object({
    keys: z
      .array(
        z
          .object({
            kid: z.string().optional(),
            alg: z.string().optional(),
            kty: z.string().optional(),
            use: z.string().optional(),
            x5c: z.array(z.string()).optional(),
          })
          .transform(({ x5c, ...key }): PublishedKey => {
            const expiry = expiryOf(x5c?.[0]);
            return expiry === undefined ? key : { ...key, expiry };
          }),
      )
      .default([]),
  })
  .transform(({ keys }) => keys);

/** A certificate that cannot be read is not published for the gateway either, which looks at the key alone. */
function expiryOf(certificate: string | undefined): string | undefined {
  if (certificate === undefined) {
    return undefined;
  }
  try {
    const { validTo } = new X509Certificate(Buffer.from(certificate, 'base64'));
    return new Date(validTo).toISOString();
  } catch {
    return undefined;
  }
}
