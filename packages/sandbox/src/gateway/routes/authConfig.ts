import { randomBytes } from 'node:crypto';
import { Router } from 'express';
import { authenticated, sendMessage } from '../authentication';
import {
  BootError,
  environmentOidcOptions,
  optionsFromStored,
  StoredAuthConfig,
  StoredOidcConfig,
  writtenScopes,
} from '../configuration';
import { GatewayInstance } from '../instance';
import { loadProvider } from '../provider';
import { missingFields, recordAt, stringList } from './body';

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function parseOidcConfig(value: unknown): StoredOidcConfig {
  const record = recordAt(value);
  return {
    issuer_url: text(record.issuer_url),
    client_id: text(record.client_id),
    client_secret: text(record.client_secret),
    scopes: isPresent(record.scopes) ? stringList(record.scopes) : null,
    audience: text(record.audience),
    groups_claim: text(record.groups_claim) || 'groups',
  };
}

/**
 * A message for 422, or the configuration to store. What the request does not know is dropped, and keys are kept: one
 * that waits comes into force when it is sent back.
 *
 * @internal
 */
export function parseAuthConfig(
  body: unknown,
  stored?: Pick<StoredAuthConfig, 'api_key' | 'rollout_api_key'>,
): StoredAuthConfig | string {
  const record = recordAt(body);
  const method = record.auth_method;
  const management = record.webapp_users_management_status;
  const oidc = isPresent(record.oidc_config)
    ? parseOidcConfig(record.oidc_config)
    : null;
  const missing = missingFields('ServerAuthConfig', {
    AuthMethod: method,
    ...(oidc && {
      'OidcConfig.IssuerURL': oidc.issuer_url,
      'OidcConfig.ClientID': oidc.client_id,
      'OidcConfig.ClientSecret': oidc.client_secret,
    }),
    WebappUsersManagementStatus: management,
  });
  if (missing) {
    return missing;
  }
  if (method !== 'oidc' && method !== 'saml' && method !== 'local') {
    return `invalid auth method: ${method}`;
  }
  if (management !== 'active' && management !== 'inactive') {
    return "invalid attribute for webapp_users_management_status, accepted values are 'active' or 'inactive'";
  }
  if (method === 'oidc' && !oidc) {
    return "attribute 'oidc_config' is required for OIDC auth method";
  }
  if (method === 'saml' && !record.saml_config) {
    return "attribute 'saml_config' is required for SAML auth method";
  }
  const waiting = stored?.rollout_api_key ?? null;
  const sentBack = record.rollout_api_key ?? null;
  if (sentBack !== null && sentBack !== waiting) {
    return 'rollout api key does match with stored value, use the generate api key endpoint to create a new key';
  }
  return {
    auth_method: method,
    oidc_config: oidc,
    saml_config: record.saml_config ?? null,
    provider_name: text(record.provider_name),
    api_key: sentBack === null ? stored?.api_key ?? null : waiting,
    rollout_api_key: sentBack === null ? waiting : null,
    webapp_users_management_status: management,
    admin_role_name: text(record.admin_role_name) || 'admin',
    auditor_role_name: text(record.auditor_role_name) || 'auditor',
  };
}

/** The stored row where there is one, values derived from the environment otherwise; secrets in clear, as upstream. */
function effectiveConfig(instance: GatewayInstance) {
  const stored = instance.database.authConfig;
  if (stored?.auth_method) {
    return stored;
  }
  const method = instance.environmentMethod;
  return {
    auth_method: method === 'idp' ? 'oidc' : method,
    oidc_config: environmentOidcConfig(instance),
    saml_config: null,
    provider_name: '',
    api_key: null,
    rollout_api_key: stored?.rollout_api_key ?? null,
    webapp_users_management_status:
      instance.env.WEBAPP_USERS_MANAGEMENT === 'off' ? 'inactive' : 'active',
    admin_role_name: instance.roles.admin,
    auditor_role_name: instance.roles.auditor,
  };
}

/** Shown whatever the method is, and with the scopes that were added only. */
function environmentOidcConfig(
  instance: GatewayInstance,
): StoredOidcConfig | null {
  const options = environmentOidcOptions(instance.env);
  return options
    ? {
        issuer_url: options.issuerUrl,
        client_id: options.clientId,
        client_secret: options.clientSecret,
        scopes: writtenScopes(instance.env),
        audience: options.audience,
        groups_claim: options.groupsClaim,
      }
    : null;
}

/** A row that only a key made: the environment still counts. */
function nothingStored(instance: GatewayInstance): StoredAuthConfig {
  return {
    auth_method: null,
    oidc_config: null,
    saml_config: null,
    provider_name: null,
    api_key: null,
    rollout_api_key: null,
    webapp_users_management_status: 'active',
    admin_role_name: instance.roles.admin,
    auditor_role_name: instance.roles.auditor,
  };
}

/** Changing a role name renames the group of everybody who has it. */
function renameRole(instance: GatewayInstance, from: string, to: string): void {
  for (const holder of [
    ...instance.database.users,
    ...instance.database.apiKeys,
  ]) {
    holder.groups = holder.groups.map(group => (group === from ? to : group));
  }
}

/** @internal */
export function authConfigRoutes(instance: GatewayInstance): Router {
  const router = Router({ strict: true });
  const refusesTenants = (res: Parameters<typeof sendMessage>[0]): boolean => {
    if (instance.env.ORG_MULTI_TENANT !== 'true') {
      return false;
    }
    sendMessage(res, 403, 'not available on multi tenant installations');
    return true;
  };
  router.get(
    '/serverconfig/auth',
    authenticated(instance, 'auditor', (_req, res) => {
      if (refusesTenants(res)) {
        return;
      }
      try {
        res.json(effectiveConfig(instance));
      } catch (error) {
        if (!(error instanceof BootError)) {
          throw error;
        }
        // It quotes the setting, and an IDP_URI has the secret in it.
        sendMessage(
          res,
          500,
          `failed creating OIDC provider options: ${error.message}`,
        );
      }
    }),
  );
  router.post(
    '/serverconfig/auth/apikey',
    authenticated(instance, 'admin', (_req, res) => {
      if (refusesTenants(res)) {
        return;
      }
      const key = `xapi-${randomBytes(48).toString('base64url')}`;
      const { database } = instance;
      database.remember(key);
      database.authConfig = {
        ...(database.authConfig ?? nothingStored(instance)),
        rollout_api_key: key,
      };
      res.status(201).json({ rollout_api_key: key });
    }),
  );
  router.put(
    '/serverconfig/auth',
    authenticated(instance, 'admin', async (req, res) => {
      if (refusesTenants(res)) {
        return;
      }
      const config = parseAuthConfig(req.body, instance.database.authConfig);
      if (typeof config === 'string') {
        sendMessage(res, 422, config);
        return;
      }
      instance.database.remember(config.oidc_config?.client_secret);
      if (config.auth_method === 'oidc' && config.oidc_config) {
        try {
          await loadProvider(optionsFromStored(config.oidc_config));
        } catch (error) {
          sendMessage(
            res,
            400,
            error instanceof Error ? error.message : String(error),
          );
          return;
        }
      }
      instance.database.authConfig = config;
      renameRole(instance, instance.roles.admin, config.admin_role_name);
      renameRole(instance, instance.roles.auditor, config.auditor_role_name);
      instance.roles = {
        admin: config.admin_role_name,
        auditor: config.auditor_role_name,
      };
      res.json(effectiveConfig(instance));
    }),
  );
  return router;
}
