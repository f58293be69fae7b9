import { SecretValue } from '../../core';
import type { TargetState } from '../../targets/types';
import {
  GATEWAY_URL,
  goodLoginUrl,
  inputWith,
  ok,
  withoutTarget,
  withState,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import type { ObservedIntegration } from '../types';
import { apiUrl } from './apiUrl';

const SOURCE = 'key "API_URL" of ConfigMap "hoopgateway" (envFrom[0])';

const withUrl = (
  value: string | SecretValue | undefined,
  source: string | undefined = SOURCE,
) =>
  withState(state => {
    state.apiUrl = { value, source };
  });
const withoutVariable = (
  loginUrl: ObservedIntegration['gateway']['loginUrl'],
) => {
  const change = withState((state: TargetState) => {
    state.apiUrl = undefined;
  });
  return (observed: ObservedIntegration) => {
    change(observed);
    observed.gateway.loginUrl = loginUrl;
  };
};

describe('apiUrl', () => {
  it.each<CheckCase>([
    {
      when: 'it is the public URL',
      status: 'pass',
      actual: `${GATEWAY_URL}, set by`,
    },
    {
      when: 'it ends with slashes and names the default port',
      change: withUrl('https://hoop.company:443//'),
      status: 'pass',
    },
    {
      when: 'it comes from a Secret',
      change: withUrl(new SecretValue(GATEWAY_URL)),
      status: 'pass',
    },
    {
      when: 'it has a path',
      change: withUrl('https://hoop.company/gateway/'),
      status: 'fail',
      expected: `${GATEWAY_URL} without a path`,
      actual: `https://hoop.company/gateway, set by ${SOURCE}`,
      remedy: 'leaves the path /gateway out of the redirect URI',
    },
    {
      when: 'it is another host',
      change: withUrl('http://hoopgateway:8009'),
      status: 'fail',
      expected: `${GATEWAY_URL}, which gives the redirect URI ${GATEWAY_URL}/api/callback`,
      actual: `http://hoopgateway:8009, set by ${SOURCE}`,
      remedy: `Set API_URL=${GATEWAY_URL} there`,
    },
    {
      when: 'it has no scheme',
      change: withUrl('hoop.company:8009'),
      status: 'fail',
      actual: 'no http or https URL',
    },
    {
      when: 'nothing sets it',
      change: withUrl('', ''),
      status: 'fail',
      actual: '(unset) in the Deployment, which means http://127.0.0.1:8009',
    },
    {
      when: 'it is a field of the pod',
      change: withUrl(undefined),
      status: 'skipped',
      actual: SOURCE,
    },
    {
      when: 'the target does not show it and no sign-in was asked for',
      change: withoutVariable(undefined),
      status: 'skipped',
      actual: 'a verified sign-in does',
    },
    {
      when: 'the target does not show it but the sign-in does',
      change: withoutVariable(ok(goodLoginUrl())),
      status: 'pass',
      actual: `redirect URI ${GATEWAY_URL}/api/callback`,
    },
    {
      when: 'the sign-in shows another one',
      change: withoutVariable(
        ok({ ...goodLoginUrl(), redirectUri: 'http://x/api/callback' }),
      ),
      status: 'fail',
      actual: 'redirect URI http://x/api/callback',
    },
    {
      when: 'the cluster does not answer',
      change: withoutTarget,
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(apiUrl, wanted)).toEqual([]);
  });

  it.each(['https://me:hush-hush@hoop.company/x?y=hush-hush', 'hush-hush'])(
    'should not show credentials that ended up in it (%#)',
    value => {
      const finding = apiUrl.run(inputWith(withUrl(new SecretValue(value))));
      expect(finding.status).toBe('fail');
      expect(JSON.stringify(finding)).not.toContain('hush-hush');
    },
  );
});
