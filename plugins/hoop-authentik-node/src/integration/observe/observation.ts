import { assertError } from '@backstage/errors';
import type {
  AuthentikClient,
  AuthentikGroupMembers,
  AuthentikProvider,
  OidcProbes,
} from '../../systems/authentik/types';
import type { HoopClient } from '../../systems/hoop/types';
import type { TestSignIn } from '../../systems/signIn';
import type { SettingsTarget } from '../../targets/types';
import type { Observation } from '../types';

/** The systems of one integration. @public */
export interface IntegrationSystems {
  authentik: AuthentikClient;
  probes: OidcProbes;
  hoop: HoopClient;
  target: SettingsTarget;
  /** Where a test account is configured. */
  signIn?: TestSignIn;
  /** Has everything read anew that steps of the same task share. */
  forget?(): void;
}

/** A read whose failure is what was observed. @internal */
export async function observed<T>(
  reading: Promise<T>,
): Promise<Observation<T>> {
  try {
    return { ok: true, value: await reading };
  } catch (error) {
    assertError(error);
    return { ok: false, error };
  }
}

/** A read that needs the value of another; its failure carries over. @internal */
export async function after<T, R>(
  first: Promise<Observation<T>>,
  next: (value: T) => Promise<R>,
): Promise<Observation<R>> {
  const result = await first;
  return result.ok ? observed(next(result.value)) : result;
}

/** Who of a group can sign in; empty where there is no such group. @internal */
export function activeMembers(
  group: AuthentikGroupMembers | undefined,
): AuthentikGroupMembers['members'] {
  return group?.members.filter(({ isActive }) => isActive) ?? [];
}

/**
 * Whether a provider may be asked to authorize: older servers adopt the first redirect URI they are asked for when it has
 * none.
 *
 * @internal
 */
export function mayBeAskedToAuthorize({
  redirectUris,
}: Pick<AuthentikProvider, 'redirectUris'>): boolean {
  return redirectUris.length > 0;
}
