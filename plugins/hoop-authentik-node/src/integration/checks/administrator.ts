import type { AuthentikGroupMembers } from '../../systems/authentik/types';
import { activeMembers } from '../observe/activeMembers';
import { accessByBindings, type Access } from './accessByBindings';
import {
  withValue,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';

type Member = AuthentikGroupMembers['members'][number];

/** @internal */
export const administrator: CheckDefinition = {
  id: 'sign-in.administrator',
  system: 'sign-in',
  title: 'Somebody will administer the gateway',
  why: 'After the switch only members of the admin group, and people whom the gateway knows already by their e-mail address, administer the gateway. An empty or misspelt group, or bindings that keep its members out, can leave nobody.',
  mend: 'Put somebody into the group, let its members use the application, set adminGroup in app-config to its exact name, or accept it with allowLockout. With an apiKey of the gateway, administrators whom it knows by their e-mail address count as well.',
  preflight: true,
  lockout: true,
  run: input =>
    withValue(input.observed.authentik.adminGroup, group => {
      const active = activeMembers(group);
      return active.length > 0
        ? whetherLetIn(input, active)
        : knownToGateway(input) ?? { status: 'fail', ...nobody(input, group) };
    }),
};

/** Administrators keep their role where they sign in with the e-mail address that the gateway knows. */
function knownToGateway({ observed }: CheckInput): Finding | undefined {
  const { administrators } = observed.gateway;
  if (!administrators?.ok || administrators.value.length === 0) {
    return undefined;
  }
  const count = administrators.value.length;
  return {
    status: 'pass',
    actual: `${count} ${
      count > 1 ? 'users' : 'user'
    } of authentik whom the gateway knows as administrators by the e-mail address`,
  };
}

function nobody(
  { desired }: CheckInput,
  group: AuthentikGroupMembers | undefined,
): Omit<Finding, 'status'> {
  const { adminGroup } = desired.gateway;
  const advice = {
    expected: `a group "${adminGroup}" in authentik with an active member`,
    link: linkToGroups(desired),
  };
  if (!group) {
    return {
      ...advice,
      actual: 'no such group',
      remedy: `Make the group "${adminGroup}" in authentik with a member, or set adminGroup of the gateway in app-config to the name of the group that administers it. Upper and lower case differ.`,
    };
  }
  return {
    ...advice,
    actual:
      group.members.length > 0
        ? 'only members who are not active'
        : 'no member',
    remedy: `Put somebody into the group "${adminGroup}" in authentik. Where an administrator of the gateway signs in with the e-mail address known there already, allowLockout does without.`,
  };
}

/** Members alone do not help where the bindings of the application keep them out. */
function whetherLetIn(input: CheckInput, members: Member[]): Finding {
  const { desired } = input;
  const { adminGroup } = desired.gateway;
  const count = `${members.length} active member${
    members.length > 1 ? 's' : ''
  } of "${adminGroup}"`;
  const access = members.map(member => accessOf(input, member));
  if (access.includes('yes')) {
    return { status: 'pass', actual: count, link: linkToGroups(desired) };
  }
  const advice = {
    expected: `an active member of "${adminGroup}" who may use the application`,
    remedy: `Bind the group "${adminGroup}" to the application "${desired.application.slug}" with the software template, or take away the binding that keeps it out.`,
    link: desired.application.adminUrl,
  };
  if (!access.includes('unknown')) {
    return {
      status: 'fail',
      ...advice,
      actual: `${count}, and the bindings of the application keep everyone of them out`,
    };
  }
  // A group may have members by way of other groups, so that this is a suspicion only.
  return knowsGroups(input, members)
    ? {
        status: 'warn',
        ...advice,
        actual: `${count}; the application is bound to other groups, and the one who was looked at is in none of them`,
      }
    : {
        status: 'pass',
        actual: `${count}; whether the bindings of the application let them in cannot be told from here`,
        link: linkToGroups(desired),
      };
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
  // What cannot be seen is the business of other checks.
  if (!application.ok || !application.value || !bindings.ok) {
    return 'yes';
  }
  const preview = claims.ok ? claims.value : undefined;
  const told =
    preview?.username === member.username ? preview.claims.groups : [];
  return accessByBindings(bindings.value, application.value, {
    pk: member.pk,
    groups: [
      desired.gateway.adminGroup,
      ...(Array.isArray(told) ? told.map(String) : []),
    ],
  });
}

function linkToGroups({ authentik }: CheckInput['desired']): string {
  return `${authentik.baseUrl}/if/admin/#/identity/groups`;
}
