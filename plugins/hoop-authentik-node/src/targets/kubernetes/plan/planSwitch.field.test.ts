import {
  CONFIG,
  configMapOf,
  PLAIN_DATA,
  secretOf,
  SETTINGS,
  switchedSnapshot,
} from '../__testUtils__/gatewayObjects';
import { planSwitch } from './planSwitch';

const ISSUER = SETTINGS.IDP_ISSUER;

const planWith = (data: Record<string, string>, secret = 'the-client-secret') =>
  planSwitch(
    switchedSnapshot({
      configMaps: [configMapOf({ ...PLAIN_DATA, ...data })],
      secrets: [secretOf({ IDP_CLIENT_SECRET: secret })],
    }),
    CONFIG,
    SETTINGS,
  );

describe('settings with the same effect in a cluster', () => {
  it.each<Record<string, string>>([
    { AUTH_METHOD: 'idp' },
    { IDP_ISSUER: `${ISSUER}?_userinfo=1` },
    { AUTH_METHOD: 'idp', IDP_ISSUER: `${ISSUER}?_userinfo=1` },
  ])('should leave nothing to write: %j', data => {
    expect(planWith(data)).toMatchObject({
      steps: [],
      changes: [],
      refusals: [],
      restart: false,
    });
  });

  it('should stay where another setting is written', () => {
    const { changes, refusals } = planWith(
      { AUTH_METHOD: 'idp', IDP_ISSUER: `${ISSUER}?_userinfo=1` },
      'a-former-secret',
    );
    expect(refusals).toEqual([]);
    expect(changes.map(({ field }) => field)).toEqual(['IDP_CLIENT_SECRET']);
  });

  it('should keep the option _userinfo where the issuer changes', () => {
    const { changes } = planWith({
      IDP_ISSUER: 'https://former.company/realms/main?_userinfo=1',
    });
    expect(changes).toMatchObject([
      { field: 'IDP_ISSUER', to: `"${ISSUER}?_userinfo=1"` },
    ]);
  });

  it.each<Record<string, string>>([
    { AUTH_METHOD: 'IDP' },
    { IDP_ISSUER: `${ISSUER}?x=1` },
  ])('should not hide a difference: %j', data => {
    expect(planWith(data).changes).toHaveLength(1);
  });
});
