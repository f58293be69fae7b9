import { GOOD_PROVIDER } from '../../application/__testUtils__/goodFacts';
import { faultsOf } from '../__testUtils__/faultsOf';
import {
  all,
  goodDiscovery,
  goodLoginUrl,
  inputWith,
  ok,
  withAuthentik,
  withGateway,
} from '../__testUtils__/goodObservation';
import { desiredIntegration, desiredSettings } from '../desired';
import { groupsClaim, scopes } from './authentikClaims';
import { loginUrl } from './signIn';

const GATEWAY = {
  name: 'hoop',
  url: 'https://hoop.company',
  adminGroup: 'admin',
  application: 'hoop',
};
const AUTHENTIK = { name: 'default', baseUrl: 'https://auth.company' };

describe('another groups claim', () => {
  const desired = desiredIntegration(
    { ...GATEWAY, groupsClaim: 'hoop_groups' },
    AUTHENTIK,
  );
  const find = (claims: Record<string, unknown>) => {
    const input = inputWith(
      withAuthentik({ claims: ok({ username: 'ann', claims }) }),
    );
    return groupsClaim.run({ ...input, desired });
  };

  it('should be the setting of the gateway', () => {
    expect(desiredSettings(desired, GOOD_PROVIDER)).toMatchObject({
      IDP_GROUPS_CLAIM: 'hoop_groups',
    });
  });

  it.each([
    [{ hoop_groups: ['admin'], groups: [] }, 'pass'],
    [{ groups: ['admin'] }, 'fail'],
    [{ hoop_groups: 'admin' }, 'fail'],
  ])('should be the one that is looked at: %j', (claims, status) => {
    expect(find(claims)).toMatchObject({ status });
  });
});

describe('scopes beside the required ones', () => {
  const desired = desiredIntegration(
    { ...GATEWAY, extraScopes: ['openid', 'offline_access'] },
    AUTHENTIK,
  );
  const withScopes = (mapped: string[], requested: string[]) =>
    inputWith(
      all(
        withAuthentik({
          discovery: ok({ ...goodDiscovery(), scopes: mapped }),
        }),
        withGateway({
          loginUrl: ok({ ...goodLoginUrl(), scopes: requested }),
        }),
      ),
    );
  const REQUIRED = ['openid', 'email', 'profile'];
  const ALL = [...REQUIRED, 'offline_access'];

  it.each([
    [ALL, 'pass'],
    [REQUIRED, 'fail'],
  ])('should have a mapping: %j', (mapped, status) => {
    const input = withScopes(mapped, ALL);
    expect(scopes.run({ ...input, desired })).toMatchObject({ status });
  });

  it.each([
    [ALL, 'pass'],
    [REQUIRED, 'warn'],
    [['openid', 'offline_access'], 'fail'],
  ])('should be requested by the gateway: %j', (requested, status) => {
    const input = withScopes(ALL, requested);
    const finding = loginUrl.run({ ...input, desired });
    expect(finding).toMatchObject({ status });
    expect(finding.status === 'warn' && finding.remedy).toBe(
      status === 'warn' &&
        'Set IDP_CUSTOM_SCOPES=offline_access where the gateway reads its settings, then restart it.',
    );
  });

  it('should change nothing where there are none', () => {
    expect(faultsOf(loginUrl, { when: 'it is good', status: 'pass' })).toEqual(
      [],
    );
  });
});
