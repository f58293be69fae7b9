import {
  pass,
  skipped,
  withAuthentik,
  withProvider,
  type CheckDefinition,
  type Finding,
} from './check';

const PER_PROVIDER = 'per_provider';

/** @internal */
export const issuerMode: CheckDefinition = {
  id: 'authentik.issuer-mode',
  system: 'authentik',
  title: 'Issuer is that of the application',
  why: "With the issuer of the whole authentik instead of the application's, the gateway does not start.",
  remedy:
    'Run the software template again: it sets the issuer mode to per_provider.',
  preflight: true,
  run: input =>
    withProvider(input, provider =>
      provider.issuerMode === PER_PROVIDER
        ? pass(PER_PROVIDER)
        : withAuthentik(input, 'discovery', document => {
            const issuer = document?.issuer ?? 'no issuer';
            return issuer === input.desired.issuer
              ? pass(provider.issuerMode)
              : {
                  status: 'fail',
                  expected: `${PER_PROVIDER}: ${input.desired.issuer}`,
                  actual: `${provider.issuerMode}: ${issuer}`,
                  remedy:
                    'Run the software template again: it sets the issuer mode of the provider to per_provider.',
                  link: input.desired.application.adminUrl,
                  params: {
                    issuer: input.desired.issuer,
                    mode: provider.issuerMode,
                    found: issuer,
                  },
                  fix: { action: 'repair' },
                };
          }),
    ),
};

/** @internal */
export const discovery: CheckDefinition = {
  id: 'authentik.discovery',
  system: 'authentik',
  title: 'Discovery document has the exact issuer and usable keys',
  why: 'The gateway compares the issuer byte for byte and downloads the keys when it starts: it does not start when they differ or are missing.',
  remedy:
    'Set baseUrl of the authentik instance in app-config to its public URL, and run the software template again.',
  preflight: true,
  run: input =>
    withProvider(input, () =>
      withAuthentik(input, 'discovery', document => {
        const { issuer, application } = input.desired;
        const expected = `issuer ${issuer}`;
        const link = application.adminUrl;
        if (!document) {
          return {
            status: 'fail',
            expected,
            actual: 'no discovery document (404)',
            remedy:
              'Check that baseUrl of the authentik instance in app-config is its public URL.',
            link,
            params: { case: 'none', issuer },
          };
        }
        if (document.issuer !== issuer) {
          return {
            status: 'fail',
            expected,
            actual: `issuer ${document.issuer}`,
            remedy:
              'Set the issuer mode of the provider to per_provider, and baseUrl in app-config to the public URL of authentik.',
            link,
            params: { case: 'issuer', issuer, found: document.issuer },
          };
        }
        const algorithms = document.idTokenSigningAlgorithms;
        const withoutKey = (
          wanted: string,
          actual: string,
          reason: string,
        ): Finding => ({
          status: 'fail',
          expected: wanted,
          actual,
          remedy: 'Run the software template again: it sets a signing key.',
          link,
          params: { case: reason },
          fix: { action: 'repair' },
        });
        if (algorithms.includes('HS256')) {
          return withoutKey(
            'an asymmetric signing algorithm',
            'HS256',
            'algorithm',
          );
        }
        return withAuthentik(input, 'keys', keys =>
          keys.length > 0
            ? pass(
                `${document.issuer}, ${algorithms.join(', ')}, ${
                  keys.length
                } key${keys.length > 1 ? 's' : ''}`,
                { expected, params: { issuer, count: keys.length } },
              )
            : withoutKey('at least one published key', 'none', 'keys'),
        );
      }),
    ),
};

/** @internal */
export const authorize: CheckDefinition = {
  id: 'authentik.authorize',
  system: 'authentik',
  title: 'authentik accepts an authorize request of the gateway',
  why: 'authentik refuses a sign-in before it shows the login page when the client, the redirect URI or the grant type is not the one it knows.',
  remedy:
    'Run the software template again: it corrects the redirect URI and the grant types.',
  preflight: true,
  run: input =>
    withProvider(input, () =>
      withAuthentik(input, 'authorize', probe => {
        if (!probe) {
          return skipped('not probed while the provider has no redirect URI');
        }
        if (probe.outcome === 'accepted') {
          return pass('accepted');
        }
        const { redirectUri, application } = input.desired;
        const actual =
          probe.outcome === 'error'
            ? `error ${probe.error}`
            : probe.outcome.replaceAll('-', ' ');
        return {
          status: 'fail',
          expected: `the client and ${redirectUri} are accepted`,
          actual,
          remedy:
            'Run the software template again: it corrects the redirect URI and the grant types.',
          link: application.adminUrl,
          params: { redirectUri, found: actual },
          fix: { action: 'repair' },
        };
      }),
    ),
};
