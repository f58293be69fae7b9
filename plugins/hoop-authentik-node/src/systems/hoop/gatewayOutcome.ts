import { isParsable, rebuiltIssuer, SecretValue } from '../../core';

/**
 * The variables that decide how a gateway signs people in.
 *
 * @public
 */
export const GATEWAY_VARIABLES = [
  'AUTH_METHOD',
  'IDP_URI',
  'IDP_ISSUER',
  'IDP_CLIENT_ID',
  'IDP_CLIENT_SECRET',
  'IDP_GROUPS_CLAIM',
  'IDP_CUSTOM_SCOPES',
  'IDP_AUDIENCE',
  'API_URL',
] as const;

/** @public */
export type GatewayVariables = Partial<
  Record<(typeof GATEWAY_VARIABLES)[number], string | SecretValue | undefined>
>;

/**
 * What a gateway does with its environment at boot, as far as it can be determined without the identity provider.
 *
 * @public
 */
export type GatewayOutcome =
  | { method: 'local' }
  | { method: 'saml' }
  | {
      method: 'oidc';
      /** Which variables apply: a non-empty `IDP_URI` overrides the others. */
      from: 'IDP_URI' | 'IDP_*';
      issuer: string;
      clientId: string;
      groupsClaim: string;
      scopes: string[];
    }
  /** It logs this and exits. */
  | { fails: string };

/** The groups claim if the variable is unset or empty. */
const DEFAULT_GROUPS_CLAIM = 'https://app.hoop.dev/groups';

const FIXED_SCOPES = ['openid', 'profile', 'email'];

/** What the gateway logs before the reason, by the part of the boot that fails. */
const CONFIG_FAILURE = 'failed loading gateway configuration, reason=';
const PROVIDER_FAILURE =
  'failed initializing token verifier provider, reason=failed to initialize provider: ';
const OPTIONS_FAILURE = 'failed to parse OIDC provider options from env: ';

/** Query parameters of `IDP_URI` that are options of the gateway and not part of the issuer. */
const URI_OPTIONS = ['groupsclaim', 'scopes', '_userinfo'];

/**
 * Predicts what a gateway (from 1.38.0) does at boot. An empty variable counts as unset. Not covered, because the
 * environment does not show it: a configuration stored in the gateway's database, which overrides the environment
 * (`saml` requires one), and the identity provider's discovery document.
 *
 * Source: gateway/appconfig and gateway/idp of hoophq/hoop 1.148.0.
 *
 * @public
 */
export function gatewayOutcome(variables: GatewayVariables): GatewayOutcome {
  const read = (name: keyof GatewayVariables): string => {
    const value = variables[name];
    return value instanceof SecretValue ? value.reveal() : value ?? '';
  };
  const method = methodOf(read);
  if (!method) {
    return {
      fails: `${CONFIG_FAILURE}invalid AUTH_METHOD env, got=${printable(
        read('AUTH_METHOD'),
      )}`,
    };
  }
  if (!isParsable(read('API_URL'))) {
    return { fails: `${CONFIG_FAILURE}failed parsing API_URL env` };
  }
  if (method !== 'oidc') {
    return { method };
  }
  return read('IDP_URI') ? fromUri(read('IDP_URI')) : fromVariables(read);
}

type Read = (name: keyof GatewayVariables) => string;

/** The value is compared unchanged: neither trimmed nor in lower case. */
function methodOf(read: Read): 'local' | 'oidc' | 'saml' | undefined {
  switch (read('AUTH_METHOD')) {
    case 'local':
      return 'local';
    case 'oidc':
    case 'idp':
      return 'oidc';
    case 'saml':
      return 'saml';
    case '':
      return read('IDP_ISSUER') ||
        read('IDP_CLIENT_ID') ||
        read('IDP_CLIENT_SECRET') ||
        read('IDP_URI')
        ? 'oidc'
        : 'local';
    default:
      return undefined;
  }
}

function fromVariables(read: Read): GatewayOutcome {
  const issuer = read('IDP_ISSUER');
  const clientId = read('IDP_CLIENT_ID');
  // Without an issuer the gateway ignores the separate variables; the result is the same.
  if (!issuer || !clientId || !read('IDP_CLIENT_SECRET')) {
    return missingAttributes();
  }
  const rebuilt = rebuiltIssuer(issuer);
  if (!rebuilt) {
    return {
      fails: `${PROVIDER_FAILURE}${OPTIONS_FAILURE}failed parsing IDP_ISSUER env`,
    };
  }
  return {
    method: 'oidc',
    from: 'IDP_*',
    issuer: rebuilt,
    clientId,
    groupsClaim: read('IDP_GROUPS_CLAIM') || DEFAULT_GROUPS_CLAIM,
    scopes: scopesWith(read('IDP_CUSTOM_SCOPES')),
  };
}

/** `<scheme>://<client id>:<client secret>@<host>/<path>?groupsclaim=…&scopes=…` */
function fromUri(uri: string): GatewayOutcome {
  const issuer = rebuiltIssuer(uri, URI_OPTIONS);
  if (!issuer) {
    return {
      fails: `${PROVIDER_FAILURE}${OPTIONS_FAILURE}failed parsing IDP_URI env`,
    };
  }
  const { username, password, searchParams } = new URL(uri);
  if (!username && !password) {
    return {
      fails: `${PROVIDER_FAILURE}${OPTIONS_FAILURE}missing credentials for IDP_URI env`,
    };
  }
  const clientId = percentDecoded(username);
  if (clientId === undefined || percentDecoded(password) === undefined) {
    return {
      fails: `${PROVIDER_FAILURE}${OPTIONS_FAILURE}failed parsing IDP_URI env`,
    };
  }
  if (!clientId || !password) {
    return missingAttributes();
  }
  return {
    method: 'oidc',
    from: 'IDP_URI',
    issuer,
    clientId,
    groupsClaim: searchParams.get('groupsclaim') || DEFAULT_GROUPS_CLAIM,
    scopes: scopesWith(searchParams.get('scopes') ?? ''),
  };
}

function missingAttributes(): GatewayOutcome {
  return {
    fails: `${PROVIDER_FAILURE}missing required oidc attributes (issuer-url, client-id, client-secret)`,
  };
}

function scopesWith(custom: string): string[] {
  const added = custom.split(',').map(scope => scope.trim());
  return [...new Set([...FIXED_SCOPES, ...added])].filter(Boolean);
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** A method in another spelling; anything else may be a secret in the wrong variable. */
function printable(method: string): string {
  return /^ *(local|oidc|idp|saml) *$/i.test(method)
    ? method
    : `another value (${method.length} characters)`;
}
