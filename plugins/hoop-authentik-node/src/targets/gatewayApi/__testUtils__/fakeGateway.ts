import { SecretValue, type Settings } from '../../../core';
import { parseAuthConfig } from '../../../systems/hoop';
import type { GatewayAuthConfig } from '../../../systems/hoop/types';
import { HASTY } from '../../kubernetes/__testUtils__/targetOf';
import { GatewayApiTarget } from '../GatewayApiTarget';
import type { StoredSwitch, SwitchRecords } from '../storedSwitch';

export const SETTINGS: Settings = {
  AUTH_METHOD: 'oidc',
  IDP_CLIENT_ID: 'the-client-id',
  IDP_CLIENT_SECRET: new SecretValue('the-new-client-secret'),
  IDP_GROUPS_CLAIM: 'groups',
  IDP_ISSUER: 'https://auth.company/application/o/hoop/',
};

export const LOCAL = {
  auth_method: 'local',
  oidc_config: null as object | null,
  saml_config: null,
  provider_name: '',
  api_key: null as string | null,
  rollout_api_key: null,
  webapp_users_management_status: 'active',
  admin_role_name: 'owners',
  auditor_role_name: 'auditor',
};

export const OTHER = {
  ...LOCAL,
  auth_method: 'oidc',
  provider_name: 'okta',
  api_key: 'xapi-key-in-the-database',
  oidc_config: {
    issuer_url: 'https://other.company/',
    client_id: 'other',
    client_secret: 'the-previous-secret',
    scopes: ['openid', 'offline_access'],
    audience: 'api',
    groups_claim: 'roles',
  },
};

export const SECRETS = [
  'the-new-client-secret',
  'the-previous-secret',
  'xapi-key-in-the-database',
];

/** A gateway that stores what it is given, as the real one does. */
export function fakeGateway(initial: object, switches?: SwitchRecords) {
  const state = { stored: initial as Record<string, unknown>, puts: 0 };
  const parsed = (): GatewayAuthConfig => parseAuthConfig(state.stored)!;
  const client = {
    url: 'https://hoop.company',
    getAuthConfig: jest.fn(async () => parsed()),
    putAuthConfig: jest.fn(async (document: SecretValue) => {
      state.puts += 1;
      state.stored = {
        ...JSON.parse(document.reveal()),
        api_key: state.stored.api_key,
      };
      return parsed();
    }),
  };
  return {
    state,
    client,
    target: new GatewayApiTarget(client, switches, HASTY),
  };
}

/** Outlasts a run, as the records of the backend plugin do. */
export class KeptRecords implements SwitchRecords {
  unverifiedSwitch: StoredSwitch | undefined;

  async keepSwitch(record: StoredSwitch) {
    this.unverifiedSwitch = record;
  }

  async clearSwitch() {
    this.unverifiedSwitch = undefined;
  }
}
