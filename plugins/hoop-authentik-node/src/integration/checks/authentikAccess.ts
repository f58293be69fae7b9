import type {
  AuthentikApplication,
  AuthentikBinding,
} from '../../systems/authentik/types';
import type { DesiredIntegration, ObservedIntegration } from '../types';
import {
  NO_APPLICATION,
  pass,
  skipped,
  withAuthentik,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';

/** @internal */
export const bindings: CheckDefinition = {
  id: 'authentik.bindings',
  system: 'authentik',
  title: 'Access is bound to a policy, group or user',
  why: 'Without a binding, everyone with an account in authentik may sign in to the gateway. authentik deletes bindings with the group or policy that they bind, and when they end.',
  remedy:
    'Bind a group with the software template. If everyone may sign in, write allowedGroups: [] for the gateway in app-config.',
  preflight: false,
  run: input =>
    withAuthentik(input, 'application', application =>
      application
        ? withAuthentik(input, 'bindings', found => findBound(input, found))
        : NO_APPLICATION,
    ),
};

function findBound(
  { desired, observed: { now } }: CheckInput,
  found: readonly AuthentikBinding[],
): Finding {
  const link = desired.application.adminUrl;
  const fix = {
    action: 'restrict-access',
    ...groupsOf(desired.allowedGroups),
  } as const;
  const inForce = found.filter(binding => isInForce(binding, now));
  const count = inForce.length;
  const ends = inForce.map(({ expires }) => expires ?? '').sort();
  if (count === 0) {
    return {
      ...openness(desired),
      expected: 'at least one enabled binding',
      link,
      fix,
      ...(found.length === 0
        ? { actual: 'none', params: { case: 'none' } }
        : {
            actual: 'only disabled ones, or ones that have ended',
            params: { case: 'disabled' },
          }),
    };
  }
  const enabled = `${count} enabled`;
  if (ends[0] !== '') {
    const day = ends.at(-1)!.slice(0, 10);
    return {
      status: 'warn',
      expected: 'a binding that does not end',
      actual: `${enabled}, the last of which ends on ${day}`,
      remedy: `Bind a group that stays with the software template, before everyone with an account in authentik may sign in from ${day} on.`,
      link,
      fix,
      params: { case: 'ends', count, day },
    };
  }
  const ending = ends.filter(Boolean);
  return ending.length === 0
    ? pass(enabled, { link, params: { count } })
    : pass(
        `${enabled}, ${ending.length} of them until ${ending
          .at(-1)!
          .slice(0, 10)} at the latest`,
        {
          link,
          params: {
            count,
            ending: ending.length,
            day: ending.at(-1)!.slice(0, 10),
          },
        },
      );
}

/** An open gateway is a failure where it was not meant to be one. */
function openness({
  allowedGroups,
  wasBound,
}: DesiredIntegration): Pick<
  Extract<Finding, { status: 'warn' | 'fail' }>,
  'status' | 'remedy'
> {
  const isWanted = allowedGroups?.length === 0;
  const opened = 'Everyone with an account in authentik may sign in';
  if (allowedGroups?.length) {
    return {
      status: 'fail',
      remedy: `${opened}, while app-config names groups. Bind them with the software template.`,
    };
  }
  return wasBound && !isWanted
    ? {
        status: 'fail',
        remedy: `${opened}, and there were bindings before: authentik deletes them with their group or policy, and when they end. Bind a group with the software template, or write allowedGroups: [] for the gateway in app-config.`,
      }
    : {
        status: 'warn',
        remedy: `${opened}. Bind a group with the software template.`,
      };
}

/**
 * Whether an application is known to let only some people in, so that it must not be open later; pure. It stays known until
 * the application is gone, or app-config says that everyone may sign in.
 *
 * @alpha
 */
export function isBound(
  desired: DesiredIntegration,
  { authentik: { application, bindings: found }, now }: ObservedIntegration,
): boolean {
  if (
    desired.allowedGroups?.length === 0 ||
    (application.ok && !application.value)
  ) {
    return false;
  }
  return (
    desired.wasBound === true ||
    (found.ok && found.value.some(binding => isInForce(binding, now)))
  );
}

/**
 * Whether authentik counts a binding; one that has ended may be there until it is deleted.
 *
 * @alpha
 */
export function isInForce(
  { enabled, expires }: Pick<AuthentikBinding, 'enabled' | 'expires'>,
  now: Date,
): boolean {
  return (
    enabled && (expires === undefined || Date.parse(expires) > now.getTime())
  );
}

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
          .filter(one => isInForce(one, input.observed.now) && !one.negate)
          .flatMap(({ groupName }) => groupName ?? []);
        const missing = wanted.filter(group => !bound.includes(group));
        const link = input.desired.application.adminUrl;
        const count = found.filter(one =>
          isInForce(one, input.observed.now),
        ).length;
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
  now: Date,
): Access {
  const results = found
    .filter(binding => isInForce(binding, now))
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
