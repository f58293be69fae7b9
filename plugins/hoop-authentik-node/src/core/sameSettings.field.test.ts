import { asFound, hasIssuer } from './sameSettings';
import { SecretValue } from './SecretValue';

const ISSUER = 'https://auth.company/application/o/hoop/';
const WANTED = { AUTH_METHOD: 'oidc', IDP_ISSUER: ISSUER };

const spelled = (found: Record<string, string | SecretValue>) =>
  asFound(WANTED, key => found[key]);

describe('settings with the same effect', () => {
  it.each<Record<string, string>>([
    { AUTH_METHOD: 'idp' },
    { IDP_ISSUER: `${ISSUER}?_userinfo=1` },
    { IDP_ISSUER: `${ISSUER}?_userinfo=0` },
    { IDP_ISSUER: 'HTTPS://auth.company/application/o/hoop/' },
    { IDP_ISSUER: `${ISSUER}#` },
    { AUTH_METHOD: 'idp', IDP_ISSUER: `${ISSUER}?_userinfo=1` },
  ])('should stay as found: %j', found => {
    expect(spelled(found)).toEqual({ ...WANTED, ...found });
  });

  it('should be recognised in a Secret', () => {
    expect(
      spelled({ IDP_ISSUER: new SecretValue(`${ISSUER}?_userinfo=1`) }),
    ).toEqual({ ...WANTED, IDP_ISSUER: `${ISSUER}?_userinfo=1` });
  });

  it.each<Record<string, string>>([
    { AUTH_METHOD: 'IDP' },
    { AUTH_METHOD: 'oidc ' },
    { AUTH_METHOD: 'local' },
    { AUTH_METHOD: '' },
    { IDP_ISSUER: ISSUER.slice(0, -1) },
    { IDP_ISSUER: `${ISSUER} ` },
    { IDP_ISSUER: 'https://Auth.company/application/o/hoop/' },
    { IDP_ISSUER: 'https://id:secret@auth.company/application/o/hoop/' },
    { IDP_ISSUER: `${ISSUER}?x=1` },
    { IDP_ISSUER: '' },
  ])('should not be seen in %j', found => {
    expect(spelled(found)).toEqual(WANTED);
  });

  it.each([
    'https://former.company/realms/main?_userinfo=1',
    'https://id:secret@auth.company/application/o/hoop/?_userinfo=1',
    'https://auth.company/application/o/hoop?scopes=a&_userinfo=1',
  ])('should keep the option _userinfo of %s', IDP_ISSUER => {
    expect(spelled({ IDP_ISSUER })).toEqual({
      ...WANTED,
      IDP_ISSUER: `${ISSUER}?_userinfo=1`,
    });
  });

  it('should not add what is not wanted', () => {
    expect(asFound({}, () => 'idp')).toEqual({});
  });

  it.each([
    [`${ISSUER}?_userinfo=1`, true],
    [new SecretValue(ISSUER), true],
    [`${ISSUER}x/`, false],
    [undefined, false],
  ])('should tell which gateway has an issuer: %s %s', (setting, has) => {
    expect(hasIssuer(setting, ISSUER)).toBe(has);
  });
});
