import { withValue, type CheckDefinition } from './check';
import { withSigningKey } from './signingKey';

/** A provider keeps a usable key, also where app-config prefers another one for new providers. */
const MEND =
  'Generate a certificate for this application in authentik. Name it as "Signing key" of the software template, or as signingKey of the action authentik:application:ensure, and restart the gateway, which takes up to half an hour to learn of another key.';

/** @internal */
export const signingKeyShared: CheckDefinition = {
  id: 'authentik.signingKeyShared',
  system: 'authentik',
  title: 'Signing key belongs to this application alone',
  why: 'The gateway checks the signature of an access token and not for whom it was issued, so that it accepts those of every application that signs with the same key.',
  mend: MEND,
  preflight: false,
  run: input =>
    withSigningKey(input, (_, provider) =>
      withValue(input.observed.authentik.keyUses, uses => {
        const others = new Set(
          uses
            .filter(
              ({ model, pk }) =>
                model === 'oauth2provider' && pk !== `${provider.pk}`,
            )
            .map(({ pk }) => pk),
        ).size;
        return others === 0
          ? { status: 'pass', actual: 'no other provider uses it' }
          : {
              status: 'warn',
              expected: 'no other provider uses it',
              actual: `${others} other${others > 1 ? 's do' : ' does'}`,
              remedy: MEND,
              link: input.desired.application.adminUrl,
            };
      }),
    ),
};
