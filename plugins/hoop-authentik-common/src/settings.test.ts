import { SECRET_SETTING_KEY, SETTING_KEYS } from './settings';

describe('SETTING_KEYS', () => {
  it('should be the five of the guide, one of them a secret', () => {
    expect(SETTING_KEYS).toEqual([
      'AUTH_METHOD',
      'IDP_CLIENT_ID',
      'IDP_CLIENT_SECRET',
      'IDP_GROUPS_CLAIM',
      'IDP_ISSUER',
    ]);
    expect(SETTING_KEYS).toContain(SECRET_SETTING_KEY);
  });
});
