import { z } from 'zod';
import type { DiscoveryDocument } from './types';

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
        z.object({
          kid: z.string().optional(),
          alg: z.string().optional(),
          kty: z.string().optional(),
        }),
      )
      .default([]),
  })
  .transform(({ keys }) => keys);
