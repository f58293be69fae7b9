import {
  callbackOf,
  originOfApiUrl,
  parseUrl,
  pathOfApiUrl,
  SecretValue,
  shownSetting,
} from '../../core';
import type { TargetState } from '../../targets/types';
import { authentikOutage, causeTitle, isGatewayDown } from '../causes';
import {
  pass,
  skipped,
  withGateway,
  withTarget,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';

/** @internal */
export const gatewayReachable: CheckDefinition = {
  id: 'gateway.reachable',
  system: 'gateway',
  title: 'Gateway answers',
  why: 'Nothing about the gateway can be checked while it does not answer.',
  remedy:
    'Follow the problem that names the cause: make the gateway reachable for this backend at its url in app-config, or fix what keeps it from running.',
  preflight: false,
  run: input =>
    isGatewayDown(input.observed)
      ? {
          status: 'fail',
          expected: 'an answer of the gateway',
          actual: causeTitle('gateway.down'),
          remedy: 'Fix what keeps the gateway from running.',
          cause: 'gateway.down',
        }
      : withGateway(input, 'info', ({ version }) =>
          pass(
            version ? `version ${version}` : 'it does not report a version',
            {
              link: input.desired.gateway.url,
              ...(version ? { params: { version } } : {}),
            },
          ),
        ),
};

/** The first version that reads each of what the five settings need. */
const GROUPS_CLAIM_SINCE = [1, 35, 0];
const AUTH_METHOD_SINCE = [1, 38, 0];

/** @internal */
export const gatewayVersion: CheckDefinition = {
  id: 'gateway.version',
  system: 'gateway',
  title: 'Gateway version knows the settings',
  why: 'Older gateways read other settings or name them differently, so they may ignore what is written here.',
  remedy: 'Upgrade the gateway to the version that the finding names.',
  preflight: false,
  run: input =>
    withGateway(input, 'info', ({ version }) => {
      if (version === undefined) {
        return skipped(
          'the gateway, or a proxy in front of it, does not report a version',
        );
      }
      const found = numbersOf(version);
      if (!found) {
        return skipped(`${version} is no version with numbers`, { version });
      }
      const expected = '1.38.0 or newer';
      const advice = {
        expected,
        remedy:
          'Upgrade the gateway to 1.38.0 or newer: from that version on, it reads the settings that the guide gives.',
        params: { version },
      };
      if (isBefore(found, GROUPS_CLAIM_SINCE)) {
        return {
          status: 'fail',
          ...advice,
          actual: `${version}, which does not read IDP_GROUPS_CLAIM: groups never arrive`,
        };
      }
      return isBefore(found, AUTH_METHOD_SINCE)
        ? {
            status: 'warn',
            ...advice,
            actual: `${version}, which does not know AUTH_METHOD=oidc and falls back to the settings it finds`,
          }
        : pass(version, { expected, params: { version } });
    }),
};

/** A pre-release counts as the release it precedes: it already had the settings. */
function numbersOf(version: string): number[] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?!\d)/.exec(version);
  return match?.slice(1).map(Number);
}

function isBefore(version: number[], limit: number[]): boolean {
  const index = version.findIndex((part, at) => part !== limit[at]);
  return index !== -1 && version[index] < limit[index];
}

/** The URL the gateway assumes where nothing sets one. */
const DEFAULT_API_URL = 'http://127.0.0.1:8009';

/** @internal */
export const apiUrl: CheckDefinition = {
  id: 'gateway.api-url',
  system: 'gateway',
  title: "Gateway's API_URL is its public URL",
  why: 'The gateway builds its redirect URI from API_URL and drops a path in it; authentik then refuses every sign-in.',
  remedy:
    'Set API_URL to the public URL of the gateway, without a path, where it reads its settings, and restart it.',
  preflight: true,
  run: input =>
    input.observed.targetCapabilities.showsEnvironment
      ? withTarget(input, ({ state }) =>
          state.apiUrl ? stored(input, state.apiUrl) : shown(input),
        )
      : shown(input),
};

