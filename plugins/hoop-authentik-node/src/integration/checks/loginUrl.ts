import type { GatewayLoginUrl } from '../../systems/hoop/types';
import type {
  AuthentikProvider,
  DiscoveryDocument,
  LoginPageProbe,
} from '../../systems/authentik/types';
import { authorizeUrlOf } from '../desired';
import {
  skipped,
  withValue,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';
import { shownObservedId } from './shownId';
import { withProvider } from './withProvider';

/** The gateway's state is one, whatever its version. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const BY_PROXY =
  'Make the proxy in front of authentik pass on Host and X-Forwarded-Proto and let /application/o/ and /if/flow/ through without a login of its own, and set baseUrl of the instance in app-config to its public URL.';

/** @internal */
export const loginUrl: CheckDefinition = {
  id: 'sign-in.login-url',
  system: 'sign-in',
  title: 'hoop login leads to the login page for this application',
  why: 'The address that `hoop login` opens shows which application, redirect URI and scopes the gateway really uses, and what answers there whether anybody can sign in.',
  mend: 'Run the software template again. A wrong redirect URI comes from API_URL of the gateway, which must be its public URL without a path. Where authentik shows no login page, give its brand an authentication flow; where another site answers, look at the proxy in front of authentik.',
  preflight: false,
  run: input => {
    const observation = input.observed.gateway.loginUrl;
    return observation
      ? withProvider(input, provider =>
          withValue(observation, found =>
            withValue(input.observed.authentik.discovery, document => {
              const wrong = differences(found, input, provider, document);
              return wrong.length === 0
                ? findOnPage(found, input)
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
                    remedy: wrong.every(({ what }) => what === 'state')
                      ? 'Look at what stands between this backend and the gateway: the gateway itself sends a UUID.'
                      : "Run the software template again. A wrong redirect URI comes from the gateway's API_URL, which must be its public URL without a path.",
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
      expected: document?.authorizationEndpoint ?? authorizeUrlOf(desired),
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
    { what: 'state', expected: 'a UUID', actual: describeState(found.state) },
  ].filter(({ expected, actual }) => expected !== actual);
}

function describeState(state: string | undefined): string | undefined {
  return state && (UUID.test(state) ? 'a UUID' : 'something else');
}

/** What is answered at an address that is as it should be. */
function findOnPage(
  { endpoint }: GatewayLoginUrl,
  { desired, observed }: CheckInput,
): Finding {
  const expected = `the login page of ${desired.authentik.baseUrl}`;
  const own = authorizeUrlOf(desired);
  if (endpoint !== own) {
    // It is what authentik says of itself, and still not where it is.
    return {
      status: 'fail',
      expected: `endpoint ${own}`,
      actual: `endpoint ${endpoint}`,
      remedy: BY_PROXY,
    };
  }
  const { loginPage } = observed.gateway;
  return loginPage
    ? withValue(loginPage, page =>
        page.outcome === 'login-page'
          ? { status: 'pass', actual: endpoint }
          : { status: 'fail', expected, ...objection(page, desired) },
      )
    : skipped('not opened while the provider has no redirect URI');
}

function objection(
  page: Exclude<LoginPageProbe, { outcome: 'login-page' }>,
  { application }: CheckInput['desired'],
): Pick<Finding, 'actual' | 'remedy' | 'link'> {
  switch (page.outcome) {
    case 'no-login-page':
      return {
        actual: 'no page (404): authentik has no flow to sign people in with',
        remedy:
          'Choose an authentication flow for the brand in authentik under System > Brands.',
      };
    case 'elsewhere':
      return { actual: `a redirect to ${page.place}`, remedy: BY_PROXY };
    default:
      return {
        actual:
          page.outcome === 'error'
            ? `error ${page.error}`
            : page.outcome.replaceAll('-', ' '),
        remedy:
          'Run the software template again: it puts the redirect URI and the grant types right.',
        link: application.adminUrl,
      };
  }
}
