import { redirectUriOf } from '../../application/requirements';
import { SecretValue } from '../../core';
import type { TargetState } from '../../targets/types';
import {
  type CheckDefinition,
  type CheckInput,
  type Finding,
  skipped,
  withValue,
} from './check';

/** What the gateway takes for its URL where it is told none. */
const DEFAULT_API_URL = 'http://127.0.0.1:8009';

/** @internal */
export const apiUrl: CheckDefinition = {
  id: 'gateway.apiUrl',
  system: 'gateway',
  title: "Gateway's API_URL is its public URL",
  why: 'The gateway makes its redirect URI from API_URL and drops a path in it; authentik then refuses everybody who signs in.',
  mend: 'Set API_URL to the public URL of the gateway, without a path, where it reads its settings, and restart it.',
  preflight: true,
  run: input =>
    // Only a Deployment shows the variable.
    input.observed.targetCapabilities.showsEnvironment
      ? withValue(input.observed.target, ({ state }) =>
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
    return skipped(`only the running container knows it: ${source}`);
  }
  const text = value instanceof SecretValue ? value.reveal() : value ?? '';
  const place = source ? `set by ${source}` : 'in the environment';
  const expected = `${desired.gateway.url}, which gives the redirect URI ${desired.redirectUri}`;
  if (!text) {
    return DEFAULT_API_URL === desired.gateway.url
      ? { status: 'pass', actual: `${DEFAULT_API_URL}, the default` }
      : {
          status: 'fail',
          expected,
          actual: `(unset) in the Deployment, which means ${DEFAULT_API_URL}`,
          remedy: `Set API_URL=${desired.gateway.url} where the gateway reads its settings, then restart it.`,
        };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    return {
      status: 'fail',
      expected,
      // Not shown: what is no URL may be anything.
      actual: `something that is no http or https URL, ${place}`,
      remedy: `Set API_URL=${desired.gateway.url} there, then restart the gateway.`,
    };
  }
  const path = url.pathname.replace(/\/+$/, '');
  if (path) {
    return {
      status: 'fail',
      expected: `${desired.gateway.url} without a path`,
      actual: `${url.origin}${path}, ${place}`,
      remedy: `Serve the gateway at the root of its host and set API_URL=${desired.gateway.url} there: it leaves the path ${path} out of the redirect URI, but answers only below it.`,
    };
  }
  return redirectUriOf(url.origin) === desired.redirectUri
    ? { status: 'pass', actual: `${url.origin}, ${place}` }
    : {
        status: 'fail',
        expected,
        actual: `${url.origin}, ${place}`,
        remedy: `Set API_URL=${desired.gateway.url} there and restart the gateway, or correct the url of the gateway in app-config.`,
      };
}

/** By where the gateway sends people, where its target does not show the variable. */
function shown({ desired, observed }: CheckInput): Finding {
  const { loginUrl } = observed.gateway;
  if (!loginUrl) {
    return skipped(
      'where the settings are kept does not show it; a verified sign-in does',
    );
  }
  return withValue(loginUrl, ({ redirectUri }) =>
    redirectUri === desired.redirectUri
      ? { status: 'pass', actual: `redirect URI ${redirectUri}` }
      : {
          status: 'fail',
          expected: `redirect URI ${desired.redirectUri}`,
          actual: `redirect URI ${redirectUri ?? '(unset)'}`,
          remedy: `Set API_URL=${desired.gateway.url} where the gateway reads its settings, then restart it.`,
        },
  );
}
