import type {
  AuthentikApplication,
  AuthentikBinding,
} from '../../systems/authentik/types';

/** What is known of somebody: their id, and groups they are a member of. There may be more, by way of other groups. */
export interface KnownPerson {
  pk: number;
  groups: readonly string[];
}

/** Whether authentik lets somebody use an application, as far as it can be told. */
export type Access = 'yes' | 'no' | 'unknown';

/**
 * authentik's rule for the bindings of an application: without an enabled one everybody may use it; with the mode `any`
 * one has to pass, with `all` each. Pure. What a policy says, and groups that are not known, leave it open.
 *
 * @internal
 */
export function accessByBindings(
  bindings: readonly AuthentikBinding[],
  { policyEngineMode }: Pick<AuthentikApplication, 'policyEngineMode'>,
  person: KnownPerson,
): Access {
  const results = bindings
    .filter(({ enabled }) => enabled)
    .map(binding => passes(binding, person));
  if (results.length === 0) {
    return 'yes';
  }
  const [decisive, other] =
    policyEngineMode === 'all'
      ? (['no', 'yes'] as const)
      : (['yes', 'no'] as const);
  if (results.includes(decisive)) {
    return decisive;
  }
  return results.includes('unknown') ? 'unknown' : other;
}

function passes(binding: AuthentikBinding, person: KnownPerson): Access {
  const result = isMeant(binding, person);
  if (!binding.negate || result === 'unknown') {
    return result;
  }
  return result === 'yes' ? 'no' : 'yes';
}

function isMeant(
  { user, groupName }: AuthentikBinding,
  { pk, groups }: KnownPerson,
): Access {
  if (user !== undefined) {
    return user === pk ? 'yes' : 'no';
  }
  return groupName !== undefined && groups.includes(groupName)
    ? 'yes'
    : 'unknown';
}
