import { GROUPS_CLAIM } from '../desired';
import type { CheckDefinition } from './check';
import { withClaims } from './withClaims';

/** @internal */
export const groupsClaim: CheckDefinition = {
  id: 'authentik.groupsClaim',
  system: 'authentik',
  title: 'Groups are told in the claim that the gateway reads',
  why: 'The gateway learns who is administrator, and who may use which connection, from the groups in the id_token.',
  mend: 'Run the software template again: it maps the scope profile. A mapping of your own for it has to return the names of all groups too.',
  preflight: true,
  run: input =>
    withClaims(input, ({ username, claims }) => {
      const found = claims[GROUPS_CLAIM];
      const expected = `the claim "${GROUPS_CLAIM}" with a list of names`;
      const { adminGroup } = input.desired.gateway;
      if (Array.isArray(found)) {
        // Of our own account nothing is known; somebody who was picked for being a member has to have the group.
        if (username !== undefined && !found.includes(adminGroup)) {
          return {
            status: 'fail',
            expected: `the claim "${GROUPS_CLAIM}" of "${username}" with "${adminGroup}", whose member they are`,
            actual:
              found.length > 0
                ? `${found.length} others, without "${adminGroup}"`
                : 'an empty list',
            remedy: `Correct the property mapping of the scope profile: it has to return the names of all groups of a user, byte for byte.`,
            link: input.desired.application.adminUrl,
          };
        }
        return { status: 'pass', actual: `the claim "${GROUPS_CLAIM}"` };
      }
      return {
        status: 'fail',
        expected,
        actual:
          found === undefined || found === null
            ? `no such claim among ${Object.keys(claims).join(', ')}`
            : `a claim that is no list but ${typeof found}`,
        remedy:
          'Run the software template again: it maps the scope profile, which tells the groups. A mapping of your own for it has to return them too.',
        link: input.desired.application.adminUrl,
      };
    }),
};
