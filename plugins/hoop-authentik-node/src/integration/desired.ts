import type { AuthentikInstanceConfig, GatewayConfig } from '../config/types';
import type { AuthentikProvider } from '../systems/authentik/types';
import {
  adminUrlOf,
  issuerOf,
  redirectUriOf,
  REQUIRED_GRANT_TYPES,
  REQUIRED_SCOPES,
} from '../application';
import type { Settings } from '../core';
import type { DesiredIntegration } from './types';

/** `AUTH_METHOD` that makes the gateway use OpenID Connect. @internal */
export const AUTH_METHOD_OIDC = 'oidc';

/** The claim in which authentik's profile scope lists groups; the gateway's own default is another one. @internal */
export const GROUPS_CLAIM = 'groups';

/**
 * What the guide requires of a gateway joined to an application; pure.
 *
 * @public
 */
export function desiredIntegration(
  gateway: Pick<GatewayConfig, 'name' | 'url' | 'adminGroup' | 'application'> &
    Partial<
      Pick<GatewayConfig, 'allowedGroups' | 'groupsClaim' | 'extraScopes'>
    >,
  authentik: Pick<AuthentikInstanceConfig, 'name' | 'baseUrl'>,
  slug: string = gateway.application,
): DesiredIntegration {
  return {
    gateway: {
      name: gateway.name,
      url: gateway.url,
      adminGroup: gateway.adminGroup,
    },
    ...(gateway.allowedGroups ? { allowedGroups: gateway.allowedGroups } : {}),
    authentik: { name: authentik.name, baseUrl: authentik.baseUrl },
    application: {
      slug,
      adminUrl: adminUrlOf(authentik.baseUrl, slug),
      isConfigured: slug === gateway.application,
    },
    redirectUri: redirectUriOf(gateway.url),
    issuer: issuerOf(authentik.baseUrl, slug),
    groupsClaim: gateway.groupsClaim ?? GROUPS_CLAIM,
    scopes: [...new Set([...REQUIRED_SCOPES, ...(gateway.extraScopes ?? [])])],
    grantTypes: REQUIRED_GRANT_TYPES,
  };
}

/**
 * Where authentik lets people sign in for all applications alike; pure.
 *
 * @internal
 */
export function authorizeUrlOf({
  authentik,
}: Pick<DesiredIntegration, 'authentik'>): string {
  return new URL(`${authentik.baseUrl}/application/o/authorize/`).href;
}

/**
 * The five settings for a provider; pure.
 *
 * @internal
 */
export function desiredSettings(
  desired: DesiredIntegration,
  provider: Pick<AuthentikProvider, 'clientId' | 'clientSecret'>,
): Settings {
  return {
    AUTH_METHOD: AUTH_METHOD_OIDC,
    IDP_CLIENT_ID: provider.clientId,
    IDP_CLIENT_SECRET: provider.clientSecret,
    IDP_GROUPS_CLAIM: desired.groupsClaim,
    IDP_ISSUER: desired.issuer,
  };
}
