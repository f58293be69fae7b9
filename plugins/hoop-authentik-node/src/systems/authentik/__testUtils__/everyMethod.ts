import { SecretValue } from '../../../core';
import type { AuthentikClient, AuthentikProviderFields } from '../types';

/** Represents a `NotFoundError`. */
export const NOT_FOUND = Symbol('NotFoundError');

/**
 * How tests call each method of the client, with arguments that exercise all of it.
 *
 * @internal
 */
export interface MethodCall {
  run: (
    client: AuthentikClient,
    options?: { signal?: AbortSignal },
  ) => Promise<unknown>;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  permission?: string;
  /** The outcome of a 404 for a missing object: a result, or {@link NOT_FOUND}. */
  onMissing: undefined | false | typeof NOT_FOUND;
}

/** @internal */
export const TOKEN = 'tOkEn0123456789abcdefghijklmnopqrstuvwxyz';
/** Contains characters that JSON and URLs escape. */
export const CLIENT_SECRET = 'sEcReT"0123456789&ABCDEFGHIJKLMNOPQRST+/=%';

/** @internal */
export const APPLICATION_PK = '297d3e99-588a-401b-a811-c2b04d6dc3a0';

/** @internal */
export const PROVIDER_FIELDS: AuthentikProviderFields & { name: string } = {
  name: 'Hoop',
  authorizationFlow: 'd303626b-22a4-43b9-bfa8-e79a72c9edaa',
  invalidationFlow: '7b0330e7-55d2-4e95-bb86-a7875344e9a1',
  propertyMappings: ['0c04eb52-c749-471d-aeea-485d0889a47d'],
  clientType: 'confidential',
  clientId: 'client',
  clientSecret: new SecretValue(CLIENT_SECRET),
  signingKey: null,
  redirectUris: [
    {
      matchingMode: 'strict',
      url: 'https://hoop.company/api/callback',
      redirectUriType: 'authorization',
    },
  ],
  grantTypes: ['authorization_code', 'refresh_token'],
};

const list = (
  path: string,
  permission: string,
  run: MethodCall['run'],
): MethodCall => ({
  method: 'GET',
  path,
  permission,
  run,
  onMissing: NOT_FOUND,
});

