import { SecretValue } from './SecretValue';
import { shownSetting } from './shownSetting';

const CLIENT_ID = 'aB3'.repeat(13).concat('x');
const CLIENT_SECRET = 'aB3'.repeat(42).concat('xy');
const ISSUER = 'https://auth.company/application/o/hoop/';

describe('shownSetting', () => {
  it.each([
    ['AUTH_METHOD', 'oidc'],
    ['IDP_CLIENT_ID', CLIENT_ID],
    ['IDP_GROUPS_CLAIM', 'groups'],
    ['IDP_GROUPS_CLAIM', 'https://app.hoop.dev/groups'],
    ['IDP_GROUPS_CLAIM', 'cognito:groups'],
    ['ADMIN_USERNAME', 'hoop-admins'],
    ['IDP_ISSUER', ISSUER],
    ['API_URL', 'https://hoop.company:8009'],
  ])('should show a well-formed %s', (key, value) => {
    expect(shownSetting(key, value)).toBe(JSON.stringify(value));
  });

  it.each([undefined, null, ''])('should show %j as unset', value => {
    expect(shownSetting('AUTH_METHOD', value)).toBe('(unset)');
  });

  const SECRETS = [
    CLIENT_SECRET,
    CLIENT_SECRET.slice(0, 60),
    'hunter2',
    'hpk_0123456789abcdef',
    'postgres://hoop:hunter2@db/hoop',
    'https://id:hunter2@auth.company/application/o/hoop/',
    `https://auth.company/${CLIENT_SECRET}/`,
    `${ISSUER}?token=hunter2`,
    'oidc\nforged',
  ];

  it.each([
    'AUTH_METHOD',
    'IDP_CLIENT_ID',
    'IDP_GROUPS_CLAIM',
    'ADMIN_USERNAME',
    'IDP_ISSUER',
    'API_URL',
    'IDP_URI',
    'toString',
  ])('should show no secret that stands in %s', key => {
    for (const value of SECRETS) {
      expect(shownSetting(key, value)).toBe(
        `another value (${value.length} characters)`,
      );
    }
  });

  it('should show a value that is known, in its own key only', () => {
    expect(shownSetting('IDP_CLIENT_ID', 'hoop', ['hoop'])).toBe('"hoop"');
    expect(shownSetting('IDP_CLIENT_ID', 'hunter2', [undefined, 'hoop'])).toBe(
      'another value (7 characters)',
    );
  });

  it('should never show a wrapped secret', () => {
    expect(shownSetting('AUTH_METHOD', new SecretValue('oidc'))).toBe(
      '<secret>',
    );
    expect(shownSetting('AUTH_METHOD', new SecretValue(''))).toBe('(unset)');
  });
});
