import { isWellFormed, SecretValue } from '../../core';
import type { AuthentikGroupMembers } from '../../systems/authentik/types';
import type { TargetState } from '../../targets/types';
import { activeMembers } from '../observe';
import { accessByBindings, type Access } from './authentikAccess';
import {
  counted,
  pass,
  skipped,
  withAuthentik,
  withGateway,
  withTarget,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';

/** The name the gateway uses where nothing sets one. */
const DEFAULT_ADMIN_GROUP = 'admin';

/** @internal */
export const adminGroup: CheckDefinition = {
  id: 'gateway.admin-group',
  system: 'gateway',
  title: 'Gateway and app-config name the same admin group',
  why: 'The gateway makes administrators of the members of the group in ADMIN_USERNAME, or in the configuration stored in it. Where app-config names another group, every check about administrators looks at the wrong one.',
  remedy:
    'Set adminGroup of the gateway in app-config to the name that the gateway uses, set ADMIN_USERNAME of the gateway to the one in app-config, or accept the difference with allowLockout.',
  preflight: true,
  lockout: true,
  run: input => {
    const { gateway, targetCapabilities } = input.observed;
    // Stored role names override the environment, and the gateway's API shows those in force.
    const inForce = gateway.authConfig?.ok
      ? gateway.authConfig.value.adminGroup
      : undefined;
    if (inForce !== undefined) {
      return compared(input, inForce, 'in the configuration in force');
    }
    return targetCapabilities.showsEnvironment
      ? withTarget(input, ({ state }) => inEnvironment(input, state))
      : skipped(
          'the target does not show it, and app-config has no apiKey of the gateway',
        );
  },
};

function inEnvironment(input: CheckInput, state: TargetState): Finding {
  const { value, source } = state.adminGroup ?? {};
  if (value === undefined && source !== undefined) {
    return skipped(`only the running container knows it: ${source}`, {
      source,
    });
  }
  const inSecret = value instanceof SecretValue;
  const text = inSecret ? value.reveal() : value;
  return text
    ? compared(input, text, `ADMIN_USERNAME set by ${source}`, inSecret)
    : compared(input, DEFAULT_ADMIN_GROUP, 'the default of ADMIN_USERNAME');
}

function compared(
  { desired }: CheckInput,
  found: string,
  place: string,
  inSecret = false,
): Finding {
  const wanted = desired.gateway.adminGroup;
  if (found === wanted) {
    return pass(`"${wanted}", ${place}`, {
      params: { adminGroup: wanted, place },
    });
  }
  const hidden = inSecret || !isWellFormed('ADMIN_USERNAME', found);
  const name = hidden ? 'another name' : `"${found}"`;
  return {
    status: 'fail',
    expected: `"${wanted}", the adminGroup of the gateway in app-config`,
    actual: `${name}, ${place}`,
    remedy: `Set adminGroup of the gateway in app-config to ${
      hidden ? 'the name that the gateway uses' : name
    }, or ADMIN_USERNAME of the gateway to "${wanted}" and restart it. Names are case-sensitive.`,
    params: {
      case: hidden ? 'hidden' : 'shown',
      adminGroup: wanted,
      place,
      ...(hidden ? {} : { found }),
    },
  };
}

/** @internal */
export const administrator: CheckDefinition = {
  id: 'sign-in.administrator',
  system: 'sign-in',
  title: 'At least one admin can sign in',
  why: 'After the switch the gateway is administered by the members of the admin group, and by people whom it already knows by their email address. An empty or misspelt group, or bindings that keep its members out, can leave it without an administrator.',
  remedy:
    'Add a user to the group, let its members use the application, set adminGroup in app-config to its exact name, or accept the risk with allowLockout. With an apiKey of the gateway, administrators whom it knows by their email address count as well.',
  preflight: true,
  lockout: true,
  run: input =>
    withAuthentik(input, 'adminGroup', group => {
      const active = activeMembers(group);
      return active.length > 0
        ? asFarAsCompared(input, whetherLetIn(input, active))
        : knownToGateway(input) ?? withoutMember(input, group);
    }),
};

/** Members of a group prove nothing while it is unknown whether the gateway makes administrators of that group. */
function asFarAsCompared(input: CheckInput, finding: Finding): Finding {
  const compares =
    finding.status !== 'pass' ||
    !['skipped', 'unknown'].includes(adminGroup.run(input).status);
  return compares
    ? finding
    : skipped(
        `${finding.actual}; whether the gateway makes administrators of that group was not compared`,
        finding.params,
      );
}

/** Administrators keep their role where they sign in with the email address that the gateway knows. */
function knownToGateway({ observed }: CheckInput): Finding | undefined {
  const { administrators } = observed.gateway;
  if (!administrators?.ok || administrators.value.length === 0) {
    return undefined;
  }
  const count = administrators.value.length;
  return pass(
    `${counted(
      count,
      'user',
    )} of authentik whom the gateway knows as administrators by the email address`,
    { params: { case: 'known', count } },
  );
}

function withoutMember(
  { desired }: CheckInput,
  group: AuthentikGroupMembers | undefined,
): Finding {
  const name = desired.gateway.adminGroup;
  const advice = {
    status: 'fail' as const,
    expected: `a group "${name}" in authentik with an active member`,
    link: linkToGroups(desired),
  };
  if (!group) {
    return {
      ...advice,
      actual: 'no such group',
      remedy: `Create the group "${name}" in authentik with a member, or set adminGroup of the gateway in app-config to the name of the group that administers it. Names are case-sensitive.`,
      params: { case: 'no-group', adminGroup: name },
    };
  }
  const inactive = group.members.length > 0;
  return {
    ...advice,
    actual: inactive ? 'only members who are not active' : 'no member',
    remedy: `Add an active user to the group "${name}" in authentik. If an administrator of the gateway will sign in with the email address that it already knows, set allowLockout.`,
    params: { case: inactive ? 'inactive' : 'empty', adminGroup: name },
  };
}

type Member = AuthentikGroupMembers['members'][number];

/** Members alone do not help where the bindings of the application keep them out. */
function whetherLetIn(input: CheckInput, members: Member[]): Finding {
  const { desired } = input;
  const name = desired.gateway.adminGroup;
  const count = `${counted(members.length, 'active member')} of "${name}"`;
  const params = { adminGroup: name, count: members.length };
  const access = members.map(member => accessOf(input, member));
  if (access.includes('yes')) {
    return pass(count, {
      link: linkToGroups(desired),
      params: { case: 'admitted', ...params },
    });
  }
  const advice = {
    expected: `an active member of "${name}" who may use the application`,
    remedy: `Bind the group "${name}" to the application "${desired.application.slug}" with the software template, or remove the binding that keeps it out.`,
    link: desired.application.adminUrl,
    fix: { action: 'restrict-access' as const, groups: [name] },
  };
  if (!access.includes('unknown')) {
    return {
      status: 'fail',
      ...advice,
      actual: `${count}, and the bindings of the application keep all of them out`,
      params: { case: 'kept-out', ...params },
    };
  }
  // A group may have members by way of other groups, so this is only a suspicion.
  return knowsGroups(input, members)
    ? {
        status: 'warn',
        ...advice,
        actual: `${count}; the application is bound to other groups, and the member who was looked at is in none of them`,
        params: { case: 'other-groups', ...params },
      }
    : pass(
        `${count}; whether the bindings of the application admit them cannot be determined from here`,
        { link: linkToGroups(desired), params: { case: 'open', ...params } },
      );
}

/** Whether the groups of a member are known, and groups are all that the bindings leave open. */
function knowsGroups({ observed }: CheckInput, members: Member[]): boolean {
  const { bindings, claims } = observed.authentik;
  const username = claims.ok ? claims.value?.username : undefined;
  return (
    members.some(member => member.username === username) &&
    bindings.ok &&
    bindings.value.every(({ policy }) => policy === undefined)
  );
}

function accessOf({ desired, observed }: CheckInput, member: Member): Access {
  const { application, bindings, claims } = observed.authentik;
  // What cannot be seen is left to other checks.
  if (!application.ok || !application.value || !bindings.ok) {
    return 'yes';
  }
  const preview = claims.ok ? claims.value : undefined;
  const groups =
    preview?.username === member.username ? preview.claims.groups : [];
  const person = {
    pk: member.pk,
    groups: [
      desired.gateway.adminGroup,
      ...(Array.isArray(groups) ? groups.map(String) : []),
    ],
  };
  return accessByBindings(
    bindings.value,
    application.value,
    person,
    observed.now,
  );
}

function linkToGroups({ authentik }: CheckInput['desired']): string {
  return `${authentik.baseUrl}/if/admin/#/identity/groups`;
}

/** @internal */
export const firstUser: CheckDefinition = {
  id: 'sign-in.first-user',
  system: 'sign-in',
  title: 'Gateway already has a user',
  why: 'The first person who signs in to a gateway without users becomes its administrator, whoever that is. Where it already has users, they keep their groups if their email address in authentik is the same in lower case; otherwise they become new users without rights.',
  remedy: 'Let the intended administrator sign in first.',
  preflight: false,
  run: input =>
    withGateway(input, 'info', ({ setupRequired }) => {
      const { url } = input.desired.gateway;
      if (setupRequired === undefined) {
        return skipped(
          'gateways before 1.59.2 do not report whether they have users',
        );
      }
      return setupRequired
        ? {
            status: 'warn',
            expected: 'a gateway with a user',
            actual:
              'no user yet: the first person who signs in becomes its administrator',
            remedy: `Let the intended administrator sign in first, before the address ${url} is made known.`,
            link: url,
            params: { url },
          }
        : pass('the gateway has users');
    }),
};
