import {
  InputError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { CallOptions } from '../core';
import type {
  AuthentikBinding,
  AuthentikClient,
} from '../systems/authentik/types';
import type { AccessGrant } from './grantRecords';
import { findGranted } from './grants';
import {
  findOwn,
  type ApplicationClaim,
  type OwnedApplication,
} from './ownership';
import { explainPermissions } from './refusals';

/** Deletions that are under way at a time. */
const AT_ONCE = 8;

/** What became of the binding of a grant. @alpha */
export type EndedGrant =
  | { grant: AccessGrant; ended: true; was: 'deleted' | 'missing' }
  | { grant: AccessGrant; ended: false; error: unknown };

/** What ends grants beside their bindings. @alpha */
export interface GrantEndOptions {
  adminGroup: string;
  /** By which the application has to belong to the gateway before the admin group is bound to it. */
  claim: ApplicationClaim;
}

/**
 * Deletes the bindings of grants of one application: with one read for all of them, and one request each. Where no enabled
 * binding would be left, the admin group is bound first, since everyone could sign in without one. A binding that was made
 * on another authentik instance and is not found on this one lasts there, so its grant has not ended.
 *
 * @param grants - all of them of the same application
 * @throws InputError where the admin group would have to be bound to an application that is not the gateway's
 * @alpha
 */
export async function endGrants(
  client: AuthentikClient,
  grants: readonly AccessGrant[],
  { adminGroup, claim }: GrantEndOptions,
  options?: CallOptions,
): Promise<EndedGrant[]> {
  const [{ target }] = grants;
  return explainPermissions(client, async () => {
    const bindings = await presentBindings(client, grants[0], options);
    const found = grants.map(grant => ({
      grant,
      binding: findGranted(bindings, grant),
    }));
    const leaving = new Set(found.map(({ binding }) => binding?.pk));
    const isLeft = ({ pk }: { pk: string }) => !leaving.has(pk);
    const enabled = bindings.filter(one => one.enabled);
    if (enabled.length > 0 && !enabled.some(isLeft)) {
      const application = await requireSame(client, claim, target, options);
      await bindAdministrators(client, application, adminGroup, options);
    }
    const results: EndedGrant[] = [];
    const left = [...found];
    const work = async () => {
      for (let next = left.pop(); next; next = left.pop()) {
        const { grant, binding } = next;
        try {
          options?.signal?.throwIfAborted();
          if (!binding) {
            requireHere(client, grant);
          }
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

/** None where the application is gone, for which authentik refuses to list them. */
async function presentBindings(
  client: AuthentikClient,
  { target, application }: AccessGrant,
  options?: CallOptions,
): Promise<AuthentikBinding[]> {
  try {
    return await client.listBindings(target, options);
  } catch (error) {
    if (!(isError(error) && error.name === InputError.name)) {
      throw error;
    }
    const found = await client.getApplication(application, options);
    if (found?.pk === target) {
      throw error;
    }
    return [];
  }
}

/** The application of the grants, which still has to be the gateway's. */
async function requireSame(
  client: AuthentikClient,
  claim: ApplicationClaim,
  target: string,
  options?: CallOptions,
): Promise<OwnedApplication> {
  const { application } = await findOwn(client, claim, options);
  if (application?.object.pk !== target) {
    throw new InputError(
      `The last binding of an application cannot end: everyone could sign in without one, and the application is not "${claim.slug}" of the gateway any more. Bind a group to it in authentik at ${client.baseUrl}, or delete it.`,
    );
  }
  return application;
}

/** @throws InputError for a grant of another authentik instance, where its binding lasts */
function requireHere(
  { baseUrl }: AuthentikClient,
  { system, application, binding }: AccessGrant,
): void {
  if (system !== baseUrl) {
    throw new InputError(
      `It was made in authentik at ${system}, and app-config names ${baseUrl} for the gateway now. Delete the binding ${
        binding || 'of this grant'
      } of the application "${application}" there.`,
    );
  }
}

async function bindAdministrators(
  client: AuthentikClient,
  { object: { pk: target } }: OwnedApplication,
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
