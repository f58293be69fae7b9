import { skipped, withValue, type CheckDefinition } from './check';

/** @internal */
export const testAccount: CheckDefinition = {
  id: 'sign-in.testAccount',
  system: 'sign-in',
  title: 'The test account signs in',
  why: 'Only a sign-in up to the end proves that the gateway takes what authentik issues.',
  mend: 'Follow what the finding says of the step that failed.',
  preflight: false,
  run: ({ observed, desired }) => {
    const { signIn } = observed.gateway;
    return signIn
      ? withValue(signIn, proof => {
          switch (proof.outcome) {
            case 'signed-in':
              return {
                status: 'pass',
                actual: `the gateway issued a token; groups: ${
                  proof.groups.join(', ') || 'none'
                }${proof.isAdmin ? '; administrator' : ''}`,
              };
            case 'refused':
              return {
                status: 'fail',
                expected: 'a token of the gateway',
                actual: `${proof.by} does not let it in: ${proof.reason}`,
                remedy:
                  proof.by === 'authentik'
                    ? 'Check the test account of the gateway in app-config, and that a binding of the application allows it.'
                    : 'Read the log of the gateway; a user that is not active there is refused, too.',
                link: desired.application.adminUrl,
              };
            case 'unsupported':
              return {
                // Nothing is wrong with the integration or out of reach.
                status: 'warn',
                expected: 'username, password and at most a consent',
                actual: `authentik asks for ${proof.stage}`,
                remedy:
                  'Exempt the test account from further steps of the authentication flow by a policy, or take it out of app-config.',
              };
            default:
              return skipped(proof.reason);
          }
        })
      : skipped('no test account is configured, or no sign-in was asked for');
  },
};
