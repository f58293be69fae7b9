import { skipped, withValue, type CheckDefinition } from './check';

/** @internal */
export const firstUser: CheckDefinition = {
  id: 'sign-in.firstUser',
  system: 'sign-in',
  title: 'Nobody becomes administrator by signing in first',
  why: 'The first person who signs in to a gateway without users becomes its administrator, whoever that is. Where it has users already, they keep their groups if their e-mail address in authentik is the same in lower case; otherwise they become new users without rights.',
  mend: 'Let the intended administrator sign in first.',
  preflight: false,
  run: ({ desired, observed }) =>
    withValue(observed.gateway.info, ({ setupRequired }) => {
      if (setupRequired === undefined) {
        return skipped(
          'gateways before 1.59.2 do not tell whether they have users',
        );
      }
      return setupRequired
        ? {
            status: 'warn',
            expected: 'a gateway with a user',
            actual:
              'a gateway without any: the first who signs in administers it',
            remedy: `Let the intended administrator sign in first, before the address ${desired.gateway.url} is made known.`,
            link: desired.gateway.url,
          }
        : { status: 'pass', actual: 'the gateway has users' };
    }),
};
