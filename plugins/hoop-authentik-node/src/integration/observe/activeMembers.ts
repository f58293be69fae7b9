import type { AuthentikGroupMembers } from '../../systems/authentik/types';

/** Who of a group can sign in; nobody where there is no such group. @internal */
export function activeMembers(
  group: AuthentikGroupMembers | undefined,
): AuthentikGroupMembers['members'] {
  return group?.members.filter(({ isActive }) => isActive) ?? [];
}
