import type {
  AuthentikApplication,
  AuthentikBinding,
} from '../../systems/authentik/types';
import {
  NO_APPLICATION,
  pass,
  skipped,
  withAuthentik,
  type CheckDefinition,
} from './check';

/** @internal */
export const bindings: CheckDefinition = {
  id: 'authentik.bindings',
  system: 'authentik',
  title: 'Access is bound to a policy, group or user',
  why: 'Without a binding, everyone with an account in authentik may sign in to the gateway.',
  remedy: 'Bind a group with the software template.',
  preflight: false,
  run: input =>
    withAuthentik(input, 'application', application =>
      application
        ? withAuthentik(input, 'bindings', found => {
            const count = found.filter(({ enabled }) => enabled).length;
            const link = input.desired.application.adminUrl;
            return count > 0
              ? pass(`${count} enabled`, { link, params: { count } })
              : {
                  status: 'warn',
                  expected: 'at least one enabled binding',
                  actual: found.length > 0 ? 'only disabled ones' : 'none',
                  remedy:
                    'Everyone with an account in authentik may sign in. Bind a group with the software template.',
                  link,
                  params: { case: found.length > 0 ? 'disabled' : 'none' },
                  fix: {
                    action: 'restrict-access',
                    ...groupsOf(input.desired.allowedGroups),
                  },
                };
          })
        : NO_APPLICATION,
    ),
};

function groupsOf(groups: readonly string[] | undefined) {
  return groups?.length ? { groups: [...groups] } : {};
}

/** @internal */
export const declaredBindings: CheckDefinition = {
  id: 'authentik.declared-bindings',
  system: 'authentik',
  title: 'Groups named in app-config may sign in',
  why: 'app-config promises access to the groups under allowedGroups; without a binding their members may be refused.',
  remedy:
    'Run the software template with these groups, or remove them from allowedGroups.',
  preflight: true,
  run: input =>
    withAuthentik(input, 'application', application => {
      const wanted = input.desired.allowedGroups ?? [];
      if (wanted.length === 0) {
        return skipped('app-config names no groups');
      }
      if (!application) {
        return NO_APPLICATION;
      }
      return withAuthentik(input, 'bindings', found => {
        const bound = found
          .filter(({ enabled, negate }) => enabled && !negate)
          .flatMap(({ groupName }) => groupName ?? []);
        const missing = wanted.filter(group => !bound.includes(group));
        const link = input.desired.application.adminUrl;
        const count = found.filter(({ enabled }) => enabled).length;
        if (missing.length > 0) {
          return {
            status: 'fail',
            expected: `bindings of ${wanted.join(', ')}`,
            actual: `none of ${missing.join(', ')}`,
            remedy:
              'Run the software template again with these groups, or remove them from allowedGroups in app-config.',
            link,
            params: { groups: wanted.join(', '), missing: missing.join(', ') },
            fix: { action: 'restrict-access', groups: missing },
          };
        }
        return application.policyEngineMode === 'all' && count > 1
          ? {
              status: 'warn',
              expected:
                'bindings of which one has to pass (policy engine mode "any")',
              actual: `${count} bindings which all have to pass (mode "all"): a member of one group alone is refused`,
              remedy:
                'Set the policy engine mode of the application to "any". If all bindings are meant to pass, name under allowedGroups the one group that is enough.',
              link,
              params: { count },
            }
          : pass(wanted.join(', '), { link });
      });
    }),
};

/** What is known of a person: their id, and groups they are a member of. There may be more, by way of other groups. */
interface KnownPerson {
  pk: number;
  groups: readonly string[];
}

/** Whether authentik lets a person use an application, as far as it can be determined. @internal */
export type Access = 'yes' | 'no' | 'unknown';

/**
 * authentik's rule for the bindings of an application: without an enabled one everyone may use it; with the mode `any` one
 * has to pass, with `all` each. Pure. The outcome of a policy, and groups that are not known, leave it open.
 *
 * @internal
 */
export function accessByBindings(
  found: readonly AuthentikBinding[],
  { policyEngineMode }: Pick<AuthentikApplication, 'policyEngineMode'>,
  person: KnownPerson,
): Access {
  const results = found
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
