import { withValue, type CheckDefinition } from './check';
import { withProvider } from './withProvider';

/** @internal */
export const clientSecret: CheckDefinition = {
  id: 'authentik.client-secret',
  system: 'authentik',
  title: 'authentik accepts the client secret',
  why: 'The gateway exchanges a code for tokens with its client secret; with an empty or refused one no sign-in completes.',
  mend: 'Set a new client secret of letters and digits in authentik, then run the software template again.',
  preflight: true,
  run: input =>
    withProvider(input, provider =>
      withValue(input.observed.authentik.clientSecret, accepted =>
        accepted && !provider.clientSecret.isEmpty
          ? { status: 'pass', actual: 'accepted' }
          : {
              status: 'fail',
              expected: 'the client authenticates with its secret',
              actual: provider.clientSecret.isEmpty
                ? 'the secret is empty'
                : 'refused',
              remedy:
                'Set a new client secret of letters and digits in authentik, then run the software template again.',
              link: input.desired.application.adminUrl,
            },
      ),
    ),
};
