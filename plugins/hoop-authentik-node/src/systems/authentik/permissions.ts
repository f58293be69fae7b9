import { setMaxListeners } from 'node:events';
import { isError } from '@backstage/errors';
import { z } from 'zod';
import type { CallOptions } from '../../core';
import type { AuthentikApi } from './AuthentikApi';
import { AuthentikPermissionError } from './errors';

/**
 * Permissions a token needs for each kind of call. They did not change from authentik 2024.6 to 2026.8, and this set
 * covers everything the client does, without a superuser. Changing and deleting also need the right to view, because
 * authentik does not find objects that the token may not view.
 *
 * @internal
 */
export const PERMISSIONS = {
  viewApplication: 'authentik_core.view_application',
  addApplication: 'authentik_core.add_application',
  changeApplication: 'authentik_core.change_application',
  deleteApplication: 'authentik_core.delete_application',
  viewProvider: 'authentik_providers_oauth2.view_oauth2provider',
  addProvider: 'authentik_providers_oauth2.add_oauth2provider',
  changeProvider: 'authentik_providers_oauth2.change_oauth2provider',
  deleteProvider: 'authentik_providers_oauth2.delete_oauth2provider',
  viewFlow: 'authentik_flows.view_flow',
  viewKeyPair: 'authentik_crypto.view_certificatekeypair',
  viewScopeMapping: 'authentik_providers_oauth2.view_scopemapping',
  viewGroup: 'authentik_core.view_group',
  viewUser: 'authentik_core.view_user',
  previewUser: 'authentik_core.preview_user',
  viewPolicy: 'authentik_policies.view_policy',
  viewBinding: 'authentik_policies.view_policybinding',
  addBinding: 'authentik_policies.add_policybinding',
  changeBinding: 'authentik_policies.change_policybinding',
  deleteBinding: 'authentik_policies.delete_policybinding',
  viewEvent: 'authentik_events.view_event',
} as const;

/** @internal */
export type Permission = (typeof PERMISSIONS)[keyof typeof PERMISSIONS];

/** No object has this key: with the right to view its kind the answer is 404, without it 403. */
const NOWHERE = 'no-such-object-hoop-authentik';

/** Requests that succeed only with the permission to view. */
const VIEW_PROBES: Array<[Permission, string]> = [
  [PERMISSIONS.viewApplication, `core/applications/${NOWHERE}/`],
  [PERMISSIONS.viewProvider, 'providers/oauth2/?page_size=1'],
  [PERMISSIONS.viewFlow, 'flows/instances/?page_size=1'],
  [
    PERMISSIONS.viewKeyPair,
    'crypto/certificatekeypairs/?page_size=1&include_details=false',
  ],
  [
    PERMISSIONS.viewScopeMapping,
    'propertymappings/provider/scope/?page_size=1',
  ],
  [PERMISSIONS.viewGroup, 'core/groups/?page_size=1&include_users=false'],
  [PERMISSIONS.viewUser, 'core/users/?page_size=1&include_groups=false'],
  [PERMISSIONS.viewPolicy, 'policies/all/?page_size=1'],
  [PERMISSIONS.viewBinding, 'policies/bindings/?page_size=1'],
];

/** Posting an empty object is invalid (400) with the permission to add, and refused earlier (403) without it. */
const ADD_PROBES: Array<[Permission, string]> = [
  [PERMISSIONS.addApplication, 'core/applications/'],
  [PERMISSIONS.addProvider, 'providers/oauth2/'],
  [PERMISSIONS.addBinding, 'policies/bindings/'],
];

/**
 * Finds the permissions that a token lacks, without writing anything. Rights to change and to delete cannot be
 * determined this way, because authentik looks up the object before it checks the right.
 *
 * @throws ServiceUnavailableError when authentik cannot be reached or refuses the token itself
 * @internal
 */
export async function findMissingPermissions(
  api: AuthentikApi,
  options?: CallOptions,
): Promise<string[]> {
  if (options?.signal) {
    // All probes listen to it at the same time, which Node would otherwise report as a leak.
    setMaxListeners(0, options.signal);
  }
  const views = VIEW_PROBES.map(async ([permission, path]) =>
    lacks(permission, async () => {
      const [pathname, query = ''] = path.split('?');
      await api.find(
        {
          path: pathname,
          query: Object.fromEntries(new URLSearchParams(query)),
          options,
        },
        z.unknown(),
      );
    }),
  );
  const adds = ADD_PROBES.map(async ([permission, path]) =>
    lacks(permission, () => api.post({ path, body: {}, options })),
  );
  return (await Promise.all([...views, ...adds])).flat();
}

async function lacks(
  permission: Permission,
  ask: () => Promise<void>,
): Promise<Permission[]> {
  try {
    await ask();
    return [];
  } catch (error) {
    if (error instanceof AuthentikPermissionError) {
      return [permission];
    }
    if (isError(error) && error.name === 'InputError') {
      return [];
    }
    throw error;
  }
}
