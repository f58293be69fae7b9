import { z } from 'zod';
import { SecretValue } from '../../core';
import type { GatewayAuthConfig, GatewayOidcConfig } from './types';

/** Every other member is left as it is, also those of versions to come. */
const oidcSchema = z.looseObject({
  issuer_url: z.string().nullish(),
  client_id: z.string().nullish(),
  client_secret: z.string().nullish(),
  groups_claim: z.string().nullish(),
});
const documentSchema = z.looseObject({
  auth_method: z.string(),
  oidc_config: oidcSchema.nullish(),
  saml_config: z.unknown().optional(),
  provider_name: z.string().nullish(),
  api_key: z.string().nullish(),
  admin_role_name: z.string().nullish(),
});

type Document = z.infer<typeof documentSchema>;

/** What stands in place of a secret that an answer does not show. */
const PLACEHOLDER = /^(\*+|[<[]?redacted[>\]]?)$/i;

/** What the web form sends for authentik. */
const PROVIDER_NAME = 'other';

/** What the web form sends where there was no OpenID configuration before. */
const NEW_OIDC_CONFIG = {
  scopes: ['openid', 'email', 'profile'],
  audience: '',
};

/**
 * Reads the configuration that a gateway answers with; pure.
 *
 * @returns `undefined` where the document is no such configuration
 * @internal
 */
export function parseAuthConfig(
  document: unknown,
): GatewayAuthConfig | undefined {
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) {
    return undefined;
  }
  const { auth_method: authMethod, oidc_config: oidc } = parsed.data;
  return {
    authMethod,
    oidc: oidc
      ? {
          issuer: oidc.issuer_url ?? '',
          clientId: oidc.client_id ?? '',
          clientSecret: shownSecret(oidc.client_secret),
          groupsClaim: oidc.groups_claim ?? '',
        }
      : undefined,
    adminGroup: parsed.data.admin_role_name || undefined,
    stored: isStored(parsed.data),
    document: new SecretValue(JSON.stringify(document)),
  };
}

/**
 * The document to send so that a gateway signs people in with `oidc`, or with local accounts where that is `undefined`;
 * pure. Everything else in it stays, the members of `oidc_config` that are not ours included.
 *
 * @internal
 */
export function changedDocument(
  { document }: Pick<GatewayAuthConfig, 'document'>,
  oidc: (GatewayOidcConfig & { clientSecret: SecretValue }) | undefined,
): SecretValue {
  const found = documentOf(document);
  return sendable({
    ...found,
    ...(oidc
      ? {
          auth_method: 'oidc',
          provider_name: found.provider_name || PROVIDER_NAME,
          oidc_config: {
            ...(found.oidc_config ?? NEW_OIDC_CONFIG),
            issuer_url: oidc.issuer,
            client_id: oidc.clientId,
            client_secret: oidc.clientSecret.reveal(),
            groups_claim: oidc.groupsClaim,
          },
        }
      : // Without it the gateway would keep a client secret that nothing uses.
        { auth_method: 'local', oidc_config: null }),
  });
}

/**
 * The document to send so that what was ours in `previous` is back, and what others changed since in `current` stays;
 * pure.
 *
 * @internal
 */
export function restoredDocument(
  current: Pick<GatewayAuthConfig, 'document'>,
  previous: Pick<GatewayAuthConfig, 'document'>,
): SecretValue {
  const { auth_method, oidc_config, provider_name } = documentOf(
    previous.document,
  );
  return sendable({
    ...documentOf(current.document),
    auth_method,
    oidc_config,
    provider_name,
  });
}

/** Whether two answers say the same, in whatever order; pure. @internal */
export function sameDocument(
  a: Pick<GatewayAuthConfig, 'document'>,
  b: Pick<GatewayAuthConfig, 'document'>,
): boolean {
  return new SecretValue(canonical(JSON.parse(a.document.reveal()))).equals(
    canonical(JSON.parse(b.document.reveal())),
  );
}

/** Every text of a document that must not be repeated in a message. @internal */
export function secretsIn(document: SecretValue): SecretValue[] {
  const { oidc_config: oidc, ...rest } = documentOf(document);
  return [oidc?.client_secret, rest.api_key, rest.rollout_api_key].flatMap(
    value =>
      typeof value === 'string' && value !== '' ? [new SecretValue(value)] : [],
  );
}

function documentOf(document: SecretValue): Document {
  return documentSchema.parse(JSON.parse(document.reveal()));
}

/**
 * An API key that waits to be put into force would be by sending it back, and sending none leaves the gateway's keys
 * alone.
 */
function sendable(document: Document): SecretValue {
  return new SecretValue(
    JSON.stringify({ ...document, rollout_api_key: null }),
  );
}

/**
 * The gateway does not say whether it answers with what it has stored or with its environment; these three only come
 * from the database.
 */
function isStored(document: Document): boolean {
  return Boolean(
    document.api_key || document.provider_name || document.saml_config,
  );
}

function shownSecret(text: string | null | undefined): SecretValue | undefined {
  return !text || PLACEHOLDER.test(text) ? undefined : new SecretValue(text);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(
          Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : member,
  );
}
