import type { GatewayLoginUrl } from '../../systems/hoop/types';
import type {
  AuthentikProvider,
  DiscoveryDocument,
  LoginPageProbe,
} from '../../systems/authentik/types';
import { REQUIRED_SCOPES } from '../../application';
import { shownSetting } from '../../core';
import type { SignInProof } from '../../systems/signIn';
import { authorizeUrlOf } from '../desired';
import {
  pass,
  skipped,
  withAuthentik,
  withGateway,
  withProvider,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';
import { authMethod } from './gateway';
import { shownObservedId } from './settingValues';

/** The state that the gateway sends is one, whatever its version. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const BY_PROXY =
  'Make the proxy in front of authentik pass on Host and X-Forwarded-Proto and let /application/o/ and /if/flow/ through without a login of its own, and set baseUrl of the instance in app-config to its public URL.';

/** @internal */
export const loginUrl: CheckDefinition = {
  id: 'sign-in.login-url',
  system: 'sign-in',
  title: 'hoop login leads to the login page for this application',
  why: 'The address that `hoop login` opens shows which application, redirect URI and scopes the gateway uses; the answer at that address shows whether people can sign in.',
  remedy:
    'Run the software template again. A wrong redirect URI comes from API_URL of the gateway, which must be its public URL without a path. Where authentik shows no login page, give its brand an authentication flow; where another site answers, check the proxy in front of authentik.',
  preflight: false,
  run: input => {
    const { gateway } = input.observed;
    // A gateway that does not use authentik gives out no address; another check says so.
    if (gateway.loginUrl && !gateway.loginUrl.ok) {
      if (authMethod.run(input).status === 'fail') {
        return skipped('the gateway does not use OpenID Connect');
      }
      if (gateway.oidcLoaded.ok && !gateway.oidcLoaded.value) {
        return skipped('the gateway has not loaded authentik');
      }
    }
    return withGateway(
      input,
      'loginUrl',
      found =>
        withProvider(input, provider =>
          withAuthentik(input, 'discovery', document => {
            const wrong = differences(found, input, provider, document);
            if (wrong.length > 0) {
              return wrongAddress(wrong);
            }
            const finding = findOnPage(found, input);
            return finding.status === 'pass'
              ? withExtraScopes(finding, found, input)
              : finding;
          }),
        ),
      'only asked for when a sign-in is verified',
    );
  },
};

interface Difference {
  what: string;
  expected: string;
  actual: string;
}

function wrongAddress(wrong: readonly Difference[]): Finding {
  const expected = wrong.map(one => `${one.what} ${one.expected}`).join(', ');
  const actual = wrong.map(one => `${one.what} ${one.actual}`).join(', ');
  const stateAlone = wrong.every(({ what }) => what === 'state');
  return {
    status: 'fail',
    expected,
    actual,
    params: { case: stateAlone ? 'state' : 'address', expected, found: actual },
    ...(stateAlone
      ? {
          remedy:
            'Check what stands between this backend and the gateway: the gateway itself sends a UUID.',
        }
      : {
          remedy:
            "Run the software template again. A wrong redirect URI comes from the gateway's API_URL, which must be its public URL without a path.",
          fix: { action: 'repair' },
        }),
  };
}

function differences(
  found: GatewayLoginUrl,
  { desired, observed }: CheckInput,
  provider: AuthentikProvider,
  document: DiscoveryDocument | undefined,
): Difference[] {
  const shown = (key: string, value: string | undefined, expected: string) =>
    shownSetting(key, value, [expected], String);
  const endpoint = document?.authorizationEndpoint ?? authorizeUrlOf(desired);
  const missingScopes = REQUIRED_SCOPES.filter(
    scope => !found.scopes.includes(scope),
  );
  return [
    {
      what: 'endpoint',
      expected: endpoint,
      actual: shown('IDP_ISSUER', found.endpoint, endpoint),
    },
    {
      what: 'client id',
      expected: provider.clientId,
      // Where the two were swapped, the gateway sends the client secret.
      actual: shownObservedId(found.clientId, observed),
    },
    {
      what: 'redirect URI',
      expected: desired.redirectUri,
      actual: shown('API_URL', found.redirectUri, desired.redirectUri),
    },
    {
      what: 'response type',
      expected: 'code',
      actual: shown('', found.responseType, 'code'),
    },
    {
      what: 'scopes',
      expected: missingScopes.length > 0 ? REQUIRED_SCOPES.join(' ') : 'all',
      actual:
        missingScopes.length > 0
          ? shown('IDP_CUSTOM_SCOPES', found.scopes.join(' '), '')
          : 'all',
    },
    { what: 'state', expected: 'a UUID', actual: describeState(found.state) },
  ].filter(one => one.expected !== one.actual);
}

/** The scopes beside the required ones are those of `IDP_CUSTOM_SCOPES`, which nothing here writes. */
function withExtraScopes(
  finding: Finding,
  { scopes }: GatewayLoginUrl,
  { desired }: CheckInput,
): Finding {
  const missing = desired.scopes.filter(scope => !scopes.includes(scope));
  const expected = `scopes ${desired.scopes.join(' ')}`;
  const extra = desired.scopes.filter(
    scope => !(REQUIRED_SCOPES as readonly string[]).includes(scope),
  );
  return missing.length === 0
    ? finding
    : {
        status: 'warn',
        expected,
        actual: `scopes without ${missing.join(', ')}`,
        remedy: `Set IDP_CUSTOM_SCOPES=${extra.join(
          ',',
        )} where the gateway reads its settings, then restart it.`,
        params: { case: 'scopes', expected, found: missing.join(', ') },
      };
}

function describeState(state: string | undefined): string {
  if (!state) {
    return '(unset)';
  }
  return UUID.test(state) ? 'a UUID' : 'another value';
}

/** The answer at an address that is right. */
function findOnPage({ endpoint }: GatewayLoginUrl, input: CheckInput): Finding {
  const { desired } = input;
  const own = authorizeUrlOf(desired);
  if (endpoint !== own) {
    // It is what authentik says of itself, and still not where it is.
    return {
      status: 'fail',
      expected: `endpoint ${own}`,
      actual: `endpoint ${endpoint}`,
      remedy: BY_PROXY,
      params: { case: 'endpoint', expected: own, found: endpoint },
    };
  }
  return withGateway(
    input,
    'loginPage',
    page =>
      page.outcome === 'login-page'
        ? pass(endpoint)
        : {
            status: 'fail',
            expected: `the login page of ${desired.authentik.baseUrl}`,
            ...objection(page, desired),
          },
    'not opened while the provider has no redirect URI',
  );
}

type Failing = Extract<Finding, { status: 'fail' | 'warn' }>;

function objection(
  page: Exclude<LoginPageProbe, { outcome: 'login-page' }>,
  { application }: CheckInput['desired'],
): Omit<Failing, 'status' | 'expected'> {
  switch (page.outcome) {
    case 'no-login-page':
      return {
        actual: 'no page (404): authentik has no flow to sign people in with',
        remedy:
          'Choose an authentication flow for the brand in authentik under System > Brands.',
        params: { case: 'no-flow' },
      };
    case 'elsewhere':
      return {
        actual: `a redirect to ${page.place}`,
        remedy: BY_PROXY,
        params: { case: 'elsewhere', place: page.place },
      };
    default: {
      const actual =
        page.outcome === 'error'
          ? `error ${page.error}`
          : page.outcome.replaceAll('-', ' ');
      return {
        actual,
        remedy:
          'Run the software template again: it corrects the redirect URI and the grant types.',
        link: application.adminUrl,
        params: { case: 'refused', found: actual },
        fix: { action: 'repair' },
      };
    }
  }
}

/** @internal */
export const testAccount: CheckDefinition = {
  id: 'sign-in.test-account',
  system: 'sign-in',
  title: 'Test account signs in',
  why: 'Only a complete sign-in proves that the gateway accepts what authentik issues.',
  remedy: 'Follow what the finding says of the step that failed.',
  preflight: false,
  run: input =>
    withGateway(
      input,
      'signIn',
      proof => findInProof(proof, input.desired.application.adminUrl),
      'no test account is configured, or no sign-in was asked for',
    ),
};

function findInProof(proof: SignInProof, link: string): Finding {
  switch (proof.outcome) {
    case 'signed-in': {
      const groups = proof.groups.join(', ') || 'none';
      return pass(
        `the gateway issued a token; groups: ${groups}${
          proof.isAdmin ? '; administrator' : ''
        }`,
        { params: { groups } },
      );
    }
    case 'refused':
      return {
        status: 'fail',
        expected: 'a token of the gateway',
        actual: `${proof.by} refuses it: ${proof.reason}`,
        remedy:
          proof.by === 'authentik'
            ? 'Check the test account of the gateway in app-config, and that a binding of the application admits it.'
            : 'Read the log of the gateway. It also refuses a user that is not active there.',
        link,
        params: { case: proof.by, reason: proof.reason },
      };
    case 'unsupported':
      return {
        // Nothing is wrong with the integration or out of reach.
        status: 'warn',
        expected: 'username, password and at most a consent',
        actual: `authentik asks for ${proof.stage}`,
        remedy:
          'Exempt the test account from further steps of the authentication flow by a policy, or remove it from app-config.',
        params: { stage: proof.stage },
      };
    default:
      return skipped(proof.reason);
  }
}
