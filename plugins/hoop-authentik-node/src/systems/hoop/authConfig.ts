import { z } from 'zod';
import { SecretValue } from '../../core';
import type { GatewayAuthConfig, GatewayOidcConfig } from './types';

/** All other members stay unchanged, including those of future versions. */
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

/** What replaces a secret that a response hides. */
const PLACEHOLDER = /^(\*+|[<[]?redacted[>\]]?)$/i;

/** What the web form sends for authentik. */
const PROVIDER_NAME = 'other';

/** What the web form sends if there was no OpenID configuration before. */
const NEW_OIDC_CONFIG = {
  scopes: ['openid', 'email', 'profile'],
  audience: '',
};

/**
 * Reads the configuration in a gateway's response; pure.
 *
 * @returns `undefined` if the document is not such a configuration
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
 * The document that makes a gateway sign people in with `oidc`, or with local accounts if that is `undefined`; pure.
 * Everything else in it stays, including the members of `oidc_config` that these plugins do not manage.
 *
 * @internal
 */
export function changedDocument(
  { document }: Pick<GatewayAuthConfig, 'document'>,
  oidc: (GatewayOidcConfig & { clientSecret: SecretValue }) | undefined,
): SecretValue {
  if (!oidc) {
    return withMethod({ document }, 'local');
  }
  const found = documentOf(document);
  return sendable({
    ...found,
    auth_method: 'oidc',
    provider_name: found.provider_name || PROVIDER_NAME,
    oidc_config: {
      ...(found.oidc_config ?? NEW_OIDC_CONFIG),
      issuer_url: oidc.issuer,
      client_id: oidc.clientId,
      client_secret: oidc.clientSecret.reveal(),
      groups_claim: oidc.groupsClaim,
    },
  });
}

/**
 * The document that makes a gateway sign people in by another method than OpenID, without a client secret that nothing would
 * use; pure.
 *
 * @internal
 */
export function withMethod(
  { document }: Pick<GatewayAuthConfig, 'document'>,
  method: string,
): SecretValue {
  return sendable({
    ...documentOf(document),
    auth_method: method,
    oidc_config: null,
  });
}

/**
 * The document that restores the managed members of `previous` and keeps what others have changed in `current` since;
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

/** Whether two documents are equal, regardless of the order of members; pure. @internal */
export function sameDocument(
  a: Pick<GatewayAuthConfig, 'document'>,
  b: Pick<GatewayAuthConfig, 'document'>,
): boolean {
  return new SecretValue(canonical(JSON.parse(a.document.reveal()))).equals(
    canonical(JSON.parse(b.document.reveal())),
  );
}

function documentOf(document: SecretValue): Document {
  return documentSchema.parse(JSON.parse(document.reveal()));
}

/**
 * Sending back a pending API key would activate it; sending null leaves the gateway's keys unchanged.
 */
function sendable(document: Document): SecretValue {
  return new SecretValue(
    JSON.stringify({ ...document, rollout_api_key: null }),
  );
}

/**
 * The gateway does not say whether its response comes from its database or its environment; these three only come from
 * the database.
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
