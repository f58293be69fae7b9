import { setMaxListeners } from 'node:events';
import { isError } from '@backstage/errors';
import { z } from 'zod';
import type { AuthentikApi } from './AuthentikApi';
import { AuthentikPermissionError } from './errors';
import { PERMISSIONS, type Permission } from './permissions';
import type { CallOptions } from '../../core';

/** An object of this key exists nowhere: who may view the kind is told that it is missing, anybody else is refused. */
const NOWHERE = 'no-such-object-hoop-authentik';

/** What is asked to find out whether the token has a permission. */
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

/** An empty object is refused as invalid (400) from whoever may add, and before that (403) from anybody else. */
const ADD_PROBES: Array<[Permission, string]> = [
  [PERMISSIONS.addApplication, 'core/applications/'],
  [PERMISSIONS.addProvider, 'providers/oauth2/'],
  [PERMISSIONS.addBinding, 'policies/bindings/'],
];

/**
 * Finds out which permissions a token lacks, without writing anything. Rights to change and delete cannot be told apart
 * that way: authentik looks for the object before it looks at the right, so they are not asked about.
 *
 * @throws ServiceUnavailableError when authentik cannot be reached or refuses the token itself
 * @internal
 */
export async function findMissingPermissions(
  api: AuthentikApi,
  options?: CallOptions,
): Promise<string[]> {
  if (options?.signal) {
    // Every probe listens to it, all at once, which Node would otherwise report as a leak.
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
