import type { CheckDefinition } from './check';
import { withClaims } from './withClaims';

/** @internal */
export const emailClaim: CheckDefinition = {
  id: 'authentik.emailClaim',
  system: 'authentik',
  title: 'E-mail address is told',
  why: 'The gateway tells people apart by their e-mail address alone: everybody without one is the same person to it.',
  mend: 'Run the software template again: it maps the scope email. Give everybody who signs in an e-mail address.',
  preflight: true,
  run: input =>
    withClaims(input, ({ username, claims }) => {
      const link = input.desired.application.adminUrl;
      if (typeof claims.email !== 'string') {
        return {
          status: 'fail',
          expected: 'the claim "email"',
          actual: `no such claim among ${Object.keys(claims).join(', ')}`,
          remedy:
            'Run the software template again: it maps the scope email. The gateway tells people apart by their e-mail address alone.',
          link,
        };
      }
      return username !== undefined && claims.email.trim() === ''
        ? {
            status: 'warn',
            expected: 'an e-mail address',
            actual: `"${username}" has none`,
            remedy:
              'Give the user an e-mail address in authentik: the gateway takes everybody without one for the same person.',
            link,
          }
        : { status: 'pass', actual: 'the claim "email"' };
    }),
};