/** @internal */
export const EVERY_METHOD: Record<string, MethodCall> = {
  getVersion: {
    run: (client, o) => client.getVersion(o),
    method: 'GET',
    path: '/api/v3/admin/version/',
    onMissing: NOT_FOUND,
  },
  getSelf: {
    run: (client, o) => client.getSelf(o),
    method: 'GET',
    path: '/api/v3/core/users/me/',
    onMissing: NOT_FOUND,
  },
  getApplication: {
    run: (client, o) => client.getApplication('hoop', o),
    method: 'GET',
    path: '/api/v3/core/applications/hoop/',
    permission: 'authentik_core.view_application',
    onMissing: undefined,
  },
  createApplicationWithProvider: {
    run: (client, o) =>
      client.createApplicationWithProvider(
        {
          application: { name: 'Hoop', slug: 'hoop' },
          provider: PROVIDER_FIELDS,
          bindings: [{ group: 'g', order: 0 }],
        },
        o,
      ),
    method: 'PUT',
    path: '/api/v3/core/transactional/applications/',
    permission: 'authentik_core.add_application',
    onMissing: NOT_FOUND,
  },
  createApplication: {
    run: (client, o) =>
      client.createApplication({ name: 'Hoop', slug: 'hoop' }, o),
    method: 'POST',
    path: '/api/v3/core/applications/',
    permission: 'authentik_core.add_application',
    onMissing: NOT_FOUND,
  },
  updateApplication: {
    run: (client, o) => client.updateApplication('hoop', { group: 'x' }, o),
    method: 'PATCH',
    path: '/api/v3/core/applications/hoop/',
    permission: 'authentik_core.change_application',
    onMissing: NOT_FOUND,
  },
  deleteApplication: {
    run: (client, o) => client.deleteApplication('hoop', o),
    method: 'DELETE',
    path: '/api/v3/core/applications/hoop/',
    permission: 'authentik_core.delete_application',
    onMissing: false,
  },
  getProvider: {
    run: (client, o) => client.getProvider(2, o),
    method: 'GET',
    path: '/api/v3/providers/oauth2/2/',
    permission: 'authentik_providers_oauth2.view_oauth2provider',
    onMissing: undefined,
  },
  findProviderByName: list(
    '/api/v3/providers/oauth2/',
    'authentik_providers_oauth2.view_oauth2provider',
    (client, o) => client.findProviderByName('Hoop', o),
  ),
  listProviders: list(
    '/api/v3/providers/oauth2/',
    'authentik_providers_oauth2.view_oauth2provider',
    (client, o) => client.listProviders(o),
  ),
  createProvider: {
    run: (client, o) => client.createProvider(PROVIDER_FIELDS, o),
    method: 'POST',
    path: '/api/v3/providers/oauth2/',
    permission: 'authentik_providers_oauth2.add_oauth2provider',
    onMissing: NOT_FOUND,
  },
  updateProvider: {
    run: (client, o) =>
      client.updateProvider(
        2,
        { clientSecret: new SecretValue(CLIENT_SECRET) },
        o,
      ),
    method: 'PATCH',
    path: '/api/v3/providers/oauth2/2/',
    permission: 'authentik_providers_oauth2.change_oauth2provider',
    onMissing: NOT_FOUND,
  },
  deleteProvider: {
    run: (client, o) => client.deleteProvider(2, o),
    method: 'DELETE',
    path: '/api/v3/providers/oauth2/2/',
    permission: 'authentik_providers_oauth2.delete_oauth2provider',
    onMissing: false,
  },
  previewClaims: {
    run: (client, o) => client.previewClaims(2, 4, o),
    method: 'GET',
    path: '/api/v3/providers/oauth2/2/preview_user/',
    permission: 'authentik_providers_oauth2.view_oauth2provider',
    onMissing: NOT_FOUND,
  },
  listFlows: list(
    '/api/v3/flows/instances/',
    'authentik_flows.view_flow',
    (client, o) => client.listFlows({ designation: 'authorization' }, o),
  ),
  listKeyPairs: list(
    '/api/v3/crypto/certificatekeypairs/',
    'authentik_crypto.view_certificatekeypair',
    (client, o) => client.listKeyPairs(o),
  ),
  listKeyPairUses: list(
    '/api/v3/crypto/certificatekeypairs/k/used_by/',
    'authentik_crypto.view_certificatekeypair',
    (client, o) => client.listKeyPairUses('k', o),
  ),
  createKeyPair: {
    run: (client, o) =>
      client.createKeyPair({ name: 'hoop-main', validityDays: 365 }, o),
    method: 'POST',
    path: '/api/v3/crypto/certificatekeypairs/generate/',
    permission: 'authentik_crypto.add_certificatekeypair',
    onMissing: NOT_FOUND,
  },
  deleteKeyPair: {
    run: (client, o) => client.deleteKeyPair('k', o),
    method: 'DELETE',
    path: '/api/v3/crypto/certificatekeypairs/k/',
    permission: 'authentik_crypto.delete_certificatekeypair',
    onMissing: false,
  },
  listScopeMappings: list(
    '/api/v3/propertymappings/provider/scope/',
    'authentik_providers_oauth2.view_scopemapping',
    (client, o) => client.listScopeMappings(o),
  ),
  listBlueprints: list(
    '/api/v3/managed/blueprints/',
    'authentik_blueprints.view_blueprintinstance',
    (client, o) => client.listBlueprints(o),
  ),
  findGroup: list(
    '/api/v3/core/groups/',
    'authentik_core.view_group',
    (client, o) => client.findGroup('engineering', o),
  ),
  findGroupMembers: list(
    '/api/v3/core/groups/',
    'authentik_core.view_group',
    (client, o) => client.findGroupMembers('engineering', o),
  ),
  listGroups: list(
    '/api/v3/core/groups/',
    'authentik_core.view_group',
    (client, o) => client.listGroups(o),
  ),
  findUser: list(
    '/api/v3/core/users/',
    'authentik_core.view_user',
    (client, o) => client.findUser('jane', o),
  ),
  listUsersByEmail: list(
    '/api/v3/core/users/',
    'authentik_core.view_user',
    (client, o) => client.listUsersByEmail('jane@company.example', o),
  ),
  findPolicy: list(
    '/api/v3/policies/all/',
    'authentik_policies.view_policy',
    (client, o) => client.findPolicy('hoop-allow', o),
  ),
  listBindings: list(
    '/api/v3/policies/bindings/',
    'authentik_policies.view_policybinding',
    (client, o) => client.listBindings(APPLICATION_PK, o),
  ),
  listAllBindings: list(
    '/api/v3/policies/bindings/',
    'authentik_policies.view_policybinding',
    (client, o) => client.listAllBindings(o),
  ),
  createBinding: {
    run: (client, o) =>
      client.createBinding(APPLICATION_PK, { group: 'g', order: 0 }, o),
    method: 'POST',
    path: '/api/v3/policies/bindings/',
    permission: 'authentik_policies.add_policybinding',
    onMissing: NOT_FOUND,
  },
  updateBinding: {
    run: (client, o) =>
      client.updateBinding('b', APPLICATION_PK, { user: 4, order: 0 }, o),
    method: 'PATCH',
    path: '/api/v3/policies/bindings/b/',
    permission: 'authentik_policies.change_policybinding',
    onMissing: NOT_FOUND,
  },
  deleteBinding: {
    run: (client, o) => client.deleteBinding('b', o),
    method: 'DELETE',
    path: '/api/v3/policies/bindings/b/',
    permission: 'authentik_policies.delete_policybinding',
    onMissing: false,
  },
  listSignIns: list(
    '/api/v3/events/events/',
    'authentik_events.view_event',
    (client, o) => client.listSignIns(APPLICATION_PK, 1, o),
  ),
};
