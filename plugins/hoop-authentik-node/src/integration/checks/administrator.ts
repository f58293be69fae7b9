import { withValue, type CheckDefinition } from './check';

/** @internal */
export const administrator: CheckDefinition = {
  id: 'sign-in.administrator',
  system: 'sign-in',
  title: 'Somebody will administer the gateway',
  why: 'After the switch only members of the admin group, and people whom the gateway knows already by their e-mail address, administer the gateway. An empty or misspelt group can leave nobody.',
  mend: 'Put somebody into the group, set adminGroup in app-config to its exact name, or accept it with allowLockout.',
  preflight: true,
  lockout: true,
  run: ({ desired, observed }) =>
    withValue(observed.authentik.adminGroup, group => {
      const { adminGroup } = desired.gateway;
      const active = group?.members.filter(({ isActive }) => isActive) ?? [];
      const advice = {
        expected: `a group "${adminGroup}" in authentik with an active member`,
        link: `${desired.authentik.baseUrl}/if/admin/#/identity/groups`,
      };
      if (active.length > 0) {
        return {
          status: 'pass',
          actual: `${active.length} active member${
            active.length > 1 ? 's' : ''
          } of "${adminGroup}"`,
          link: advice.link,
        };
      }
      return group
        ? {
            status: 'fail',
            ...advice,
            actual:
              group.members.length > 0
                ? 'only members who are not active'
                : 'no member',
            remedy: `Put somebody into the group "${adminGroup}" in authentik. Where an administrator of the gateway signs in with the e-mail address known there already, allowLockout does without.`,
          }
        : {
            status: 'fail',
            ...advice,
            actual: 'no such group',
            remedy: `Make the group "${adminGroup}" in authentik with a member, or set adminGroup of the gateway in app-config to the name of the group that administers it. Upper and lower case differ.`,
          };
    }),
};
