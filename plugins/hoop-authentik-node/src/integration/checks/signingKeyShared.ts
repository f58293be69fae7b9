import { withValue, type CheckDefinition } from './check';
import { withSigningKey } from './signingKey';

/** @internal */
export const signingKeyShared: CheckDefinition = {
  id: 'authentik.signingKeyShared',
  system: 'authentik',
  title: 'Signing key belongs to this application alone',
  why: 'The gateway checks the signature of an access token and not for whom it was issued, so that it accepts those of every application that signs with the same key.',
  mend: 'Generate a certificate for this application, and name it under signingKey of the authentik instance in app-config.',
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
              remedy:
                'Generate a certificate for this application in authentik, and name it under signingKey of the authentik instance in app-config: the gateway accepts access tokens of every application that signs with the same key.',
              link: input.desired.application.adminUrl,
            };
      }),
    ),
};
