import { skipped, withValue, type CheckDefinition } from './check';

/** @internal */
export const discovery: CheckDefinition = {
  id: 'authentik.discovery',
  system: 'authentik',
  title: 'Discovery document has the exact issuer and usable keys',
  why: 'The gateway compares the issuer byte for byte and downloads the keys when it starts: it does not start when they differ or are missing.',
  mend: 'Set baseUrl of the authentik instance in app-config to its public URL, and run the software template again.',
  preflight: true,
  run: ({ desired, observed }) =>
    withValue(observed.authentik.provider, provider =>
      provider
        ? withValue(observed.authentik.discovery, document => {
            const expected = `issuer ${desired.issuer}`;
            const link = desired.application.adminUrl;
            if (!document) {
              return {
                status: 'fail',
                expected,
                actual: 'no discovery document (404)',
                remedy:
                  'Check that baseUrl of the authentik instance in app-config is its public URL.',
                link,
              };
            }
            if (document.issuer !== desired.issuer) {
              // The gateway compares byte for byte and does not start when they differ.
              return {
                status: 'fail',
                expected,
                actual: `issuer ${document.issuer}`,
                remedy:
                  'Set the issuer mode of the provider to per_provider, and baseUrl in app-config to the public URL of authentik.',
                link,
              };
            }
            if (document.idTokenSigningAlgorithms.includes('HS256')) {
              return {
                status: 'fail',
                expected: 'an asymmetric signing algorithm',
                actual: 'HS256',
                remedy:
                  'Run the software template again: it sets a signing key.',
                link,
              };
            }
            return withValue(observed.authentik.keys, keys =>
              keys.length > 0
                ? {
                    status: 'pass',
                    expected,
                    actual: `${
                      document.issuer
                    }, ${document.idTokenSigningAlgorithms.join(', ')}, ${
                      keys.length
                    } key${keys.length > 1 ? 's' : ''}`,
                  }
                : {
                    status: 'fail',
                    expected: 'at least one published key',
                    actual: 'none',
                    remedy:
                      'Run the software template again: it sets a signing key.',
                    link,
                  },
            );
          })
        : skipped('there is no OAuth2/OpenID provider yet'),
    ),
};
