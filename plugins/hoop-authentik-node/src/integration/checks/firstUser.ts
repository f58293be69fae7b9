import { withValue, type CheckDefinition } from './check';

/** @internal */
export const firstUser: CheckDefinition = {
  id: 'sign-in.firstUser',
  system: 'sign-in',
  title: 'Nobody becomes administrator by signing in first',
  preflight: false,
  run: ({ desired, observed }) =>
    withValue(observed.gateway.info, ({ setupRequired }) =>
      setupRequired
        ? {
            status: 'warn',
            expected: 'a gateway with a user',
            actual:
              'a gateway without any: the first who signs in administers it',
            remedy: `Let the intended administrator sign in first, before the address ${desired.gateway.url} is made known.`,
            link: desired.gateway.url,
          }
        : { status: 'pass', actual: 'the gateway has users' },
    ),
};
