import type { GatewayLoginUrl } from '../../hoop/types';
import type {
  AuthentikProvider,
  DiscoveryDocument,
} from '../../authentik/types';
import {
  skipped,
  withValue,
  type CheckDefinition,
  type CheckInput,
} from './check';
import { shownObservedId } from './shownId';
import { withProvider } from './withProvider';

/** @internal */
export const loginUrl: CheckDefinition = {
  id: 'sign-in.login-url',
  system: 'sign-in',
  title: 'hoop login leads to this application',
  why: 'The address that `hoop login` opens shows which application, redirect URI and scopes the gateway really uses.',
  mend: 'Run the software template again. A wrong redirect URI comes from API_URL of the gateway, which must be its public URL without a path.',
  preflight: false,
  run: input => {
    const observation = input.observed.gateway.loginUrl;
    return observation
      ? withProvider(input, provider =>
          withValue(observation, found =>
            withValue(input.observed.authentik.discovery, document => {
              const wrong = differences(found, input, provider, document);
              return wrong.length === 0
                ? { status: 'pass', actual: found.endpoint }
                : {
                    status: 'fail',
                    expected: wrong
                      .map(({ what, expected }) => `${what} ${expected}`)
                      .join(', '),
                    actual: wrong
                      .map(
                        ({ what, actual }) => `${what} ${actual ?? '(unset)'}`,
                      )
                      .join(', '),
                    remedy:
                      "Run the software template again. A wrong redirect URI comes from the gateway's API_URL, which must be its public URL without a path.",
                  };
            }),
          ),
        )
      : skipped('only asked for when a sign-in is verified');
  },
};

function differences(
  found: GatewayLoginUrl,
  { desired, observed }: CheckInput,
  provider: AuthentikProvider,
  document: DiscoveryDocument | undefined,
) {
  const missingScopes = desired.scopes.filter(
    scope => !found.scopes.includes(scope),
  );
  return [
    {
      what: 'endpoint',
      expected:
        document?.authorizationEndpoint ??
        `${desired.authentik.baseUrl}/application/o/authorize/`,
      actual: found.endpoint,
    },
    {
      what: 'client id',
      expected: provider.clientId,
      // Where somebody swapped the two, the gateway sends the client secret.
      actual: shownObservedId(found.clientId, observed),
    },
    {
      what: 'redirect URI',
      expected: desired.redirectUri,
      actual: found.redirectUri,
    },
    { what: 'response type', expected: 'code', actual: found.responseType },
    {
      what: 'scopes',
      expected: missingScopes.length > 0 ? desired.scopes.join(' ') : 'all',
      actual: missingScopes.length > 0 ? found.scopes.join(' ') : 'all',
    },
  ].filter(({ expected, actual }) => expected !== actual);
}