/** By the value that the container is given. */
function stored(
  { desired }: CheckInput,
  { value, source }: NonNullable<TargetState['apiUrl']>,
): Finding {
  if (value === undefined && source !== undefined) {
    return skipped(`only the running container knows it: ${source}`, {
      source,
    });
  }
  const { redirectUri } = desired;
  const wanted = desired.gateway.url;
  const text = value instanceof SecretValue ? value.reveal() : value ?? '';
  const place = source ? `set by ${source}` : 'in the environment';
  const wrong = (
    reason: string,
    actual: string,
    remedy: string,
    expected = `${wanted}, which gives the redirect URI ${redirectUri}`,
  ): Finding => ({
    status: 'fail',
    expected,
    actual,
    remedy,
    params: { case: reason, url: wanted, redirectUri, found: actual },
  });
  if (!text) {
    return DEFAULT_API_URL === wanted
      ? pass(`${DEFAULT_API_URL}, the default`)
      : wrong(
          'unset',
          `(unset) in the Deployment, which means ${DEFAULT_API_URL}`,
          `Set API_URL=${wanted} where the gateway reads its settings, then restart it.`,
        );
  }
  const origin = originOfApiUrl(text);
  if (origin === undefined) {
    return wrong(
      'no-url',
      // Not shown: what is no URL may be anything.
      `a value that is no http or https URL, ${place}`,
      `Set API_URL=${wanted} there, then restart the gateway.`,
    );
  }
  const path = pathOfApiUrl(text);
  const known = isSpellingOf(origin, wanted) ? `${origin}${path}` : wanted;
  const actual = `${shownSetting(
    'API_URL',
    `${origin}${path}`,
    [known],
    String,
  )}, ${place}`;
  if (path) {
    return wrong(
      'path',
      actual,
      `Serve the gateway at the root of its host and set API_URL=${wanted} there: it leaves the path out of the redirect URI, but answers only below it.`,
      `${wanted} without a path`,
    );
  }
  if (callbackOf(origin) === redirectUri) {
    return pass(actual);
  }
  return isSpellingOf(origin, wanted)
    ? wrong(
        'spelling',
        actual,
        `It is another spelling of the same address, and authentik compares the redirect URI byte for byte: set API_URL=${wanted} there and restart the gateway, or write url in app-config as API_URL is.`,
      )
    : wrong(
        'other',
        actual,
        `Set API_URL=${wanted} there and restart the gateway, or correct the url of the gateway in app-config.`,
      );
}

/** Whether both lead to the same host and port, however they are written. */
function isSpellingOf(origin: string, url: string): boolean {
  const found = hostOf(origin);
  return found !== undefined && found === hostOf(url);
}

/** As browsers see it; the dot that ends a name from the root makes no other host. */
function hostOf(text: string): string | undefined {
  const url = parseUrl(text);
  return (
    url && `${url.protocol}//${url.hostname.replace(/\.$/, '')}:${url.port}`
  );
}

/** By where the gateway sends people, where its target does not show the variable. */
function shown(input: CheckInput): Finding {
  const { gateway, redirectUri } = input.desired;
  return withGateway(
    input,
    'loginUrl',
    login => {
      if (login.redirectUri === redirectUri) {
        return pass(`redirect URI ${redirectUri}`, { params: { redirectUri } });
      }
      const found = shownSetting('API_URL', login.redirectUri, [], String);
      return {
        status: 'fail',
        expected: `redirect URI ${redirectUri}`,
        actual: `redirect URI ${found}`,
        remedy: `Set API_URL=${gateway.url} where the gateway reads its settings, then restart it.`,
        params: { case: 'shown', url: gateway.url, redirectUri, found },
      };
    },
    'the target does not show it; a verified sign-in does',
  );
}

/** `idp` is what the gateway calls `oidc` for older clients. */
const OIDC_METHODS = ['oidc', 'idp'];

/** @internal */
export const authMethod: CheckDefinition = {
  id: 'gateway.auth-method',
  system: 'gateway',
  title: 'Gateway signs people in with OpenID Connect',
  why: 'A gateway that is set to another method never sends anyone to authentik.',
  remedy:
    'Connect the gateway with the software template, which sets AUTH_METHOD and restarts it.',
  preflight: false,
  run: input =>
    withGateway(input, 'info', info =>
      OIDC_METHODS.includes(info.authMethod)
        ? pass(info.authMethod)
        : {
            status: 'fail',
            expected: 'oidc',
            actual: info.authMethod,
            remedy:
              'Run the software template. If the settings match already, restart the gateway; if that does not help, a configuration stored in the gateway overrides its environment.',
            params: { found: info.authMethod },
            fix: { action: 'connect' },
          },
    ),
};

/** @internal */
export const oidcLoaded: CheckDefinition = {
  id: 'gateway.oidc-loaded',
  system: 'gateway',
  title: 'Gateway has loaded authentik',
  why: 'A gateway that is set to OpenID Connect but has not loaded authentik refuses every sign-in.',
  remedy: 'Read the log of the gateway: it names what it could not load.',
  preflight: false,
  run: input =>
    withGateway(input, 'oidcLoaded', loaded => {
      if (loaded) {
        return pass();
      }
      if (authMethod.run(input).status !== 'pass') {
        return skipped('the gateway does not use OpenID Connect');
      }
      const outage = authentikOutage(input.observed);
      return {
        status: 'fail',
        expected: 'the gateway handles sign-ins through authentik',
        actual: 'it cannot load authentik as identity provider',
        remedy:
          'Check that the gateway itself can reach authentik, and read its log.',
        // Where we cannot read the document either, it is authentik that is out of order.
        ...(outage ? { cause: outage } : {}),
      };
    }),
};
