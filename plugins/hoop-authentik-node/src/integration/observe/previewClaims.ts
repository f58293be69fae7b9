import { isError } from '@backstage/errors';
import type { CallOptions } from '../../core';
import type {
  AuthentikClient,
  AuthentikGroupMembers,
  AuthentikProvider,
} from '../../systems/authentik/types';
import { activeMembers } from './activeMembers';
import type { Observation, PreviewedClaims } from '../types';

/**
 * Of a member of the admin group, whose sign-in matters most; of our own account where the token may not look at others,
 * which shows no less which claims there are.
 *
 * @internal
 */
export async function previewClaims(
  authentik: AuthentikClient,
  provider: AuthentikProvider,
  adminGroup: Observation<AuthentikGroupMembers | undefined>,
  options: CallOptions,
): Promise<PreviewedClaims> {
  const [member] = adminGroup.ok ? activeMembers(adminGroup.value) : [];
  if (member) {
    try {
      return {
        username: member.username,
        claims: await authentik.previewClaims(provider.pk, member.pk, options),
      };
    } catch (error) {
      // authentik says of a user that may not be previewed that there is none.
      if (!isError(error) || error.name !== 'InputError') {
        throw error;
      }
    }
  }
  return {
    username: undefined,
    claims: await authentik.previewClaims(provider.pk, undefined, options),
  };
}
