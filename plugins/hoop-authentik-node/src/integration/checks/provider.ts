import { OAUTH2_PROVIDER_MODEL } from '../../application';
import { skipped, withValue, type CheckDefinition } from './check';

/** @internal */
export const provider: CheckDefinition = {
  id: 'authentik.provider',
  system: 'authentik',
  title: 'Provider is OAuth2/OpenID, confidential, with readable claims',
  why: 'The gateway reads its claims from the id_token of a confidential OAuth2/OpenID client; any other provider makes it fail at sign-in.',
  mend: 'Run the software template again: it puts the provider right, or names the one that is in the way.',
  preflight: true,
  run: ({ desired, observed }) =>
    withValue(observed.authentik.application, application => {
      if (!application) {
        return skipped('there is no application yet');
      }
      const expected =
        'a confidential OAuth2/OpenID provider that puts its claims into the id_token';
      const link = desired.application.adminUrl;
      if (application.providerModel !== OAUTH2_PROVIDER_MODEL) {
        return {
          status: 'fail',
          expected,
          actual: application.providerModel ?? 'no provider',
          remedy: application.providerModel
            ? 'Give the gateway an application of its own: another slug, or replace the provider in authentik.'
            : 'Connect the gateway with the software template, which joins a provider.',
          link,
        };
      }
      return withValue(observed.authentik.provider, found => {
        const objections = [
          ...(found?.clientType === 'confidential'
            ? []
            : [`client type ${found?.clientType}`]),
          ...(found?.includeClaimsInIdToken
            ? []
            : ['claims are left out of the id_token']),
        ];
        return objections.length === 0
          ? { status: 'pass', actual: found?.name, link }
          : {
              status: 'fail',
              expected,
              actual: objections.join(', '),
              remedy:
                'Run the software template again: it puts these fields right.',
              link,
            };
      });
    }),
};
