import { ServiceUnavailableError } from '@backstage/errors';
import type { CallOptions } from '../core';
import type { AuthentikClient } from '../systems/authentik/types';
import type { AccessGrant } from './grantRecords';
import { findGranted } from './grants';
import { explainPermissions } from './refusals';

/** Deletions that are under way at a time. */
const AT_ONCE = 8;

/** What became of the binding of a grant. @alpha */
export type EndedGrant =
  | { grant: AccessGrant; ended: true; was: 'deleted' | 'missing' }
  | { grant: AccessGrant; ended: false; error: unknown };

/**
 * Deletes the bindings of grants of one application: with one read for all of them, and one request each. Where no enabled
 * binding would be left, the admin group is bound first, since everyone could sign in without one.
 *
 * @param grants - all of them of the same application
 * @alpha
 */
export async function endGrants(
  client: AuthentikClient,
  grants: readonly AccessGrant[],
  { adminGroup }: { adminGroup: string },
  options?: CallOptions,
): Promise<EndedGrant[]> {
  const [{ target }] = grants;
  return explainPermissions(client, async () => {
    const bindings = await client.listBindings(target, options);
    const found = grants.map(grant => ({
      grant,
      binding: findGranted(bindings, grant),
    }));
    const leaving = new Set(found.map(({ binding }) => binding?.pk));
    const isLeft = ({ pk }: { pk: string }) => !leaving.has(pk);
    const enabled = bindings.filter(one => one.enabled);
    if (enabled.length > 0 && !enabled.some(isLeft)) {
      await bindAdministrators(client, target, adminGroup, options);
    }
    const results: EndedGrant[] = [];
    const left = [...found];
    const work = async () => {
      for (let next = left.pop(); next; next = left.pop()) {
        const { grant, binding } = next;
        try {
          options?.signal?.throwIfAborted();
          const deleted =
            binding !== undefined &&
            (await client.deleteBinding(binding.pk, options));
          const was = deleted ? 'deleted' : 'missing';
          results.push({ grant, ended: true, was });
        } catch (error) {
          results.push({ grant, ended: false, error });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return results;
  });
}

async function bindAdministrators(
  client: AuthentikClient,
  target: string,
  adminGroup: string,
  options?: CallOptions,
): Promise<void> {
  const group = await client.findGroup(adminGroup, options);
  if (!group) {
    throw new ServiceUnavailableError(
      `The last binding of the application cannot end: everyone could sign in without one, and its place cannot be taken by the admin group "${adminGroup}", which authentik at ${client.baseUrl} does not have. Create the group, or bind another one.`,
    );
  }
  await client.createBinding(target, { group: group.pk, order: 0 }, options);
}
