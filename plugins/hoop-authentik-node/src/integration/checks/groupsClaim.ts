import { GROUPS_CLAIM } from '../desired';
import type { CheckDefinition } from './check';
import { withClaims } from './withClaims';

/** @internal */
export const groupsClaim: CheckDefinition = {
  id: 'authentik.groupsClaim',
  system: 'authentik',
  title: 'Groups are told in the claim that the gateway reads',
  why: 'The gateway learns who is administrator, and who may use which connection, from the groups in the id_token.',
  mend: 'Run the software template again: it maps the scope profile. A mapping of your own for it has to return the groups too.',
  preflight: true,
  run: input =>
    withClaims(input, ({ claims }) => {
      const found = claims[GROUPS_CLAIM];
      const expected = `the claim "${GROUPS_CLAIM}" with a list of names`;
      if (Array.isArray(found)) {
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
