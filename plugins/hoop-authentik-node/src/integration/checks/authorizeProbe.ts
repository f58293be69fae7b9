import { skipped, withValue, type CheckDefinition } from './check';
import { withProvider } from './withProvider';

/** @internal */
export const authorizeProbe: CheckDefinition = {
  id: 'authentik.authorize',
  system: 'authentik',
  title: 'authentik accepts an authorize request of the gateway',
  why: 'authentik refuses a sign-in before anybody sees its login page when the client, the redirect URI or the grant type is not as it knows them.',
  mend: 'Run the software template again: it puts the redirect URI and the grant types right.',
  preflight: true,
  run: input =>
    withProvider(input, () =>
      withValue(input.observed.authentik.authorize, probe => {
        if (!probe) {
          return skipped('not probed while the provider has no redirect URI');
        }
        if (probe.outcome === 'accepted') {
          return { status: 'pass', actual: 'accepted' };
        }
        return {
          status: 'fail',
          expected: `the client and ${input.desired.redirectUri} are accepted`,
          actual:
            probe.outcome === 'error'
              ? `error ${probe.error}`
              : probe.outcome.replaceAll('-', ' '),
          remedy:
            'Run the software template again: it puts the redirect URI and the grant types right.',
          link: input.desired.application.adminUrl,
        };
      }),
    ),
};
