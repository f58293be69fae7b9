import { z } from 'zod';
import type { CallOptions } from '../../core';
import type { AuthentikApi } from './AuthentikApi';
import { apiObject, optionalText, text } from './codec';
import { segment } from './names';
import { PERMISSIONS } from './permissions';

const KEY_PAIRS = 'crypto/certificatekeypairs/';

/** Servers before 2025.12 name the type after the class of the key. */
const KEY_TYPES: Record<string, string> = { ellipticcurve: 'ec' };

const keyPairSchema = apiObject({
  pk: z.string(),
  name: z.string(),
  keyType: optionalText,
  privateKeyType: optionalText,
  privateKeyAvailable: z.boolean(),
  certExpiry: optionalText,
  managed: optionalText,
}).transform(({ keyType, privateKeyType, certExpiry, ...pair }) => {
  const stated = keyType ?? privateKeyType;
  return {
    ...pair,
    /** `rsa`, `ec`, `ed25519`, `ed448`, `dsa` on every server version; `undefined` if the server omits it. */
    keyType: stated === undefined ? undefined : KEY_TYPES[stated] ?? stated,
    /** ISO 8601. */
    expiry: certExpiry,
  };
});

const useSchema = apiObject({
  modelName: z.string(),
  pk: z.string(),
  name: text,
}).transform(({ modelName, ...use }) => ({
  ...use,
  /** Such as `oauth2provider`. */
  model: modelName,
}));

/** @alpha */
export type AuthentikKeyPair = z.infer<typeof keyPairSchema>;

/** An object that refers to another one. @alpha */
export type AuthentikUse = z.infer<typeof useSchema>;

/**
 * Certificates, below `crypto/certificatekeypairs/`; private keys are never read.
 *
 * @alpha
 */
export interface AuthentikKeyPairs {
  /** All certificates, including those without a private key. `GET /crypto/certificatekeypairs/` */
  listKeyPairs(options?: CallOptions): Promise<AuthentikKeyPair[]>;
  /** What refers to a certificate, as far as the token may view it. `GET /crypto/certificatekeypairs/{pk}/used_by/` */
  listKeyPairUses(pk: string, options?: CallOptions): Promise<AuthentikUse[]>;
  /** A self-signed RSA certificate with its private key. `POST /crypto/certificatekeypairs/generate/` */
  createKeyPair(
    fields: { name: string; validityDays: number },
    options?: CallOptions,
  ): Promise<AuthentikKeyPair>;
  /** False if it did not exist. What used it has none afterwards. `DELETE /crypto/certificatekeypairs/{pk}/` */
  deleteKeyPair(pk: string, options?: CallOptions): Promise<boolean>;
}

/** @internal */
export function authentikKeyPairs(api: AuthentikApi): AuthentikKeyPairs {
  const pathOf = (pk: string) => `${KEY_PAIRS}${segment(pk)}/`;

  return {
    listKeyPairs: async options =>
      api.list(
        {
          path: KEY_PAIRS,
          permission: PERMISSIONS.viewKeyPair,
          options,
        },
        keyPairSchema,
      ),

    listKeyPairUses: async (pk, options) =>
      api.get(
        {
          path: `${pathOf(pk)}used_by/`,
          permission: PERMISSIONS.viewKeyPair,
          options,
        },
        z.array(useSchema),
      ),

    createKeyPair: async ({ name, validityDays }, options) =>
      api.write(
        {
          method: 'POST',
          path: `${KEY_PAIRS}generate/`,
          permission: PERMISSIONS.addKeyPair,
          body: { common_name: name, validity_days: validityDays, alg: 'rsa' },
          options,
        },
        keyPairSchema,
      ),

    deleteKeyPair: async (pk, options) =>
      api.delete({
        path: pathOf(pk),
        permission: PERMISSIONS.deleteKeyPair,
        options,
      }),
  };
}
