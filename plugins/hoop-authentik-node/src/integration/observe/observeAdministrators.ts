import type { CallOptions } from '../../core';
import type { AuthentikGroupMembers } from '../../systems/authentik/types';
import { activeMembers } from './activeMembers';
import type { Observation } from '../types';
import { observed } from './observation';
import type { IntegrationSystems } from './systems';

/** So many are looked up: one is enough, and a list of everybody is nobody's business. */
const LOOKED_UP_ADMINISTRATORS = 10;

/**
 * Where no member of the admin group will administer the gateway, those may whom it knows: it joins a person to its user by
 * the lower-cased e-mail address, and keeps the role.
 *
 * @internal
 */
export async function observeAdministrators(
  { authentik, hoop }: Pick<IntegrationSystems, 'authentik' | 'hoop'>,
  group: Observation<AuthentikGroupMembers | undefined>,
  options: CallOptions,
): Promise<Observation<string[]> | undefined> {
  if (!group.ok || activeMembers(group.value).length > 0 || !hoop.hasApiKey) {
    return undefined;
  }
  return observed(
    (async () => {
      const known = await hoop.listAdministrators(options);
      const users = await Promise.all(
        known
          // One that was stored with capitals is never found again.
          .filter(email => email === email.toLowerCase())
          .slice(0, LOOKED_UP_ADMINISTRATORS)
          .map(email => authentik.listUsersByEmail(email, options)),
      );
      return users
        .flat()
        .flatMap(({ username, isActive }) => (isActive ? [username] : []));
    })(),
  );
}
