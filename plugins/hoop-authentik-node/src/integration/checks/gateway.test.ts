import { SecretValue } from '../../core';
import type { TargetState } from '../../targets/types';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import {
  failed,
  GATEWAY_URL,
  goodLoginUrl,
  inputWith,
  ok,
  unreachable,
  withGateway,
  withoutTarget,
  withState,
} from '../__testUtils__/goodObservation';
import type { ObservedIntegration } from '../types';
import {
  apiUrl,
  authMethod,
  gatewayReachable,
  gatewayVersion,
  oidcLoaded,
} from './gateway';

describe('gatewayReachable', () => {
  it.each<CheckCase>([
    {
      when: 'it answers',
      status: 'pass',
      actual: 'version 1.148.0',
      link: GATEWAY_URL,
    },
    {
      when: 'it does not report its version',
      change: withGateway({
        info: ok({
          version: undefined,
          authMethod: 'oidc',
          setupRequired: false,
        }),
      }),
      status: 'pass',
      actual: 'it does not report a version',
    },
    {
      when: 'it does not answer',
      change: withGateway({ info: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(gatewayReachable, wanted)).toEqual([]);
  });
});

describe('gatewayVersion', () => {
  const withVersion = (version: string | undefined) =>
    withGateway({
      info: ok({ version, authMethod: 'oidc', setupRequired: false }),
    });

  it.each<CheckCase>([
    { when: 'it is a new one', status: 'pass', actual: '1.148.0' },
    {
      when: 'it is the first that knows all',
      change: withVersion('1.38.0'),
      status: 'pass',
    },
    {
      when: 'it is the next major one',
      change: withVersion('v2.0.1'),
      status: 'pass',
    },
    {
      when: 'it is a pre-release',
      change: withVersion('1.148.0-rc.1'),
      status: 'pass',
      actual: '1.148.0-rc.1',
    },
    {
      when: 'it does not know the method',
      change: withVersion('1.37.9'),
      status: 'warn',
      expected: '1.38.0 or newer',
      actual: '1.37.9, which does not know AUTH_METHOD=oidc',
      remedy: 'Upgrade the gateway to 1.38.0',
    },
    {
      when: 'it is the first that reads the groups claim',
      change: withVersion('1.35.0'),
      status: 'warn',
    },
    {
      when: 'it does not read the groups claim',
      change: withVersion('1.34.12'),
      status: 'fail',
      actual: 'does not read IDP_GROUPS_CLAIM',
    },
    {
      when: 'a proxy hides it',
      change: withVersion(undefined),
      status: 'skipped',
      actual: 'does not report a version',
    },
    {
      when: 'it has no numbers',
      change: withVersion('unknown'),
      status: 'skipped',
      actual: 'unknown',
    },
    {
      when: 'the gateway does not answer',
      change: withGateway({ info: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(gatewayVersion, wanted)).toEqual([]);
  });
});

describe('apiUrl', () => {
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

  it.each<CheckCase>([
    {
      when: 'it is the public URL',
      status: 'pass',
      actual: `${GATEWAY_URL}, set by`,
    },
    {
      when: 'it ends with slashes',
      change: withUrl('https://hoop.company//'),
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
      remedy: 'leaves the path out of the redirect URI',
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

describe('authMethod', () => {
  const gatewaySays = (method: string, status: 'pass' | 'fail'): CheckCase => ({
    when: `the gateway says ${method}`,
    change: withGateway({
      info: ok({
        version: undefined,
        authMethod: method,
        setupRequired: false,
      }),
    }),
    status,
    actual: method,
  });

  it.each<CheckCase>([
    gatewaySays('oidc', 'pass'),
    gatewaySays('idp', 'pass'),
    { ...gatewaySays('local', 'fail'), expected: 'oidc', remedy: 'restart' },
    gatewaySays('saml', 'fail'),
    {
      when: 'the gateway does not answer',
      change: withGateway({ info: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(authMethod, wanted)).toEqual([]);
  });
});

describe('oidcLoaded', () => {
  it.each<CheckCase>([
    { when: 'it is', status: 'pass' },
    {
      when: 'a gateway with OpenID Connect has not',
      change: withGateway({ oidcLoaded: ok(false) }),
      status: 'fail',
      remedy: 'can reach authentik',
    },
    {
      when: 'a gateway with OpenID Connect has not, since authentik is out of reach',
      change: ({ authentik, gateway }) => {
        authentik.discovery = unreachable();
        gateway.oidcLoaded = ok(false);
      },
      status: 'fail',
      cause: 'authentik.unreachable',
    },
    {
      when: 'the gateway uses local accounts',
      change: ({ gateway }) => {
        gateway.oidcLoaded = ok(false);
        gateway.info = ok({
          version: undefined,
          authMethod: 'local',
          setupRequired: false,
        });
      },
      status: 'skipped',
    },
    {
      when: 'the gateway does not answer',
      change: withGateway({ oidcLoaded: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(oidcLoaded, wanted)).toEqual([]);
  });
});
