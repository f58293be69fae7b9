import { CAPABILITIES } from '../../targets';
import {
  GOOD_APPLICATION,
  GOOD_PROVIDER,
} from '../../application/__testUtils__/goodFacts';
import {
  AUTHENTIK_URL,
  NOW,
} from '../../application/__testUtils__/serverObjects';
import type {
  AuthentikBinding,
  DiscoveryDocument,
} from '../../systems/authentik/types';
import { withFailure } from '../../core';
import { parseAuthConfig } from '../../systems/hoop';
import type {
  GatewayAuthConfig,
  GatewayLoginUrl,
} from '../../systems/hoop/types';
import { KubernetesForbiddenError } from '../../systems/kubernetes';
import type { TargetPlan, TargetState } from '../../targets/types';
import type { CheckInput } from '../checks';
import { desiredIntegration } from '../desired';
import type { Observation, ObservedIntegration } from '../types';

export const GATEWAY_URL = 'https://hoop.company';
export const CLIENT_SECRET = GOOD_PROVIDER.clientSecret.reveal();

export const DESIRED = desiredIntegration(
  {
    name: 'prod',
    url: GATEWAY_URL,
    adminGroup: 'admin',
    allowedGroups: ['admin'],
    application: 'hoop',
  },
  { name: 'default', baseUrl: AUTHENTIK_URL },
);

const CONFIG_MAP = 'ConfigMap "hoopgateway-idp"';
const SECRET = 'Secret "hoopgateway-idp"';

/** A gateway that reads the settings as required and runs with them. */
export function goodState(): TargetState {
  const setting = (
    value: TargetState['settings']['AUTH_METHOD']['value'],
    object = CONFIG_MAP,
  ) => ({
    value,
    object,
    source: `${object} (envFrom)`,
    shadowedBy: undefined,
  });
  return {
    settings: {
      AUTH_METHOD: setting('oidc'),
      IDP_CLIENT_ID: setting(GOOD_PROVIDER.clientId),
      IDP_CLIENT_SECRET: setting(GOOD_PROVIDER.clientSecret, SECRET),
      IDP_GROUPS_CLAIM: setting('groups'),
      IDP_ISSUER: setting(DESIRED.issuer),
    },
    outcome: { method: 'oidc' },
    overrides: [],
    rollout: { done: true, line: '1 of 1 updated', problems: [] },
    settingsInUse: true,
    image: 'hoophq/hoop:1.148.0',
    apiUrl: {
      value: GATEWAY_URL,
      source: 'key "API_URL" of ConfigMap "hoopgateway" (envFrom[0])',
    },
  };
}

/** Nothing left to do. */
export function emptyPlan(): TargetPlan {
  return {
    changes: [],
    refusals: [],
    owners: [],
    restart: false,
    apply: async () => ({
      writes: 0,
      restore: async () => {},
      finish: async () => 0,
    }),
  };
}

export function goodDiscovery(): DiscoveryDocument {
  return {
    issuer: DESIRED.issuer,
    authorizationEndpoint: `${AUTHENTIK_URL}/application/o/authorize/`,
    tokenEndpoint: `${AUTHENTIK_URL}/application/o/token/`,
    jwksUri: `${DESIRED.issuer}jwks/`,
    idTokenSigningAlgorithms: ['RS256'],
    scopes: ['openid', 'email', 'profile'],
    claims: ['sub', 'groups'],
  };
}

export function goodLoginUrl(): GatewayLoginUrl {
  const endpoint = `${AUTHENTIK_URL}/application/o/authorize/`;
  const state = '0b7a3c1e-5f7d-4e6f-9c55-3f3f0f6d2a41';
  const query = new URLSearchParams({
    client_id: GOOD_PROVIDER.clientId,
    redirect_uri: DESIRED.redirectUri,
    response_type: 'code',
    scope: 'openid profile email',
    state,
  });
  return {
    url: `${endpoint}?${query}`,
    endpoint,
    clientId: GOOD_PROVIDER.clientId,
    redirectUri: DESIRED.redirectUri,
    responseType: 'code',
    scopes: ['openid', 'profile', 'email'],
    state,
  };
}

/** What the API of a gateway tells that is as required; it may come from its environment. */
export function goodAuthConfig(
  fields: Record<string, unknown> = {},
  oidcFields: Record<string, unknown> = {},
): GatewayAuthConfig {
  const parsed = parseAuthConfig({
    auth_method: 'oidc',
    oidc_config: {
      issuer_url: DESIRED.issuer,
      client_id: GOOD_PROVIDER.clientId,
      client_secret: CLIENT_SECRET,
      scopes: ['openid', 'email', 'profile'],
      audience: '',
      groups_claim: 'groups',
      ...oidcFields,
    },
    saml_config: null,
    provider_name: '',
    api_key: null,
    rollout_api_key: null,
    webapp_users_management_status: 'active',
    admin_role_name: 'admin',
    auditor_role_name: 'auditor',
    ...fields,
  });
  if (!parsed) {
    throw new Error('Expected fields that make a configuration');
  }
  return parsed;
}

export function ok<T>(value: T): Observation<T> {
  return { ok: true, value };
}

export function failed<T>(message = 'out of reach'): Observation<T> {
  return { ok: false, error: new Error(message) };
}

/** A read that authentik refuses for its token. */
export function refusedToken<T>(): Observation<T> {
  return {
    ok: false,
    error: withFailure(new Error('token invalid'), {
      kind: 'credentials-refused',
    }),
  };
}

/** A read that the cluster refuses. */
export function forbidden<T>(): Observation<T> {
  return {
    ok: false,
    error: new KubernetesForbiddenError('cannot get secrets "x"', {
      verb: 'get',
      resource: 'secrets',
      namespace: 'hoop',
    }),
  };
}

/** A read to which no answer came. */
export function unreachable<T>(code = 'ECONNREFUSED'): Observation<T> {
  return {
    ok: false,
    error: withFailure(new Error(`cannot be reached (${code})`), {
      kind: 'unreachable',
      code,
    }),
  };
}

export function goodBindings(): AuthentikBinding[] {
  return [
    {
      pk: 'binding-1',
      target: GOOD_APPLICATION.pk,
      policy: undefined,
      group: 'group-admin',
      groupName: 'admin',
      user: undefined,
      order: 0,
      enabled: true,
      negate: false,
      timeout: 30,
      failureResult: false,
    },
  ];
}

/** An integration of which every check passes, without bindings aside nothing to warn of. */
export function goodObservation(): ObservedIntegration {
  return {
    now: NOW,
    authentik: {
      version: '2026.8.0',
      application: ok({ ...GOOD_APPLICATION }),
      provider: ok({ ...GOOD_PROVIDER }),
      bindings: ok(goodBindings()),
      discovery: ok(goodDiscovery()),
      keys: ok([
        {
          kid: 'k',
          alg: 'RS256',
          kty: 'RSA',
          use: 'sig',
          expiry: '2027-05-01T12:00:00.000Z',
        },
      ]),
      keyUses: ok([
        {
          model: 'oauth2provider',
          pk: `${GOOD_PROVIDER.pk}`,
          name: GOOD_PROVIDER.name,
        },
      ]),
      adminGroup: ok({
        pk: 'group-admin',
        name: 'admin',
        members: [{ pk: 7, username: 'jane', isActive: true }],
      }),
      claims: ok({
        username: 'jane',
        claims: { sub: 'a', email: 'jane@company', groups: ['admin'] },
      }),
      authorize: ok({ outcome: 'accepted' }),
      clientSecret: ok(true),
    },
    targetCapabilities: CAPABILITIES.kubernetes,
    target: ok({
      state: goodState(),
      plan: emptyPlan,
      planDisconnect: emptyPlan,
    }),
    gateway: {
      info: ok({
        version: '1.148.0',
        authMethod: 'oidc',
        setupRequired: false,
      }),
      oidcLoaded: ok(true),
      loginUrl: ok(goodLoginUrl()),
      loginPage: ok({ outcome: 'login-page' }),
      signIn: ok({
        outcome: 'signed-in',
        groups: ['engineering'],
        isAdmin: false,
      }),
      authConfig: undefined,
    },
  };
}

/** A good observation with one thing changed. */
export function inputWith(
  change: (observed: ObservedIntegration) => void = () => {},
): CheckInput {
  const observed = goodObservation();
  change(observed);
  return { desired: DESIRED, observed };
}

/** What makes a good observation another one. */
export type Change = (observed: ObservedIntegration) => void;

/** Several changes, one after another. */
export function all(...changes: Change[]): Change {
  return observed => changes.forEach(change => change(observed));
}

/** Other facts of authentik in a good observation. */
export function withAuthentik(
  facts: Partial<ObservedIntegration['authentik']>,
) {
  return ({ authentik }: ObservedIntegration) => {
    Object.assign(authentik, facts);
  };
}

/** Other facts of the gateway in a good observation. */
export function withGateway(facts: Partial<ObservedIntegration['gateway']>) {
  return ({ gateway }: ObservedIntegration) => {
    Object.assign(gateway, facts);
  };
}

/** Nothing is known of the target: the cluster does not answer. */
export function withoutTarget(observed: ObservedIntegration) {
  observed.target = failed();
}

/** Changes the state of the target of a good observation. */
export function withState(change: (state: TargetState) => void) {
  return (observed: ObservedIntegration) => {
    const state = goodState();
    change(state);
    observed.target = ok({ state, plan: emptyPlan, planDisconnect: emptyPlan });
  };
}

/** Changes the provider of a good observation. */
export function withProviderFields(fields: Partial<typeof GOOD_PROVIDER>) {
  return (observed: ObservedIntegration) => {
    observed.authentik.provider = ok({ ...GOOD_PROVIDER, ...fields });
  };
}

/** No provider, because there is no application or it has another type. */
export function withoutProvider(observed: ObservedIntegration) {
  observed.authentik.provider = ok(undefined);
}
